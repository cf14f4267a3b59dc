"""The scanner that types like a keyboard: told from a hand by its rhythm, wherever the focus is; under X too."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from shiboken6.Shiboken import ownedByPython

from kiosk.demo import training as tr
from ui import app as composition
from ui import behind
from ui.keys import Keys
from ui.scanner import Scanner

PIN = "21403198700412"


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


def wait(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.002)


def test_keys_that_are_held_back_are_freed(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    """`QKeyEvent.clone()` never is: 38 kB a voter, and every PIN and document number stayed in memory."""
    Keys(field[0]).scan("123")
    assert scanner._held and all(ownedByPython(key) for _widget, key in scanner._held)
    wait(0.2)
    assert scanner._held == []


def test_a_scan_is_heard_whole_and_leaves_nothing_in_the_field(field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    Keys(edit).scan("P<KGZSYNTHETIC<<PERSON\nID12345670KGZ8703145F\n")
    wait(0.2)
    assert heard == ["P<KGZSYNTHETIC<<PERSON\nID12345670KGZ8703145F"] and edit.text() == ""


def test_a_window_that_was_busy_hears_the_scan_whole(field: tuple[QLineEdit, list[str]]) -> None:
    """The rhythm is the keyboard's, not the window's: half a scan was read as typing, and its Enter pressed buttons."""
    edit, heard = field
    keys = Keys(edit)
    keys.scan("214031987")
    time.sleep(0.2)
    for sign in "00412\n":
        keys.strike(sign, 5)
        time.sleep(0.05)
    wait(0.2)
    assert heard == [PIN] and edit.text() == ""


def test_a_hand_types_what_it_types(field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    Keys(edit).type("жолдош")
    wait(0.2)
    assert edit.text() == "жолдош" and heard == []


def test_a_quick_word_without_enter_is_no_scan(field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    Keys(edit).scan("asanov")
    wait(0.2)
    assert edit.text() == "asanov" and heard == []


def test_space_still_presses_a_button_as_a_key_with_its_release(field: tuple[QLineEdit, list[str]]) -> None:
    from PySide6.QtWidgets import QPushButton

    button = QPushButton("x")
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    button.show()
    button.setFocus()
    wait(0.05)
    QTest.keyClick(button, Qt.Key.Key_Space)
    wait(0.2)
    assert pressed == [1] and not button.isDown()
    button.close()
    button.deleteLater()


def test_letters_are_read_by_the_place_of_the_key_whatever_the_layout(field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    keys, codes = Keys(edit), {"q": 24, "w": 25, "1": 10, "<": 59}
    for place, text in zip("qw1<q1111", "йц1БЙ1111", strict=True):
        keys.strike(text, 5, codes[place])
    keys.strike("\n", 5)
    wait(0.2)
    assert heard == ["qw1<Q1111"]


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """A real X server of its own."""
    server, tool = shutil.which("Xvfb"), shutil.which("xdotool")
    if not server or not tool:
        pytest.skip("Xvfb and xdotool are not installed")
    number = f":{100 + os.getpid() % 900}"
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [server, number, "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"], stdout=log, stderr=log
        )
    answers = {**os.environ, "DISPLAY": number}
    for _try in range(100):
        if subprocess.run([tool, "getdisplaygeometry"], env=answers, capture_output=True).returncode == 0:
            break
        assert process.poll() is None, (tmp_path / "server.log").read_text()
        time.sleep(0.1)
    yield number
    process.terminate()
    process.wait(10)


WATCHED = """
import json, sys
from pathlib import Path
from ui import app as composition
app = composition.application()
base, said = Path(sys.argv[1]), Path(sys.argv[2])
def build(told):
    from ui.behind import training
    return training(base, 1021, False, told)
root = composition.App(app, build, base, True, composition.scale(app))
root.shell.resize(1280, 800)
root.shell.move(0, 0)
root.shell.show()
def viewed(view):
    verdict = view.desk.verdict.code if view.desk.verdict else ""
    holder = view.locked.holder.id if view.locked.holder else ""
    part = said.with_suffix(".part")
    part.write_text(json.dumps([view.page, view.phase, holder, verdict, view.counters.given]))
    part.replace(said)
root.tasks.viewed.connect(viewed)
root.start()
app.exec()
"""


def test_a_clerk_with_a_real_keyboard_scanner_under_x(display: str, tmp_path: Path) -> None:
    """xdotool is the scanner and the PIN pad's keyboard; the window is the real one."""
    training = tr.prepare(tmp_path / "training", behind.example, 1021, lambda step, done, size: None)
    said = tmp_path / "said.json"
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, "-c", WATCHED, training.base, str(said)]
    with (tmp_path / "window.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def tool(*words: str) -> None:
        subprocess.run(["xdotool", *words], env=environment, check=True, capture_output=True)

    def typed(text: str, delay_ms: int) -> list[str]:
        """One command: a process started for each Enter alone would be slower than a scanner."""
        lines = [("type", "--delay", str(delay_ms), "--args", "1", line, "key", "Return") for line in text.split("\n")]
        return [word for line in lines for word in line]

    def scan_while_the_window_sleeps(text: str) -> None:
        with subprocess.Popen(["xdotool", *typed(text, 10)], env=environment, stdout=subprocess.DEVNULL) as scanner:
            time.sleep(0.2)
            process.send_signal(signal.SIGSTOP)
            scanner.wait(10)
            process.send_signal(signal.SIGCONT)

    def until(place: int, wanted: str) -> list[object]:
        end = time.monotonic() + 30
        found: list[object] = []
        while time.monotonic() < end:
            if said.exists():
                found = json.loads(said.read_text())
                if found[place] == wanted:
                    return found
            time.sleep(0.05)
        log = (tmp_path / "window.log").read_text()[-2000:]
        raise AssertionError(f"wanted {wanted}, the window says {found}; {log}")

    def badge(role: str) -> None:
        card = training.badge(f"1021-{role}")
        tool(*typed(card.text, 3))
        until(2, card.id)
        for digit in card.pin:
            tool("key", digit)
            time.sleep(0.08)
        tool("key", "Return")

    try:
        until(0, "locked")
        tool("mousemove", "640", "60")
        badge("clerk-1")
        until(0, "desk")
        scan_while_the_window_sleeps(training.queue[0].scan)
        until(3, "day_not_open")
    finally:
        process.terminate()
        process.wait(10)
