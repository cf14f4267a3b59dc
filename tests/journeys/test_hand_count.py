"""The hand count by touch: it is said that it is saved, it begins at line 1, and nothing that was typed is lost."""

import shutil
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QApplication, QScrollArea

from tests.stage.desktop import Desktop
from ui.screens.hand import Hand
from ui.views import DifferencesView, HandView
from ui.widgets.figures import FigureLine


def counted(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.serve([1, 2])
    desktop.close_polls()
    desktop.hand.touch("next-step")
    desktop.gather()
    desktop.hand.touch("open-box")
    desktop.hand.touch("answer-0")
    assert desktop.view.phase == "counted"


def page(desktop: Desktop) -> Hand:
    [found] = [screen for screen in desktop.window.findChildren(Hand) if screen.isVisible()]
    return found


def typed(desktop: Desktop) -> dict[str, int | None]:
    return page(desktop).figures.values()


def first_line(desktop: Desktop) -> FigureLine:
    return page(desktop).figures._lines[0]


def test_a_saved_count_is_said_and_the_lock_becomes_the_primary(desktop: Desktop) -> None:
    counted(desktop)
    desktop.sign_in("member-1")
    for line in page(desktop).figures._lines:
        desktop.hand.type(
            "2" if line.key in ("stationary", "valid") else "1" if line.key in ("vote:1", "vote:2") else "0"
        )
    desktop.hand.touch("save-count")
    desktop.hand.touch("answer-0")
    hand = page(desktop)
    assert "saved" in hand.band.title.text() and "second person" in hand.band.sentence.text()
    assert hand.save.text() == "Lock the screen" and not hand.back.isVisible()
    desktop.hand.touch("save-count")
    assert desktop.view.page == "locked"
    desktop.sign_in("member-1")  # once more: it stands there, saved; another digit makes it a correction
    assert "saved" in page(desktop).band.title.text()
    desktop.hand.type("7")
    assert page(desktop).save.text() == "Enter my count" and page(desktop).back.isVisible()


def test_the_list_begins_at_line_one_however_it_is_opened(desktop: Desktop) -> None:
    counted(desktop)
    desktop.window.resize(1024, 600)  # not all lines have room
    for role in ("member-1", "member-2", "member-1"):
        desktop.sign_in(role)
        QApplication.processEvents()
        areas = [area for area in page(desktop).findChildren(QScrollArea) if area.isVisible()]
        assert [area.verticalScrollBar().value() for area in areas] == [0]
        line = first_line(desktop)
        assert line.isChecked() and not line.visibleRegion().isEmpty()
        desktop.hand.type("4")
        assert typed(desktop)[line.key] == 4


def test_what_was_typed_outlives_a_lock_and_a_power_cut_and_is_nobody_else_s(desktop: Desktop, tmp_path: Path) -> None:
    counted(desktop)
    desktop.sign_in("member-1")
    key = first_line(desktop).key
    desktop.hand.type("3")
    desktop.hand.type("5")
    desktop.hand.touch("back")
    desktop.sign_in("member-2")
    assert set(typed(desktop).values()) == {None} and desktop.view.of(HandView).draft == {}
    desktop.sign_in("member-1")
    assert [n for n in typed(desktop).values() if n is not None] == [3, 5] and typed(desktop)[key] == 3
    desktop.hand.touch(f"figure-{key}")
    desktop.hand.type("8")
    desktop.hand.wait(lambda: desktop.station.hand_draft().get(key) == 8, "the figure to be kept")
    desktop.hand.settle()  # and on the disk
    # What lies on the disk in this moment, as after a power cut.
    disk = shutil.copytree(desktop.world.folder, tmp_path / "disk", ignore=shutil.ignore_patterns("in-use"))
    again = msgspec.structs.replace(desktop.world, folder=disk).unlock("member-1")
    assert again.hand_draft()[key] == 8
    again.close()


def test_whoever_was_wrong_and_is_signed_in_corrects_at_once(desktop: Desktop) -> None:
    counted(desktop)
    station = desktop.station
    lines = dict.fromkeys(station.hand_lines(), 0)
    votes = dict.fromkeys((0, 1, 2, 4), 0)
    desktop.sign_in("member-1")
    assert station.enter_hand_count(1, {**lines, "stationary": 2, "valid": 2}, {**votes, 1: 1, 2: 1}) is None
    desktop.sign_in("member-2")
    for line in page(desktop).figures._lines:
        desktop.hand.type("2" if line.key in ("stationary", "valid", "vote:1") else "0")
    desktop.hand.touch("save-count")
    desktop.hand.touch("answer-0")
    assert desktop.view.of(DifferencesView).hand
    desktop.hand.touch("correct-count")
    wrong = [line.key for line in page(desktop).figures._lines if line.marked]
    assert set(wrong) == {"vote:1", "vote:2"} and typed(desktop)["vote:1"] == 2
    for key in wrong:
        desktop.hand.touch(f"figure-{key}")
        desktop.hand.type("1")
    desktop.hand.touch("save-count")
    desktop.hand.touch("answer-0")
    assert not desktop.view.of(DifferencesView).hand and desktop.hand.see("correct-count") is None
