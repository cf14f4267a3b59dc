"""What the technician is given."""

from typing import ClassVar, Literal

from kiosk.day.permissions import Page
from ui.views.common import OfPage, Record, Said


class CheckLine(Record, frozen=True):
    name: str  # a sentence marked for translation
    found: str
    state: Literal["done", "failed", "later"] = "done"


class SetupView(OfPage, frozen=True, kw_only=True):
    """`fingerprint`: groups of four; those that are None are to be typed in from the paper. `copies`: of stations whose
    terminal broke. `taking_over`: a copy was chosen, not a package."""

    page: ClassVar[Page] = "setup"
    packages: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    checks: tuple[CheckLine, ...] = ()
    fingerprint: tuple[str | None, ...] = ()
    compared: bool = False
    loaded: bool = False
    taking_over: bool = False
    tests: tuple[CheckLine, ...] = ()
    trouble: Said | None = None
    configured: bool = False
