"""The chair's stick, through the window: full, locked, pulled out in the middle, slow. A real file system in an image.

Each ends in a sentence that says what to do, with no half packet, and the same screen takes the next try.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QTimer

from kiosk.packet.verify import verify_file
from tests.stage.desktop import Desktop
from tests.stage.sticks import nothing_half, plugged_in
from tests.stage.world import World
from ui.views import ExportView

stick = pytest.fixture(plugged_in)


@pytest.fixture
def evening(world: World, stick: Path) -> Iterator[Desktop]:
    """Two votes are counted and signed; the packet is due. The stick is plugged in at the folder of the terminal."""
    world.set_up()
    with Desktop(world, stick.parent) as desktop:
        desktop.at_the_desk()
        desktop.serve([1, 2])
        desktop.close_polls()
        desktop.open_box()
        for role in ("member-1", "member-2"):
            desktop.enter_count(role, {1: 1, 2: 1})
        desktop.sign_protocol()
        assert desktop.view.page == "export"
        yield desktop


def ends_well(desktop: Desktop, folder: Path) -> None:
    desktop.hand.touch("look-again")
    desktop.hand.touch("stick-stick")
    assert desktop.view.of(ExportView).written_to == "stick", desktop.view.of(ExportView).trouble
    [packet] = folder.glob("*.packet.zip")
    assert verify_file(packet).accepted


def says(desktop: Desktop) -> tuple[str, str]:
    return desktop.hand.says("band-title"), desktop.hand.says("band-sentence")


def test_a_full_stick(evening: Desktop, stick: Path) -> None:
    ballast = stick / "holiday.mov"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 20)):
            pass
    evening.hand.touch("stick-stick")  # looked at before it was filled
    title, sentence = says(evening)
    assert title == "The stick is full" and "Use another stick" in sentence
    evening.hand.touch("look-again")
    assert evening.hand.see("stick-stick") is None  # too little room: the button is closed and says so
    ballast.unlink()
    assert nothing_half(stick)
    ends_well(evening, stick)


def test_a_locked_stick(evening: Desktop, stick: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)
    evening.hand.touch("stick-stick")
    title, sentence = says(evening)
    assert title == "The stick is locked" and "Move its lock" in sentence and nothing_half(stick)
    subprocess.run(["mount", "-o", "remount,rw", str(stick)], check=True)
    ends_well(evening, stick)


def test_pulled_out_in_the_middle(evening: Desktop, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def pull(handle: int) -> None:
        subprocess.run(["umount", "-l", str(stick)], check=True)
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", pull)
        evening.hand.touch("stick-stick")
    title, sentence = says(evening)
    assert title == "The stick has a fault" and "Use another stick" in sentence
    assert evening.view.of(ExportView).written_to == ""
    assert nothing_half(stick)  # the folder below the mount point
    subprocess.run(["mount", "-o", "loop", str(stick.parent / "stick.img"), str(stick)], check=True)
    assert list(stick.glob("*.packet.zip")) == []
    ends_well(evening, stick)


def test_a_slow_stick_shows_how_far_it_is_and_the_window_lives(
    evening: Desktop, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worn-out stick keeps the station waiting until the window has said so for half a second."""
    seen = 0
    enough = Event()
    heart = QTimer(interval=50)

    def beat() -> None:
        nonlocal seen
        seen += evening.hand.says("progress-title") == "Writing to the stick…"
        if seen > 10:
            enough.set()

    heart.timeout.connect(beat)
    real = os.fsync

    def slow(handle: int) -> None:
        assert enough.wait(20), "the window shows nothing while the stick is written"
        real(handle)

    monkeypatch.setattr(os, "fsync", slow)
    heart.start()
    evening.hand.touch("stick-stick")
    heart.stop()
    assert evening.view.of(ExportView).written_to == "stick"
    [packet] = stick.glob("*.packet.zip")
    assert verify_file(packet).accepted
