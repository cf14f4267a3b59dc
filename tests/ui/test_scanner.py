"""The scanner that types like a keyboard: told from a hand by its rhythm, wherever the focus is; under X too."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from shiboken6.Shiboken import ownedByPython

from kiosk.demo import training as tr
from tests.stage.xserver import WatchedWindow, x_server
from ui import app as composition
from ui.look.tokens import Scale
from ui.play import behind
from ui.play.keys import Keys
from ui.play.rehearsal import Rehearsal
from ui.window.scanner import Scanner

PIN = "21403198700412"


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    yield from x_server((1280, 800), tmp_path)


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    app = composition.application()
    made = Scanner(app)
    yield made
    app.removeEventFilter(made)


@pytest.fixture
def field(scanner: Scanner) -> Iterator[tuple[QLineEdit, list[str]]]:
    """A field with the focus, and what the scanner heard."""
    heard: list[str] = []
    scanner.scanned.connect(heard.append)
    edit = QLineEdit()
    edit.show()
    edit.setFocus()
    yield edit, heard
    edit.close()
    edit.deleteLater()


def decided(scanner: Scanner) -> None:
    """Until what was struck has been told for a scan or a hand's."""
    while scanner.undecided:
        QApplication.processEvents()


def test_keys_that_are_held_back_are_freed(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    """`QKeyEvent.clone()` never is: 38 kB a voter, and every PIN and document number stayed in memory."""
    Keys(field[0]).scan("123")
    assert scanner._held and all(ownedByPython(key) for _widget, key in scanner._held)
    decided(scanner)
    assert scanner._held == []


def test_a_scan_is_heard_whole_and_leaves_nothing_in_the_field(
    scanner: Scanner, field: tuple[QLineEdit, list[str]]
) -> None:
    edit, heard = field
    Keys(edit).scan("P<KGZSYNTHETIC<<PERSON\nID12345670KGZ8703145F\n")
    decided(scanner)
    assert heard == ["P<KGZSYNTHETIC<<PERSON\nID12345670KGZ8703145F"] and edit.text() == ""


def test_a_window_that_was_busy_hears_the_scan_whole(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    """The rhythm is the keyboard's, not the window's: half a scan was read as typing, and its Enter pressed buttons."""
    edit, heard = field
    keys = Keys(edit)
    keys.scan("214031987")
    time.sleep(0.2)
    for sign in "00412\n":
        keys.strike(sign, 5)
        time.sleep(0.05)
    decided(scanner)
    assert heard == [PIN] and edit.text() == ""


def test_a_hand_types_what_it_types(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    Keys(edit).type("жолдош")
    decided(scanner)
    assert edit.text() == "жолдош" and heard == []


def test_a_quick_word_without_enter_is_no_scan(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    Keys(edit).scan("asanov")
    decided(scanner)
    assert edit.text() == "asanov" and heard == []


def test_space_still_presses_a_button_as_a_key_with_its_release(
    scanner: Scanner, field: tuple[QLineEdit, list[str]]
) -> None:
    from PySide6.QtWidgets import QPushButton

    button = QPushButton("x")
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    button.show()
    button.setFocus()
    QApplication.processEvents()
    QTest.keyClick(button, Qt.Key.Key_Space)
    decided(scanner)
    assert pressed == [1] and not button.isDown()
    button.close()
    button.deleteLater()


def test_letters_are_read_by_the_place_of_the_key_whatever_the_layout(
    scanner: Scanner, field: tuple[QLineEdit, list[str]]
) -> None:
    edit, heard = field
    keys, codes = Keys(edit), {"q": 24, "w": 25, "1": 10, "<": 59}
    for place, text in zip("qw1<q1111", "йц1БЙ1111", strict=True):
        keys.strike(text, 5, codes[place])
    keys.strike("\n", 5)
    decided(scanner)
    assert heard == ["qw1<Q1111"]


def open_polls(training: tr.Training) -> None:
    """The morning, by touch, in a window of this process."""
    root = composition.App(
        composition.application(),
        lambda told: behind.training(Path(training.base), 1021, False, told),
        Path(training.base),
        True,
        with_scale=Scale(96.0),
    )
    root.shell.resize(1280, 800)
    root.shell.show()
    root.start()
    root.shell.activateWindow()
    day = Rehearsal(root, training)
    day.hand.wait(lambda: root.shell.view.page == "locked", "the locked screen")
    day.open()
    root.stop()


def test_a_clerk_with_a_real_keyboard_scanner_under_x(display: str, tmp_path: Path) -> None:
    """xdotool is the scanner, the PIN pad's keyboard and the finger; the window is the real one. The polls were opened
    before: a voter comes, is given a ballot, votes, and the clerk's badge brings the desk back."""
    training = tr.prepare(tmp_path / "training", behind.example, 1021, lambda step, done, size: None)
    open_polls(training)

    def typed(text: str, delay_ms: int) -> list[str]:
        """One command: a process started for each Enter alone would be slower than a scanner."""
        lines = [("type", "--delay", str(delay_ms), "--args", "1", line, "key", "Return") for line in text.split("\n")]
        return ["xdotool", *(word for line in lines for word in line)]

    def scan_while_it_sleeps(window: WatchedWindow, text: str) -> None:
        with subprocess.Popen(typed(text, 10), env=window.environment, stdout=subprocess.DEVNULL) as scanner:
            time.sleep(0.2)
            window.process.send_signal(signal.SIGSTOP)
            scanner.wait(10)
            window.process.send_signal(signal.SIGCONT)

    with WatchedWindow(display, Path(training.base), tmp_path) as window:
        window.until(page="locked")
        window.tool("xdotool", "mousemove", "640", "60")
        card = training.badge("1021-clerk-1")
        window.tool(*typed(card.text, 3))
        window.until(holder=card.id)
        for digit in card.pin:
            window.tool("xdotool", "key", digit)
            time.sleep(0.08)
        window.tool("xdotool", "key", "Return")
        window.until(page="desk")
        voter = next(d for d in training.queue if d.story == "votes" and not d.remote)
        scan_while_it_sleeps(window, voter.scan)
        window.until(verdict="may_give")
        window.tap("give")
        window.until(page="handover", recorded=0)
        for name in (
            "voter-ready",
            "start-ballot",
            "choice-1",
            "review",
            "answer-1",
            "print-paper",
            "record",
            "voter-done",
        ):
            window.tap(name)
        window.until(page="booth", voter="covered", recorded=1)
        window.tool(*typed(card.text, 3))
        for digit in card.pin:
            window.tap(f"digit-{digit}")
        window.tap("digit-done")
        window.until(page="desk", recorded=1)
