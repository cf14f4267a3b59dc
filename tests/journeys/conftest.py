"""A terminal with a window for each journey."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage.desktop import Desktop
from tests.stage.world import World
from ui.screens.voter import ballot as booth_ballot
from ui.screens.voter import booth


@pytest.fixture(autouse=True)
def quick_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to read the pages here; one test of the voter says so where it matters."""
    monkeypatch.setattr(booth, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(booth_ballot, "DOUBLE_TAP_SECONDS", 0.0)


@pytest.fixture
def desktop(world: World, tmp_path: Path) -> Iterator[Desktop]:
    """A station that is set up, its window locked."""
    world.set_up()
    with Desktop(world, tmp_path) as made:
        yield made
