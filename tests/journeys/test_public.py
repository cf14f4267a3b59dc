"""Before the day: anybody looks up their own entry, and nobody else's."""

from tests.stage.desktop import Desktop
from tests.stage.world import AWAY, HOME, NEIGHBOUR
from ui.screens.lookup import LookUp
from ui.views import LookUpView


def look_up(desktop: Desktop, pin: str) -> None:
    for digit in pin:
        desktop.hand.touch(f"digit-{digit}")


def sent_to(desktop: Desktop) -> object:
    refused = desktop.view.of(LookUpView).refused
    return refused and refused.facts["station"]


def test_ones_own_entry_and_nothing_else(desktop: Desktop) -> None:
    desktop.sign_in("chair")  # the roll is under the commission's key: it opens it in the morning
    desktop.hand.touch("sign-out")
    desktop.hand.touch("look-up")
    row = desktop.world.rows(HOME)[2]
    look_up(desktop, row[0])
    assert desktop.hand.says("own-entry") == " ".join(part for part in row[1:4] if part)
    shown = repr(desktop.view.of(LookUpView))
    for other in desktop.world.rows(HOME)[3:]:
        assert other[0] not in shown
    desktop.hand.touch("clear")
    assert desktop.view.of(LookUpView).name == ""
    look_up(desktop, desktop.world.rows(NEIGHBOUR)[0][0])
    assert sent_to(desktop) == NEIGHBOUR
    desktop.hand.touch("clear")
    desktop.hand.scan(desktop.world.rows(AWAY)[0][0])
    assert sent_to(desktop) == AWAY
    desktop.hand.touch("back")
    assert desktop.view.page == "locked"
    desktop.hand.touch("look-up")
    assert desktop.view.screen == LookUpView()


def test_digits_that_somebody_walks_away_from_do_not_stay(desktop: Desktop) -> None:
    desktop.sign_in("chair")
    desktop.hand.touch("sign-out")
    desktop.hand.touch("look-up")
    screen = desktop.window.findChild(LookUp)
    assert screen is not None
    screen._cover.setInterval(1500)
    look_up(desktop, "2140319870041")
    assert len(screen.pad.digits) == 13
    desktop.hand.wait(lambda: desktop.view.page == "locked", "the locked screen")
    assert screen.pad.digits == ""


def test_there_is_no_look_up_before_the_roll_is_open_nor_on_the_day(desktop: Desktop) -> None:
    assert desktop.hand.see("look-up") is None
    desktop.open_polls()
    desktop.hand.touch("sign-out")
    assert desktop.hand.see("look-up") is None
    assert desktop.station.look_up(desktop.world.pins(HOME)[0]).code == "wrong_phase"  # type: ignore[union-attr]
