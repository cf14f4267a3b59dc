"""Two screens on a real X server, and the cable of one pulled out in the middle."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.demo import training as tr
from tests.stage.xserver import WatchedWindow, x_server
from ui.play import behind

DESK, BOOTH = [0, 0, 1280, 800], [1280, 0, 1280, 800]


@pytest.fixture
def window(tmp_path: Path) -> Iterator[WatchedWindow]:
    """A training station on two screens."""
    if not shutil.which("xrandr"):
        pytest.skip("xrandr is not installed")
    training = tr.prepare(tmp_path / "training", behind.example, 1021, lambda step, done, size: None)
    for display in x_server((2560, 800), tmp_path):
        for place, name in enumerate(("desk", "booth")):
            plug_in(display, name, place)
        with WatchedWindow(display, Path(training.base), tmp_path, "--full-screen") as made:
            yield made


def plug_in(display: str, name: str, place: int) -> None:
    where = f"1280/320x800/200+{1280 * place}+0"
    output = "screen" if place == 0 else "none"
    subprocess.run(["xrandr", "-d", display, "--setmonitor", name, where, output], check=True, capture_output=True)


def pull_out(display: str, name: str) -> None:
    subprocess.run(["xrandr", "-d", display, "--delmonitor", name], check=True, capture_output=True)


def test_the_booths_cable_is_pulled_out_and_plugged_in_again(window: WatchedWindow) -> None:
    """The booth never comes up over the desk; the clerk is told, and it goes on by itself."""
    display = window.environment["DISPLAY"]
    window.until(page="locked", desk=DESK, booth=BOOTH, notice="")
    pull_out(display, "booth")
    window.until(desk=DESK, booth=[], notice="booth_dark")
    plug_in(display, "booth", 1)
    window.until(desk=DESK, booth=BOOTH, notice="")


def test_the_desks_cable_does_not_bring_the_roll_before_the_voter(window: WatchedWindow) -> None:
    display = window.environment["DISPLAY"]
    window.until(page="locked", desk=DESK, booth=BOOTH)
    pull_out(display, "desk")
    window.until(desk=[], booth=BOOTH)
    plug_in(display, "desk", 0)
    window.until(desk=DESK, booth=BOOTH)
