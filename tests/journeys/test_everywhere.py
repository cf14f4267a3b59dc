"""Four stories in each language, on the smallest and the largest screen: a hurried clerk, a voter who changes their
mind three times, a voter who leaves, a chair whose stick is full. Nothing is looked up by its words."""

from contextlib import suppress
from pathlib import Path

import pytest

from kiosk.packet.verify import verify_file
from tests.stage.desktop import Desktop, code
from tests.stage.sticks import plugged_in
from tests.stage.world import HOME, World
from ui.screens.voter import booth as booth_screen
from ui.views import ExportView

stick = pytest.fixture(plugged_in)


@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_four_stories(
    world: World, stick: Path, language: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.set_up()
    with Desktop(world, stick.parent, size) as desktop:
        desktop.hand.touch(f"language-{language}")
        desktop.at_the_desk()
        _hurry_and_change_of_mind(desktop)
        _a_voter_who_leaves(desktop, monkeypatch)
        desktop.close_polls()
        desktop.open_box()
        for role in ("member-1", "member-2"):
            desktop.enter_count(role, {2: 1})
        desktop.sign_protocol()
        _a_full_stick(desktop, stick)
        assert (desktop.window.width(), desktop.window.height()) == size


def _hurry_and_change_of_mind(desktop: Desktop) -> None:
    hand = desktop.hand
    first, second = desktop.world.pins(HOME)[:2]

    hand.scan(first)  # in a hurry: the next document before the first is dealt with, and each touch twice
    hand.scan(second)
    hand.touch("give")
    if hand.see("give"):
        hand.touch("give")
    assert desktop.view.page == "handover" and desktop.view.counters.given == 1

    for name in ("voter-ready", "start-ballot", "choice-1", "choice-2", "choice-4", "choice-1", "review", "change"):
        hand.touch(name)
    for name in ("choice-2", "review", "print-paper", "record", "voter-done"):
        hand.touch(name)
    desktop.clerk_comes_back()
    assert desktop.view.counters.recorded == 1


def _a_voter_who_leaves(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = desktop.hand
    desktop.give(desktop.world.pins(HOME)[0])
    for name in ("voter-ready", "start-ballot", "choice-1"):
        hand.touch(name)
    with monkeypatch.context() as patch:
        patch.setattr(booth_screen, "IDLE_SECONDS", 0.2)
        patch.setattr(booth_screen, "ANSWER_SECONDS", 0.2)
        hand.wait(lambda: desktop.view.booth.page == "left", "the covered screen")
    desktop.clerk_comes_back()
    desktop.sign_in("chair")
    for name in ("to-desk", "abandon", "pick-left", "answer-0"):
        hand.touch(name)


def _a_full_stick(desktop: Desktop, stick: Path) -> None:
    hand = desktop.hand
    ballast = stick / "holiday.mov"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 20)):
            pass
    hand.touch("stick-stick")
    assert code(desktop.view.of(ExportView).trouble) == "stick_full"
    ballast.unlink()
    hand.touch("look-again")
    hand.touch("stick-stick")
    [packet] = stick.glob("*.packet.zip")
    assert verify_file(packet).accepted
