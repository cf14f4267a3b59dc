"""Which page stands: a pure function of who is here, the phase, the booth and the wish. Nothing else sets it."""

from typing import Literal

from kiosk.day.permissions import PAGES, Page, Phase
from kiosk.election.definition import Role
from kiosk.errors import Refusal

# Pages where badges are shown for a step in common; on some the chair is signed in, and one member is enough.
BY_TWO: tuple[Page, ...] = ("closing", "taking_over", "unblocking")
IN_COMMON: tuple[Page, ...] = ("opening", *BY_TWO, "counting", "protocol")

Turned = Literal["away", "turning", "voter"]  # where the one screen stands: with the clerk, on its way, with the voter


def page_of(role: Role | None, phase: Phase, turned: Turned, wish: Page | None) -> Page:
    """`role`: of the officer who is signed in; `wish`: the page that was asked for last, if any. Without one that fits,
    the first page of the role that the phase has: where somebody starts after signing in."""
    if turned != "away":
        return "booth" if turned == "voter" else "handover"
    pages = PAGES[role]
    if wish and phase in pages.get(wish, ()):
        return wish
    return next(page for page, phases in pages.items() if phase in phases)


def refusal(role: Role | None, phase: Phase, page: Page) -> Refusal | None:
    """Why this page may not be asked for: `not_signed_in`, `not_permitted`, `wrong_phase`."""
    pages = PAGES[role]
    if page not in pages:
        return Refusal("not_permitted", {"role": role, "verb": page}) if role else Refusal("not_signed_in")
    return None if phase in pages[page] else Refusal("wrong_phase", {"phase": phase})
