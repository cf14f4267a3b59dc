"""The window itself: errors, a slow station, two screens, languages, one instance, the idle lock."""

from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from tests.stage.desktop import Desktop
from tests.stage.world import HOME, World
from ui import app as composition
from ui import crash
from ui.intents import Give, Intent
from ui.look.tokens import Scale
from ui.play.fingers import Fingers
from ui.views import LockedView, View
from ui.widgets.progress import ProgressSheet
from ui.window import shell as shell_module


def test_a_crash_shows_the_error_screen_keeps_no_message_and_the_day_goes_on(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.at_the_desk()
    pin = desktop.world.pins(HOME)[0]
    desktop.hand.scan(pin)

    def broken(intent: Give) -> None:
        raise ValueError(f"secret {pin}")

    handlers: dict[object, object] = desktop.terminal._handlers  # type: ignore[assignment]
    monkeypatch.setitem(handlers, Give, broken)
    desktop.hand.touch("give")
    assert desktop.hand.says("sheet-title") == "Something unexpected happened"
    assert len(desktop.crashes) == 1
    [kept] = tmp_path.glob("crash-*.txt")
    assert "ValueError" in kept.read_text() and pin not in kept.read_text() and "secret" not in kept.read_text()
    monkeypatch.undo()
    desktop.hand.touch("restart")
    desktop.crashes.clear()
    desktop.badge("clerk-1")
    desktop.give(pin)
    assert desktop.view.page == "handover"


def test_a_screen_that_breaks_does_not_take_the_day_with_it(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    desktop.at_the_desk()
    screen = desktop.app.shell.stack.currentWidget()
    monkeypatch.setattr(screen, "render_view", lambda view: 1 / 0)
    desktop.hand.scan(desktop.world.pins(HOME)[0])
    assert desktop.hand.says("sheet-title") == "Something unexpected happened"
    monkeypatch.undo()
    desktop.hand.touch("restart")
    assert desktop.view.page == "locked"


class _Paints(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.at.append(monotonic())
        return False


def test_the_window_keeps_painting_while_the_station_is_slow(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    desktop.at_the_desk()
    desktop.hand.scan(desktop.world.pins(HOME)[0])
    original, enough = desktop.terminal.handle, Event()

    def slow(intent: Intent) -> View:
        if isinstance(intent, Give):
            desktop.terminal.seat.progress("testing", 0, 0)
            enough.wait(20)
        return original(intent)

    monkeypatch.setattr(desktop.terminal, "handle", slow)
    button = desktop.hand.see("give")
    assert button is not None
    button.click()  # type: ignore[attr-defined]
    paints = _Paints()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(paints)
    longest, last = 0.0, monotonic()
    seen_progress = False
    while not desktop.app.tasks.idle:
        desktop.app.shell.update()
        QApplication.processEvents()
        longest, last = max(longest, monotonic() - last), monotonic()
        seen_progress = seen_progress or any(s.isVisible() for s in desktop.window.findChildren(ProgressSheet))
        if len(paints.at) > 50 and seen_progress:
            enough.set()
        sleep(0.005)
    app.removeEventFilter(paints)
    assert len(paints.at) > 50 and longest < 0.5  # seconds in which nothing was painted
    assert seen_progress
    assert desktop.view.page == "handover"


def test_languages_switch_at_once_everywhere(desktop: Desktop) -> None:
    desktop.hand.touch("language-ky")
    assert desktop.hand.says("language-ky") and desktop.view.page == "locked"
    desktop.hand.touch("language-ru")
    desktop.sign_in("chair")
    assert desktop.hand.says("next-step") == "Подготовить открытие"
    desktop.hand.touch("language-en")
    assert desktop.hand.says("next-step") == "Prepare the opening"


def test_the_screen_locks_itself(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    desktop.sign_in("chair")
    monkeypatch.setattr(shell_module, "IDLE_LOCK_SECONDS", 0.1)
    desktop.hand.wait(lambda: desktop.view.page == "locked", "the locked screen")


def test_the_same_crash_again_and_again_pushes_no_other_trace_out(tmp_path: Path) -> None:
    def broken(kind: type[Exception]) -> Exception:
        try:
            raise kind("secret")
        except Exception as error:  # noqa: BLE001
            return error

    crash.keep(tmp_path, broken(ValueError))
    for _n in range(5):
        crash.keep(tmp_path, broken(ValueError))
    assert len(crash.kept(tmp_path)) == 1 and "secret" not in crash.kept(tmp_path)[0]


def test_one_window_a_station(tmp_path: Path) -> None:
    first = composition.only_instance(tmp_path)
    assert first is not None
    assert composition.only_instance(tmp_path) is None
    first.unlock()
    again = composition.only_instance(tmp_path)
    assert again is not None
    again.unlock()


def test_in_a_paper_election_the_blank_ballot_is_printed(world: World, tmp_path: Path) -> None:
    paper = World.make(tmp_path, mode="paper").in_folder(tmp_path / "paper")
    (tmp_path / "paper").mkdir()
    paper.set_up()
    with Desktop(paper, tmp_path / "paper") as desktop:
        desktop.at_the_desk()
        desktop.give(paper.pins(HOME)[0])
        assert desktop.printer.printed == 1 and desktop.hand.says("band-title") == "The ballot is at the printer"
        desktop.hand.touch("print-again")
        assert desktop.printer.printed == 2
        desktop.give(paper.pins(HOME)[1])
        assert desktop.view.counters.given == 2


def test_a_blank_ballot_that_was_not_printed_is_printed_again_or_taken_back(world: World, tmp_path: Path) -> None:
    """The paper ran out between the look at the printer and the touch: the voter counts as given a ballot."""
    paper = World.make(tmp_path, mode="paper").in_folder(tmp_path / "paper")
    (tmp_path / "paper").mkdir()
    paper.set_up()
    with Desktop(paper, tmp_path / "paper") as desktop:
        hand = desktop.hand
        desktop.at_the_desk()
        hand.scan(paper.pins(HOME)[0])
        desktop.printer.out_of_paper = True
        hand.touch("give")
        hand.touch("answer-0")
        assert hand.says("band-title") == "The ballot was not printed" and desktop.view.counters.given == 1
        desktop.printer.out_of_paper = False
        hand.touch("print-again")
        assert hand.says("band-title") == "The ballot is at the printer" and desktop.printer.printed == 1
        hand.touch("not-this-person")
        hand.touch("desk-more")
        hand.touch("pick-again")  # the sheet jammed on its way out
        assert desktop.printer.printed == 2
        hand.touch("not-this-person")
        hand.touch("desk-more")
        hand.touch("pick-withdraw")
        hand.touch("pick-wrong_person")
        hand.touch("answer-0")
        assert desktop.station.pending is None


def test_a_start_that_fails_can_be_tried_again(qtbot: object, tmp_path: Path) -> None:
    tries: list[int] = []

    class Behind:
        def start(self, aside: object = None) -> View:
            return View(screen=LockedView())

        def handle(self, intent: Intent) -> View:
            return View(screen=LockedView())

        def close(self) -> None:
            pass

    def build(told: object) -> Behind:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk was not there yet")
        return Behind()

    root = composition.App(composition.application(), build, tmp_path, True, with_scale=Scale(96.0))
    root.shell.show()
    root.start()
    hand = Fingers(root.shell, root.tasks, root.scanner)
    hand.wait(lambda: hand.see("restart") is not None, "the error")
    sheet = root.shell._sheet
    root.tasks.crashed.emit(OSError("the disk was not there yet"))
    assert root.shell._sheet is not None and sheet is not None
    hand.touch("restart")
    hand.wait(lambda: root.shell.view.page == "locked", "the locked screen")
    assert len(tries) == 2
    root.stop()
