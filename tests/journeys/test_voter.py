"""The voter, by touch: never two choices, nothing kept, and nothing recorded that the paper does not say."""

import gc

import pytest

from kiosk.day import booth
from kiosk.election.definition import AGAINST_ALL
from tests.stage.desktop import Desktop
from tests.stage.world import HOME
from ui.intents import Change, Leave, Mark, PaperWrong, PrintPaper
from ui.intents import Record as RecordBallot
from ui.screens.voter import ballot as booth_ballot
from ui.screens.voter import booth as booth_screen
from ui.views import BoothView, DeskView
from ui.widgets.choice import Choice


def marked(desktop: Desktop) -> list[int]:
    tiles = desktop.window.findChildren(Choice)
    return [tile.choice for tile in tiles if tile.isVisible() and tile.isChecked()]


def start(desktop: Desktop, voter: int = 0) -> None:
    desktop.give(desktop.world.pins(HOME)[voter])
    desktop.hand.touch("voter-ready")
    desktop.hand.touch("start-ballot")


def test_changing_ones_mind_three_times_never_leaves_two_marks(desktop: Desktop) -> None:
    desktop.at_the_desk()
    start(desktop)
    for choice in (1, 2, AGAINST_ALL, 4):
        desktop.hand.touch(f"choice-{choice}")
        assert marked(desktop) == [choice] == [desktop.view.booth.choice]
    desktop.hand.touch("choice-4")
    assert marked(desktop) == [] and desktop.view.booth.choice is None
    desktop.hand.touch("choice-2")
    desktop.hand.touch("review")
    assert desktop.hand.says("chosen") == "Бекова Айгүл"
    desktop.hand.touch("change")
    assert marked(desktop) == [2]
    desktop.hand.touch("choice-1")
    desktop.hand.touch("review")
    desktop.hand.touch("print-paper")
    assert desktop.printer.printed == 1
    assert desktop.view.counters.recorded == 0
    desktop.hand.touch("record")
    assert desktop.view.counters.recorded == 1
    assert desktop.hand.says("title") == "Добушуңуз кабыл алынды. Рахмат!" and desktop.view.booth.page == "recorded"


def test_nothing_of_the_voter_is_left_on_the_screen_or_in_memory(desktop: Desktop) -> None:
    kinds = (booth.Marking, booth.Reviewing, booth.Printing, booth.OnPaper, booth.Mark, Mark)
    others = {id(o) for o in gc.get_objects() if isinstance(o, (BoothView, *kinds))}  # of other tests in this process
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("text-size")
    desktop.hand.touch("contrast")
    desktop.hand.touch("voter-language")
    assert desktop.view.booth.language == "ru" and desktop.view.booth.contrast == "black_on_white"
    desktop.hand.touch("choice-2")
    for name in ("review", "print-paper", "record", "voter-done"):
        desktop.hand.touch(name)
    assert desktop.view.booth == type(desktop.view.booth)(language="ky")
    assert marked(desktop) == [] and desktop.window.findChildren(Choice, "choice-2") == []
    gc.collect()
    kept = [o for o in gc.get_objects() if isinstance(o, (BoothView, *kinds)) and id(o) not in others]
    assert [o for o in kept if not isinstance(o, BoothView) or o.choice is not None] == []
    desktop.clerk_comes_back()
    start(desktop, 1)
    assert marked(desktop) == [] and desktop.view.booth.size == 1 and desktop.view.booth.contrast == "standard"


def test_a_paper_that_is_wrong_records_nothing_and_calls_the_clerk(desktop: Desktop) -> None:
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    desktop.hand.touch("review")
    desktop.hand.touch("print-paper")
    desktop.hand.touch("paper-wrong")
    assert desktop.view.booth.page == "left" and desktop.view.booth.choice is None
    assert desktop.view.counters.recorded == 0
    desktop.clerk_comes_back()
    assert desktop.view.of(DeskView).calls
    desktop.hand.touch("back-to-booth")
    desktop.vote(2)
    assert desktop.view.counters.recorded == 1


def test_no_paper_no_record_and_the_voter_may_go_on_when_there_is(desktop: Desktop) -> None:
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    desktop.hand.touch("review")
    desktop.printer.out_of_paper = True
    desktop.hand.touch("print-paper")
    assert desktop.view.booth.page == "review" and desktop.view.booth.trouble
    desktop.printer.out_of_paper = False
    desktop.hand.touch("print-paper")
    desktop.hand.touch("record")
    assert desktop.view.booth.page == "recorded"


