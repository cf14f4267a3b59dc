"""The scanner that types like a keyboard: told from a hand by its rhythm, wherever the focus is; under X too."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from shiboken6.Shiboken import ownedByPython

from kiosk.demo import training as tr
from kiosk.trust import badges
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


CARD = badges.make_card(badges.Badge("101-clerk-1", bytes(range(32))), "123456", badges.Cost(1, 8))
TD1 = "IDKGZID0000001610000193500017<\n3501014F3001019KGZ<<<<<<<<<<<5\nBOOBEKOVA<<TURSUN<<<<<<<<<<<<<"
TD3 = "P<KGZSYNTHETIC<<PERSON<<<<<<<<<<<<<<<<<<<<<<\nID12345670KGZ8703145F3001019<<<<<<<<<<<<<<<2"

_US = (
    (10, "1234567890-=", "!@#$%^&*()_+"),
    (24, "qwertyuiop[]", "QWERTYUIOP{}"),
    (38, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (52, "zxcvbnm,./", "ZXCVBNM<>?"),
    (65, " ", " "),
    (51, "\\", "|"),
)
# What those places give in the layouts of this country (xkb us, ru, kg) and in one of elsewhere.
LAYOUTS: dict[str, tuple[str, ...]] = {
    "us": tuple(low + high for _first, low, high in _US),
    "ru": (
        '1234567890-=!"№;%:?*()_+', "йцукенгшщзхъЙЦУКЕНГШЩЗХЪ", "фывапролджэёФЫВАПРОЛДЖЭЁ", "ячсмитьбю.ЯЧСМИТЬБЮ,",
        "  ", "\\/",
    ),
    "kg": (
        '1234567890-=!"№;%:?*()_+', "йцүкенгшщзхъЙЦҮКЕНГШЩЗХЪ", "фывапролджэёФЫВАПРОЛДЖЭЁ", "ячсмитьбө.ЯЧСМИТЬБӨ,",
        "  ", "\\/",
    ),
    "de": (
        "1234567890ß´!\"§$%&/()=?`", "qwertzuiopü+QWERTZUIOPÜ*", "asdfghjklöä^ASDFGHJKLÖÄ°", "yxcvbnm,.-YXCVBNM;:_",
        "  ", "#'",
    ),
}  # fmt: skip
PLACES = {
    sign: (first + place, shifted)
    for first, *rows in _US
    for shifted, row in enumerate(rows)
    for place, sign in enumerate(row)
}


def scan(scanner: Scanner, edit: QLineEdit, text: str, *, layout: str = "us", caps: bool = False, ms: int = 5,
         suffix: str = "\r") -> None:  # fmt: skip
    """As a scanner set up for a US keyboard types it at a machine with another layout."""
    at = [int(time.monotonic() * 1000) + 2000]

    def strike(key: int, said: str, code: int, shift: bool) -> None:
        at[0] += ms
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, held, code, 0, 0, said)
            event.setTimestamp(at[0])
            QApplication.sendEvent(edit, event)
        if ms > 20:
            deadline = time.monotonic() + ms / 1000
            while time.monotonic() < deadline:
                QApplication.processEvents()

    for sign in text.replace("\n", suffix[-1:] or "\r") + suffix:
        if sign in "\r\n\t":
            strike(Qt.Key.Key_Tab if sign == "\t" else Qt.Key.Key_Return, sign, 23 if sign == "\t" else 36, False)
            continue
        code, shift = PLACES[sign]
        row = next(n for n, (first, low, _high) in enumerate(_US) if first <= code < first + len(low))
        signs = LAYOUTS[layout][row]
        said = signs[code - _US[row][0] + (len(signs) // 2 if shift else 0)]
        said = said.swapcase() if caps and said.isalpha() else said
        strike(ord(said.upper()[0]), said, code, bool(shift))
    decided(scanner)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("caps", [False, True])
def test_a_scan_is_read_by_the_places_of_the_keys(
    scanner: Scanner, field: tuple[QLineEdit, list[str]], layout: str, caps: bool
) -> None:
    edit, heard = field
    every = "".join(sign for _first, *rows in _US for row in rows for sign in row.strip()) + " x"
    for text in (CARD, TD1, TD3, PIN, every):
        heard.clear()
        scan(scanner, edit, text, layout=layout, caps=caps)
        assert heard == [text] and edit.text() == ""


SUFFIXES = {"CR": "\r", "Tab": "\t", "none": "", "CRLF": "\r\n", "CRCR": "\r\r"}
READ = [(text, suffix, ms) for text in (CARD, TD1, TD3) for suffix in SUFFIXES for ms in (1, 15)]
READ += [(CARD, "CR", 30), (CARD, "Tab", 60), (CARD, "none", 30), (TD1, "CR", 30), (TD3, "none", 30)]


@pytest.mark.parametrize(("text", "suffix", "ms"), READ, ids=[f"{t[:3]}-{s}-{ms}" for t, s, ms in READ])
def test_a_scan_is_heard_at_every_speed_and_with_every_suffix(
    scanner: Scanner, field: tuple[QLineEdit, list[str]], text: str, suffix: str, ms: int
) -> None:
    """And a card's text is left in no field, whatever became of it."""
    edit, heard = field
    edit.setText("Аса")
    if suffix == "none":
        text = text.replace("\n", "")
    scan(scanner, edit, text, suffix=SUFFIXES[suffix], ms=ms, layout="ru")
    assert heard == [text] and edit.text() == "Аса"


def test_what_kind_of_code_it_is_is_no_part_of_it(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    for aim, text in (("]Q1", CARD), ("]C0", PIN), ("]L0", TD1)):
        for ms in (5, 30) if text != PIN else (5,):
            heard.clear()
            scan(scanner, edit, aim + text, ms=ms)
            assert heard == [text] and edit.text() == ""


def test_a_scanner_that_reads_twice_is_heard_once(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    scan(scanner, edit, f"{CARD}\n{CARD}")
    assert heard == [CARD] and edit.text() == ""


def test_a_card_that_was_cut_is_no_typing_either(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    edit, heard = field
    for ms in (5, 30):
        heard.clear()
        scan(scanner, edit, CARD[:40], ms=ms, suffix="")
        assert heard == [CARD[:40]] and edit.text() == ""


def test_a_whole_scan_is_not_waited_for(scanner: Scanner, field: tuple[QLineEdit, list[str]]) -> None:
    """It ends itself: with its last key, not with a pause after it."""
    edit, heard = field
    for text in (CARD, TD1, PIN):
        heard.clear()
        Keys(edit).scan(text + "\n")
        assert heard == [text] and not scanner.undecided


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
