"""A whole day without touching the glass once: keys, Tab, Space, and a scanner, which is a keyboard too."""

from PySide6.QtWidgets import QApplication

from tests.stage.desktop import Desktop
from tests.stage.world import HOME
from ui.views import DeskView


def _badge(desktop: Desktop, role: str) -> None:
    card, pin = desktop.world.card(role)
    desktop.hand.scan(card)
    desktop.hand.type(pin)


def _in_turn(desktop: Desktop, role: str) -> None:
    if desktop.view.page != "locked":
        desktop.hand.press("sign-out")
    _badge(desktop, role)


def test_opening_a_ballot_and_closing_by_keyboard_alone(desktop: Desktop) -> None:
    hand, clock = desktop.hand, desktop.world.clock
    _in_turn(desktop, "chair")
    hand.press("next-step")
    for role in ("chair", "member-1", "member-2"):
        _badge(desktop, role)
    hand.press("prepare")
    clock.set(desktop.world.opens)
    for name in ("back", "next-step", "open-polls", "answer-0"):
        hand.press(name)
    assert desktop.view.phase == "open"

    _in_turn(desktop, "clerk-1")
    pin = desktop.world.pins(HOME)[0]
    hand.type(pin)  # the field has the focus already
    card = desktop.view.of(DeskView).card
    assert card and card.pin == pin
    hand.press("give")
    for name in ("voter-ready", "start-ballot", "choice-1"):
        hand.press(name)
    assert desktop.view.booth.choice == 1
    for name in ("choice-2", "review", "change", "choice-1", "review", "print-paper", "record", "voter-done"):
        hand.press(name)
    _badge(desktop, "clerk-1")
    assert desktop.view.page == "desk" and desktop.view.counters.recorded == 1

    clock.set(desktop.world.closes)
    _in_turn(desktop, "chair")
    hand.press("next-step")
    _badge(desktop, "member-1")
    for name in ("close-polls", "answer-0"):
        hand.press(name)
    assert desktop.view.phase == "closed"
    assert hand.touches == 0


def test_tab_goes_round_and_a_sheet_keeps_it_inside(desktop: Desktop) -> None:
    desktop.at_the_desk()
    desktop.hand.press("desk-more")
    reached = set()
    for _n in range(12):
        focus = QApplication.focusWidget()
        assert focus is not None
        focus.focusNextPrevChild(True)
        now = QApplication.focusWidget()
        assert now is not None
        reached.add(now.objectName())
    assert reached and not reached & {"search", "desk-more", "sign-out"}