def test_a_voter_who_leaves_is_asked_then_covered_and_the_chair_decides(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    monkeypatch.setattr(booth_screen, "IDLE_SECONDS", 0.2)
    desktop.hand.wait(lambda: desktop.hand.see("answer-0") is not None, "the question")
    first = int(desktop.hand.says("seconds"))
    assert 25 <= first <= 30
    picture = desktop.app.shell.grab().toImage()
    corners = {picture.pixelColor(x, y).name() for x in (250, 1000) for y in (150, 650)}
    assert len(corners) == 1  # nothing of the marked page shows through
    desktop.hand.wait(lambda: int(desktop.hand.says("seconds")) < first, "the seconds to go down")
    desktop.hand.touch("answer-0")  # still there
    assert desktop.view.booth.page == "ballot" and marked(desktop) == [1]
    monkeypatch.setattr(booth_screen, "ANSWER_SECONDS", 0.2)
    desktop.hand.wait(lambda: desktop.view.booth.page == "left", "the covered screen")
    assert marked(desktop) == [] and desktop.view.counters.recorded == 0
    desktop.clerk_comes_back()
    desktop.hand.touch("abandon")  # only the chair may, and a clerk learns what to do
    assert desktop.hand.says("sheet-title") == "Call the chair"
    desktop.hand.touch("answer-1")
    desktop.sign_in("chair")
    desktop.hand.touch("to-desk")
    desktop.hand.touch("abandon")
    desktop.hand.touch("pick-left")
    desktop.hand.touch("answer-0")
    assert desktop.hand.says("band-title") == "The ballot is marked as not returned"
    assert desktop.view.counters.in_booth == 0


def test_a_photo_of_the_clerk_s_card_opens_nothing(desktop: Desktop) -> None:
    """It hangs on a chest all day. Whoever scans it is asked for the PIN, on every page that was handed over."""
    desktop.at_the_desk()
    card = desktop.world.card("clerk-1")[0]
    desktop.give(desktop.world.pins(HOME)[0])
    for page in ("handover", "recorded", "covered"):
        if page == "recorded":
            desktop.vote(1)
        desktop.hand.scan(card)
        assert desktop.view.page == ("handover" if page == "handover" else "booth")
        assert desktop.hand.see("digit-done") is not None and desktop.hand.see("search") is None, page
        desktop.hand.scan(desktop.world.pins(HOME)[1])  # a document is kept for the clerk, and opens nothing
        assert desktop.view.page != "desk"
        desktop.hand.touch("cancel")
    desktop.clerk_comes_back()
    assert desktop.view.page == "desk"


def test_the_covered_screen_opens_for_the_clerk_alone(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.give(desktop.world.pins(HOME)[0])
    desktop.vote(1)
    assert desktop.view.page == "booth" and desktop.hand.see("search") is None
    desktop.hand.scan(desktop.world.card("member-1")[0])
    assert desktop.view.page == "booth"
    desktop.hand.touch("answer-0")
    desktop.hand.touch("clerk")
    desktop.hand.pin("000000" if desktop.world.card("clerk-1")[1] != "000000" else "111111")
    assert desktop.view.page == "booth"
    desktop.hand.touch("answer-0")
    desktop.hand.touch("clerk")
    desktop.hand.pin(desktop.world.card("clerk-1")[1])
    assert desktop.view.page == "desk"


@pytest.mark.parametrize(("role", "chair"), [("clerk-2", False), ("chair", True)])
def test_another_clerk_or_the_chair_takes_over_a_covered_screen(desktop: Desktop, role: str, chair: bool) -> None:
    """The clerk is away, the voter left: whoever comes needs card and PIN, and it is told."""
    desktop.at_the_desk()
    start(desktop)
    desktop.app._ask(Leave())
    desktop.hand.settle()
    assert desktop.view.booth.page == "left"
    card, pin = desktop.world.card(role)
    desktop.hand.scan(card)
    desktop.hand.pin("000000" if pin != "000000" else "111111")
    assert desktop.view.page == "booth" and desktop.station.officer.id == "101-clerk-1"  # type: ignore[union-attr]
    desktop.hand.touch("answer-0")
    desktop.hand.scan(card)
    desktop.hand.touch("cancel")
    desktop.hand.touch("clerk")  # the clerk's own way is still the clerk's own
    desktop.hand.pin(pin)
    assert desktop.view.page == "booth"
    desktop.hand.touch("answer-0")
    desktop.hand.scan(card)
    desktop.hand.pin(pin)
    assert desktop.view.page == "desk" and desktop.view.of(DeskView).chair == chair
    assert desktop.station.officer.id == f"101-{role}"
    told = [(e.event, e.badge, e.fields) for e in desktop.station._session.journal.entries()]
    assert ("screen_relieved", f"101-{role}", {"from": "101-clerk-1"}) in told
    assert desktop.view.of(DeskView).in_booth  # the ballot is still out: the voter may go on, or it is taken back


def test_a_ballot_without_a_mark_is_recorded_as_invalid_after_a_warning(desktop: Desktop) -> None:
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("review")
    assert desktop.view.booth.choice is None and desktop.hand.says("chosen") != ""
    desktop.hand.touch("print-paper")
    desktop.hand.touch("answer-1")
    desktop.hand.touch("record")
    assert desktop.view.counters.recorded == 1


def test_a_stray_scan_does_not_take_the_screen_from_the_voter(desktop: Desktop) -> None:
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    desktop.hand.scan(desktop.world.pins(HOME)[1])
    assert desktop.view.booth.page == "ballot" and marked(desktop) == [1]


def test_hurried_fingers_print_once_and_record_once(desktop: Desktop) -> None:
    """Intents that come twice, or from a page that has gone: nothing happens, and nobody is alarmed."""
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    desktop.hand.touch("review")
    for intent in (PrintPaper(), PrintPaper(), Change()):
        desktop.app._ask(intent)
    desktop.hand.settle()
    assert desktop.printer.printed == 1 and desktop.view.booth.page == "paper"
    for then in (RecordBallot(), RecordBallot(), PaperWrong()):
        desktop.app._ask(then)
    desktop.hand.settle()
    assert desktop.view.booth.page == "recorded" and desktop.view.counters.recorded == 1
    assert desktop.view.notice is None
    desktop.clerk_comes_back()
    assert not desktop.view.of(DeskView).calls


def test_taps_on_one_spot_do_not_carry_a_voter_through_unread(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booth_screen, "QUIET_SECONDS", 0.6)
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    desktop.hand.touch("review")
    desktop.hand.touch("change")
    desktop.hand.touch("review")
    button = desktop.hand.see("print-paper")
    assert button is not None
    for _tap in range(5):
        button.click()  # type: ignore[attr-defined]
    desktop.hand.settle()
    assert desktop.view.booth.page == "review" and desktop.printer.printed == 0


def test_a_crash_while_voting_locks_nobody_out_and_the_voter_goes_on(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    handlers: dict[object, object] = desktop.terminal._handlers  # type: ignore[assignment]
    monkeypatch.setitem(handlers, PrintPaper, lambda intent: 1 / 0)
    desktop.hand.touch("review")
    desktop.hand.touch("print-paper")
    monkeypatch.undo()
    desktop.hand.touch("restart")
    desktop.crashes.clear()
    assert isinstance(desktop.station.booth.state, booth.Covered)
    desktop.badge("clerk-1")
    desktop.hand.touch("back-to-booth")
    desktop.vote(2)
    assert desktop.view.counters.recorded == 1


def test_a_double_tap_leaves_the_mark(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booth_ballot, "DOUBLE_TAP_SECONDS", 60.0)
    desktop.at_the_desk()
    desktop.give(desktop.world.pins(HOME)[0])
    for name in ("voter-ready", "start-ballot", "choice-1", "choice-1"):
        desktop.hand.touch(name)
    assert desktop.view.booth.choice == 1
    desktop.hand.touch("choice-2")
    assert desktop.view.booth.choice == 2
    monkeypatch.setattr(booth_ballot, "DOUBLE_TAP_SECONDS", 0.0)
    desktop.hand.touch("choice-2")
    assert desktop.view.booth.choice is None  # taken away on purpose


def test_a_paper_that_cannot_be_made_leaves_the_voter_at_the_review(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The booth waits for a printer only when there is something to print."""
    desktop.at_the_desk()
    start(desktop)
    desktop.hand.touch("choice-1")
    desktop.hand.touch("review")
    with monkeypatch.context() as broken:
        broken.setattr(desktop.station.papers, "marked", lambda district, choice: 1 / 0)
        desktop.hand.touch("print-paper")
        desktop.hand.wait(lambda: bool(desktop.crashes), "the crash")
    desktop.crashes.clear()
    assert desktop.station.booth.choice == 1
    desktop.app._ask(PrintPaper())
    desktop.hand.settle()
    assert desktop.printer.printed == 1 and desktop.view.booth.page == "paper"


def test_who_holds_a_ballot_is_forgotten_with_the_record(desktop: Desktop) -> None:
    desktop.at_the_desk()
    start(desktop)
    clerk = desktop.terminal.parts.clerk
    desktop.hand.touch("choice-1")
    for name in ("review", "print-paper"):
        desktop.hand.touch(name)
    clerk._holder()  # as a desk beside the booth shows it
    assert clerk._out
    desktop.hand.touch("record")
    assert clerk._out is None
