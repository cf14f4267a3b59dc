"""The voter has a screen of their own: the booth beside the desk."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from tests.screens import checks
from tests.stage.desktop import Desktop, code
from tests.stage.world import HOME, World
from ui.intents import Withdraw
from ui.look.tokens import Scale
from ui.screens.voter.booth import Booth
from ui.views import DeskView
from ui.window import shell as shell_module


@pytest.fixture
def two(world: World, tmp_path: Path) -> Iterator[Desktop]:
    world.set_up()
    with Desktop(world, tmp_path, second_screen=True) as made:
        yield made


def test_on_two_screens_the_desk_stays_and_the_booth_votes(two: Desktop) -> None:
    two.at_the_desk()
    assert two.booth is not None
    two.give(two.world.pins(HOME)[0])
    assert two.view.page == "desk" and two.view.booth.page == "welcome"
    assert two.window.findChildren(Booth) == []
    two.booth.touch("speak-ru")
    assert two.booth.says("start-ballot") == "К бюллетеню"
    assert two.hand.says("band-title") == "The ballot is given"  # who, and when, large and green
    card, verdict = two.view.of(DeskView).card, two.view.of(DeskView).verdict
    assert card and card.name and verdict and verdict.facts["at"] == "08:00"
    assert two.hand.see("give") is None
    two.hand.scan(two.world.pins(HOME)[1])  # the clerk looks at the next document meanwhile
    assert code(two.view.of(DeskView).verdict) == "booth_busy"  # said before a touch, and nothing is green
    give = shown(two, "give")
    assert give is not None and not give.isEnabled() and two.hand.says("band-title") == "The booth is occupied"
    two.hand.touch("not-this-person")
    two.hand.touch("desk-more")
    assert two.hand.see("pick-withdraw") is not None  # the wrong person can still be taken back
    two.hand.touch("cancel")
    two.booth.touch("start-ballot")
    two.booth.touch("choice-2")
    two.hand.scan(two.world.pins(HOME)[1])
    for name in ("review", "print-paper", "record", "voter-done"):
        two.booth.touch(name)
    assert two.view.counters.recorded == 1 and two.view.booth.page == "covered"
    give = shown(two, "give")  # by itself: nobody scans again
    assert code(two.view.of(DeskView).verdict) == "may_give" and give is not None and give.isEnabled()
    two.hand.touch("give")
    assert two.view.booth.page == "welcome" and two.view.booth.language == "ky"


def shown(two: Desktop, name: str) -> QPushButton | None:
    """Also a button that can't be pressed now."""
    return next((b for b in two.window.findChildren(QPushButton, name) if b.isVisible()), None)


def slow_ink(two: Desktop) -> Event:
    """The printer waits until it is set."""
    ink, printed = Event(), two.printer.print

    def slowly(name: str, pdf: bytes, copies: int = 1, wait: float = 0) -> None:
        ink.wait(20)
        printed(name, pdf, copies, wait)

    two.printer.print = slowly  # type: ignore[method-assign]
    return ink


def test_the_desk_does_not_wait_for_the_voters_paper(two: Desktop) -> None:
    """A printer that takes its time: the booth says so in the voter's language, and the clerk goes on."""
    two.at_the_desk()
    assert two.booth is not None and two.app.booth is not None
    two.give(two.world.pins(HOME)[0])
    two.booth.touch("start-ballot")
    two.booth.touch("choice-2")
    two.booth.touch("review")
    two.booth.wait(lambda: not two.app.booth.booth.quiet, "time to read")  # type: ignore[union-attr]
    ink = slow_ink(two)
    two.booth.see("print-paper").click()  # type: ignore[union-attr]
    two.hand.wait(lambda: two.app.booth.booth._progress.isVisible(), "the booth's progress")  # type: ignore[union-attr]
    assert two.booth.says("progress-title") == "Басылып жатат…"
    two.app.shell.scanned(two.world.pins(HOME)[1])
    two.hand.wait(lambda: two.view.of(DeskView).verdict is not None, "the next voter's verdict")
    assert not two.app.shell._progress.isVisible() and two.app.booth.booth._progress.isVisible()
    ink.set()
    two.hand.settle()
    two.booth.touch("record")
    assert two.view.counters.recorded == 1


