"""Strictness for all tests, and the small world most of them live in."""

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kiosk.election.source import Source
from kiosk.text import use_language
from tests.stage.country import Country
from tests.stage.evening import Tallied
from tests.stage.softhsm import soft_tokens as soft_tokens
from tests.stage.world import World, example_source

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # windows without a screen; a test of a real one says so itself

settings.register_profile("ci", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("deep", settings.get_profile("ci"), max_examples=3000)  # --hypothesis-profile=deep
settings.load_profile("ci")

SHARED = Path(__file__).parent.parent.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the runs of minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="a run of minutes: pytest --long"))


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_log_warnings() -> Iterator[None]:
    """An unexpected log warning, ours or a library's, fails the test."""
    listener = _Listener()
    logging.getLogger().addHandler(listener)
    yield
    logging.getLogger().removeHandler(listener)
    assert not listener.heard


@pytest.fixture(autouse=True)
def no_window_left() -> Iterator[None]:
    """A test closes every window that it opens: what stays costs each later test time, and one of them its life."""

    def windows() -> set[object]:
        widgets = sys.modules.get("PySide6.QtWidgets")
        app = widgets.QApplication.instance() if widgets else None
        if app is None:
            return set()
        core = sys.modules["PySide6.QtCore"]
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
        return set(app.topLevelWidgets())

    before = windows()
    yield
    left = windows() - before
    assert not left, f"{len(left)} windows were left open"


@pytest.fixture(autouse=True)
def english() -> None:
    os.environ["LANG"] = "C.UTF-8"
    use_language("en")


@pytest.fixture(scope="session")
def example() -> Source:
    """The bundled election of the public figures."""
    return example_source()


@pytest.fixture(scope="session")
def _world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.make(tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(_world: World, tmp_path: Path) -> Iterator[World]:
    """A small provisioned country and an empty place to set up its stations in."""
    found = _world.in_folder(tmp_path)
    yield found
    found.power_cut()


@pytest.fixture
def country(world: World, tmp_path: Path) -> Country:
    """The small country after its day: packets are sent by the test."""
    return Country(world, tmp_path)


@pytest.fixture
def evening(country: Country) -> Country:
    """The same with its packets, something of everything."""
    country.send_an_evening()
    return country


@pytest.fixture(scope="session")
def tallied(tmp_path_factory: pytest.TempPathFactory) -> Tallied:
    """An evening with its result, in two versions: to be looked at, not to be changed."""
    folder = tmp_path_factory.mktemp("tallied")
    return Tallied(Country(World.make(folder), folder))


@pytest.fixture(scope="session")
def nist() -> Path:
    folder = SHARED / "data" / "nist"
    if not folder.is_dir():
        pytest.skip("the NIST schemas are not beside the project")
    return folder
