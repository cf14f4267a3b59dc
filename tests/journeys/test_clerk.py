"""The clerk, by touch and scanner: find a voter, give the ballot, take it back, go on."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from tests.stage.desktop import Desktop, code
from tests.stage.world import HOME, NEIGHBOUR
from ui.screens.desk import Desk
from ui.views import ComplaintsView, DeskView, LockedView
from ui.widgets.keyboard import Keyboard
from ui.widgets.rows import RowButton, Rows


def test_scan_give_hand_over_and_the_next_voter(desktop: Desktop) -> None:
    desktop.at_the_desk()
    first, second = desktop.world.pins(HOME)[:2]
    desktop.hand.scan(first)
    assert code(desktop.view.of(DeskView).verdict) == "may_give"
    assert desktop.hand.says("band-title") == "The ballot may be given"
    desktop.hand.touch("give")
    assert desktop.view.page == "handover"
    desktop.vote(1)
    desktop.hand.scan(second)  # the next document is kept, but a code alone opens no desk
    assert desktop.view.page == "booth" and desktop.view.booth.document
    desktop.clerk_comes_back()
    assert desktop.view.page == "desk" and desktop.view.of(DeskView).can_give
    assert desktop.view.of(DeskView).card and desktop.view.of(DeskView).card.pin == second
    desktop.hand.scan(first)
    assert code(desktop.view.of(DeskView).verdict) == "already_given"
    assert desktop.hand.see("give") is None


def test_a_name_is_found_key_by_key_and_the_pin_by_its_fourteenth_digit(desktop: Desktop) -> None:
    desktop.at_the_desk()
    row = desktop.world.rows(HOME)[3]
    for letter in row[1][:4].lower():
        desktop.hand.key(letter)
        assert desktop.view.of(DeskView).rows
    found = next(n for n, r in enumerate(desktop.view.of(DeskView).rows) if r.key == row[0])
    desktop.hand.touch(f"row-{found}")
    card = desktop.view.of(DeskView).card
    assert card and card.pin == row[0]
    desktop.hand.touch("not-this-person")
    assert desktop.view.of(DeskView).card is None and desktop.view.of(DeskView).rows  # the others of that name
    desktop.hand.touch("clear")
    assert desktop.view.of(DeskView).query == ""
    desktop.hand.key("123")
    for digit in row[0]:
        assert desktop.view.of(DeskView).verdict is None
        desktop.hand.key(digit)
    assert code(desktop.view.of(DeskView).verdict) == "may_give"


def test_refusals_speak_and_offer_the_next_voter(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.hand.scan(desktop.world.pins(NEIGHBOUR)[0])
    assert "station 102" in desktop.hand.says("band-sentence")
    desktop.hand.scan("20101190099999")
    assert desktop.hand.says("band-title") == "On no roll"
    desktop.hand.touch("not-this-person")
    assert isinstance(desktop.app.shell.stack.currentWidget(), Desk)
    assert desktop.hand.see("search") is not None


def test_a_ballot_given_to_the_wrong_person_is_taken_back_with_a_reason(desktop: Desktop) -> None:
    desktop.at_the_desk()
    pin = desktop.world.pins(HOME)[0]
    desktop.give(pin)
    assert desktop.hand.see("withdraw") is None  # the screen may stand before the voter already
    desktop.hand.scan(desktop.world.pins(HOME)[1])
    assert desktop.view.page == "handover"
    desktop.clerk_comes_back()
    row = next(r for r in desktop.world.rows(HOME) if r[0] == pin)
    assert row[1] in desktop.hand.says("holder") and pin not in desktop.hand.says("holder")
    desktop.hand.touch("withdraw")
    desktop.hand.touch("pick-wrong_person")
    desktop.hand.touch("answer-0")
    assert desktop.hand.says("band-title") == "The ballot was taken back"
    assert desktop.station.pending is None
    desktop.give(pin)
    assert desktop.view.page == "handover"


def test_a_remote_voter_gets_the_home_ballot_and_the_screen_says_what_that_means(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.hand.scan(desktop.world.pins(201)[0])
    assert desktop.hand.says("band-title") == "Remote voter: ballot of district 2"
    assert "sealed envelope" in desktop.hand.says("band-sentence")
    desktop.hand.touch("give")
    desktop.vote(2)
    assert desktop.view.counters.remote == 1 and desktop.view.counters.recorded == 1


def test_without_paper_no_ballot_is_given(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.printer.out_of_paper = True
    desktop.setting.watch()
    desktop.give(desktop.world.pins(HOME)[0])
    assert desktop.hand.says("sheet-title") == "The printer is out of paper"
    desktop.hand.touch("answer-0")
    desktop.printer.out_of_paper = False
    desktop.setting.watch()
    desktop.hand.touch("give")
    assert desktop.view.page == "handover"


def test_a_clerk_pauses_and_notes_an_incident(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.hand.touch("desk-more")
    desktop.hand.touch("pick-pause")
    desktop.hand.touch("pick-power")
    assert desktop.view.phase == "paused"
    desktop.hand.scan(desktop.world.pins(HOME)[0])
    assert desktop.hand.says("band-title") == "Voting is paused"
    desktop.hand.touch("not-this-person")
    desktop.hand.touch("desk-more")
    desktop.hand.touch("pick-incident")
    desktop.hand.touch("new-incident")
    desktop.hand.touch("pick-technical")
    desktop.hand.key("Q")
    desktop.hand.touch("write-done")
    assert [row.text for row in desktop.view.of(ComplaintsView).rows] == ["Q"]


def test_the_wrong_pin_waits_and_the_screen_says_how_long(desktop: Desktop) -> None:
    card, pin = desktop.world.card("clerk-1")
    wrong = "111111" if pin != "111111" else "222222"
    desktop.hand.scan(card)
    for _try in range(5):
        desktop.hand.pin(wrong)

    def seconds() -> int:
        refused = desktop.view.of(LockedView).refused
        return int(refused.facts["seconds"]) if refused else 0

    first = seconds()
    assert code(desktop.view.of(LockedView).refused) == "badge_wait" and first > 5
    assert desktop.hand.see("digit-1") is None  # what is typed meanwhile would be lost
    desktop.world.clock.pass_time(5)
    desktop.hand.wait(lambda: seconds() == first - 5, "the seconds to go down")
    desktop.world.clock.pass_time(60)
    desktop.hand.wait(lambda: desktop.hand.see("digit-1") is not None, "the pad")
    desktop.hand.pin(pin)
    assert desktop.view.page == "desk"


def test_digits_are_the_pin_s_whatever_was_touched_last(desktop: Desktop) -> None:
    card, pin = desktop.world.card("clerk-1")
    desktop.hand.scan(card)
    desktop.hand.touch("language-ru")
    for digit in pin[:3]:
        desktop.hand.touch(f"digit-{digit}")
    desktop.hand.touch("language-en")
    desktop.hand.touch("colours")
    desktop.hand.type(pin[3:])
    assert desktop.view.page == "desk"


def test_the_padlock_signs_out_and_nothing_of_the_voter_stays(desktop: Desktop) -> None:
    desktop.at_the_desk()
    name = desktop.world.rows(HOME)[0][1]
    for letter in name[:3].lower():
        desktop.hand.key(letter)
    assert any(name in w.accessibleName() for w in desktop.window.findChildren(RowButton))
    desktop.hand.scan(desktop.world.pins(HOME)[0])
    desktop.hand.touch("sign-out")
    assert desktop.view.page == "locked" and desktop.view.officer is None
    assert [w.text() for w in desktop.window.findChildren(QLabel) if name in w.text()] == []  # nor on a hidden label
    left = [w for w in desktop.window.findChildren(QWidget) if name in w.accessibleName() + str(w.property("text"))]
    assert left == []
    desktop.sign_in("clerk-1")
    assert desktop.view.of(DeskView).card is None and desktop.hand.see("give") is None


def test_the_keyboard_keeps_no_keys_of_the_layouts_before(desktop: Desktop) -> None:
    """Each change of the layout left forty keys behind: a megabyte a typed personal number."""
    desktop.at_the_desk()
    keyboard = desktop.window.findChild(Keyboard)
    assert keyboard is not None
    counts = []
    for _n in range(4):
        desktop.hand.key("123")
        desktop.hand.key("КЫР")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        counts.append(len(keyboard.findChildren(QAbstractButton)))
    assert len(set(counts)) == 1


def test_a_scan_closes_a_message_and_waits_for_a_question(desktop: Desktop) -> None:
    desktop.hand.scan(desktop.world.pins(HOME)[0])  # a document, where a badge is wanted
    assert desktop.view.notice is not None and desktop.hand.says("sheet-title")
    card, pin = desktop.world.card("chair")
    desktop.hand.scan(card)
    assert desktop.view.of(LockedView).holder is not None
    desktop.hand.pin(pin)
    desktop.at_the_desk()
    desktop.hand.touch("desk-more")
    desktop.hand.scan(desktop.world.pins(HOME)[0])
    assert desktop.view.of(DeskView).verdict is None and desktop.hand.see("cancel") is not None
    assert desktop.hand.says("reminder") == "First answer this, then scan again."


def test_more_names_than_have_room_ask_for_another_letter(desktop: Desktop) -> None:
    """Never a number of people of whom some cannot be seen."""
    desktop.at_the_desk()
    rows = desktop.window.findChild(Rows)
    assert rows is not None
    names = [row[1] for row in desktop.world.rows(HOME)]
    letters = [name[0].lower() for name in names]
    common = max(set(letters), key=letters.count)
    desktop.hand.key(common)
    assert len(desktop.view.of(DeskView).rows) > rows.shown
    assert desktop.hand.says("hint") == f"The first {rows.shown}: type another letter"
    desktop.hand.key(names[letters.index(common)][1].lower())
    desktop.app.shell.resize(1280, 1400)
    desktop.hand.settle()
    if len(desktop.view.of(DeskView).rows) <= rows.shown and not desktop.view.of(DeskView).beyond:
        assert desktop.hand.says("hint") == f"{len(desktop.view.of(DeskView).rows)} of 30"
    for name in ("row-0", "row-1"):
        assert desktop.hand.see(name) is not None


def search_field(desktop: Desktop) -> QLineEdit:
    found = desktop.app.shell.findChild(QLineEdit, "search")
    assert found is not None
    return found


def slip(pin: str, at: int) -> str:
    """With one other digit there."""
    return pin[:at] + str((int(pin[at]) + 1) % 10) + pin[at + 1 :]


def swapped(pin: str) -> str:
    at = next(n for n in range(13) if pin[n] != pin[n + 1])
    return pin[:at] + pin[at + 1] + pin[at] + pin[at + 2 :]


def test_a_mistyped_number_is_answered_with_who_was_meant_and_stays(desktop: Desktop) -> None:
    desktop.at_the_desk()
    pin = desktop.world.pins(HOME)[3]
    field = search_field(desktop)
    for typed in (slip(pin, 13), slip(pin, 7), slip(pin, 10), swapped(pin)):
        desktop.hand.type_number(typed)
        view = desktop.view.of(DeskView)
        assert view.near_number and pin in [row.key for row in view.rows] and view.verdict is None
        assert desktop.hand.says("hint").startswith("Nobody has the number")
        assert field.text() == typed  # to be corrected
        desktop.hand.touch(f"row-{[row.key for row in view.rows].index(pin)}")
        assert code(desktop.view.of(DeskView).verdict) in ("may_give", "may_give_disagrees")
        desktop.hand.touch("not-this-person")
        assert field.text() == typed and desktop.view.of(DeskView).rows
        desktop.hand.touch("clear")


def test_a_number_of_nobody_at_all_is_said_and_can_be_corrected(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.hand.type_number("99999999999999")
    assert code(desktop.view.of(DeskView).verdict) == "on_no_roll"
    assert desktop.hand.says("not-this-person") == "Correct the number"
    desktop.hand.touch("not-this-person")
    assert search_field(desktop).text() == "99999999999999"
    assert desktop.hand.says("hint") == "9 9999 9999 99999 · 14 of 14 digits"


@pytest.mark.parametrize("written", ["{0}-{1}-{2}", "{0} {1} {2}", "{0}–{1}–{2}", "{0}\u00a0{1} {2}"])
def test_a_number_is_read_however_it_is_parted(desktop: Desktop, written: str) -> None:
    desktop.at_the_desk()
    pin = desktop.world.pins(HOME)[0]
    search_field(desktop).setText(written.format(pin[0], pin[1:9], pin[9:]))
    desktop.hand.settle()
    assert code(desktop.view.of(DeskView).verdict) == "may_give"


def test_not_this_person_goes_back_to_the_namesakes(desktop: Desktop) -> None:
    desktop.at_the_desk()
    field = search_field(desktop)
    field.setText(desktop.world.rows(HOME)[0][1][:2])
    desktop.hand.settle()
    rows = desktop.view.of(DeskView).rows
    desktop.hand.touch("row-0")
    assert desktop.view.of(DeskView).card is not None
    desktop.hand.touch("not-this-person")
    assert desktop.view.of(DeskView).rows == rows and desktop.view.of(DeskView).card is None
    assert field.text() == desktop.world.rows(HOME)[0][1][:2]


def test_a_closed_desk_says_so_before_anybody_is_looked_up(desktop: Desktop) -> None:
    desktop.sign_in("clerk-1")
    assert desktop.hand.says("band-title") == "Voting is not open"
    desktop.open_polls()
    desktop.sign_in("clerk-1")
    assert desktop.view.of(DeskView).closed is None
    assert desktop.hand.says("band-title") == ""
    desktop.hand.touch("desk-more")
    desktop.hand.touch("pick-pause")
    desktop.hand.touch("pick-power")
    assert desktop.hand.says("band-title") == "Voting is paused"
    desktop.hand.touch("desk-more")
    assert desktop.hand.see("pick-pause") is None  # what is paused is not paused again
    desktop.hand.touch("cancel")