def test_a_printer_that_breaks_in_a_way_nobody_thought_of_leaves_no_voter_behind(two: Desktop) -> None:
    two.at_the_desk()
    assert two.booth is not None
    two.give(two.world.pins(HOME)[0])
    for name in ("start-ballot", "choice-2", "review"):
        two.booth.touch(name)

    def burning(name: str, pdf: bytes, copies: int = 1, wait: float = 0) -> None:
        raise ZeroDivisionError

    printed = two.printer.print
    two.printer.print = burning  # type: ignore[method-assign]
    two.booth.touch("print-paper")
    two.printer.print = printed  # type: ignore[method-assign]
    assert [type(error) for error in two.crashes] == [ZeroDivisionError]
    two.crashes.clear()
    two.hand.touch("restart")  # the clerk is told; the voter goes on
    assert not two.view.booth.printing and two.view.page == "locked"
    two.booth.touch("print-paper")
    two.booth.touch("record")
    assert two.view.booth.page == "recorded"


def test_a_ballot_taken_back_while_its_paper_is_on_its_way(two: Desktop) -> None:
    """The paper is out before the desk says that the ballot is taken back, and nobody else finds it in the booth."""
    two.at_the_desk()
    assert two.booth is not None
    two.give(two.world.pins(HOME)[0])
    two.booth.touch("start-ballot")
    two.booth.touch("choice-2")
    two.booth.touch("review")
    two.booth.wait(lambda: not two.app.booth.booth.quiet, "time to read")  # type: ignore[union-attr]
    ink = slow_ink(two)
    two.booth.see("print-paper").click()  # type: ignore[union-attr]
    two.hand.wait(lambda: two.view.booth.page == "review", "the printing")
    two.app.tasks.post(Withdraw("wrong_person"))
    ink.set()
    two.hand.settle()
    assert two.printer.printed == 1 and two.view.booth.page == "covered"
    assert two.station.pending is None and two.view.counters.recorded == 0


def test_each_screen_has_its_own_millimetres(world: World, tmp_path: Path) -> None:
    """A small booth beside a large desk: whatever is laid out there later is of the booth's own scale."""
    world.set_up()
    with Desktop(world, tmp_path, second_screen=True, booth_scale=Scale(140.0)) as two:
        assert two.booth is not None and two.app.booth is not None
        two.app.booth.resize(1400, 1050)
        two.at_the_desk()
        two.give(two.world.pins(HOME)[0])
        two.booth.touch("start-ballot")
        for name, window, dpi in (("review", two.app.booth, 140), ("search", two.app.shell, 96)):
            control = window.findChild(QWidget, name)
            assert control and control.height() >= int(12.7 * dpi / 25.4), name
        field = two.app.shell.findChild(QWidget, "search")
        assert field and field.height() < 12.7 * 140 / 25.4
        assert checks.targets(two.app.booth) == [] and checks.targets(two.app.shell) == []


def test_the_desk_locks_itself_while_a_voter_goes_on_in_the_booth(
    two: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Touches in the booth are not the clerk's; and the voter keeps the ballot."""
    two.at_the_desk()
    assert two.booth is not None
    two.give(two.world.pins(HOME)[0])
    two.booth.touch("start-ballot")
    monkeypatch.setattr(shell_module, "IDLE_LOCK_SECONDS", 1.5)
    end = monotonic() + 10
    while two.view.page == "desk" and monotonic() < end:
        two.booth.touch("choice-2")
        two.booth.touch("choice-1")
    assert two.view.page == "locked" and two.view.booth.page == "ballot"
    for name in ("review", "print-paper", "record"):
        two.booth.touch(name)
    assert two.view.booth.page == "recorded"


def test_a_booth_whose_screen_was_off_shows_no_ballot_until_the_voter_says_so(two: Desktop) -> None:
    two.at_the_desk()
    assert two.booth is not None and two.app.booth is not None
    two.give(two.world.pins(HOME)[0])
    two.booth.touch("start-ballot")
    two.booth.touch("choice-2")
    two.app._booth_changed(there=False)
    two.hand.settle()
    assert two.hand.says("sheet-title") == "The voter's screen is gone"
    two.hand.touch("answer-0")
    two.hand.scan(two.world.pins(HOME)[1])
    assert code(two.view.of(DeskView).verdict) == "booth_busy" and two.view.counters.given == 1
    two.app._booth_changed(there=True)
    two.hand.settle()
    assert two.view.notice is None and two.booth.see("choice-2") is None
    two.booth.touch("go-on")
    for name in ("review", "print-paper", "record"):
        two.booth.touch(name)
    assert two.view.counters.recorded == 1
    two.booth.touch("voter-done")
    two.app._booth_changed(there=False)
    two.hand.settle()
    two.hand.touch("answer-0")
    two.hand.touch("give")
    assert two.view.notice and two.view.notice.code == "booth_dark" and two.view.counters.given == 1
    two.app._booth_changed(there=True)
    two.hand.settle()
    assert two.booth.see("go-on") is None  # nobody's ballot was on it
