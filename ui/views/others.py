"""What the registers, the technician and the trainer are given."""

from typing import ClassVar, Literal

from kiosk.day.permissions import Page
from ui.views.common import Named, OfPage, Person, Record, Said


class ComplaintRow(Record, frozen=True, kw_only=True):
    number: int
    at: str
    author: str
    category: str
    text: str
    status: str
    decision: str


class ComplaintsView(OfPage, frozen=True):
    page: ClassVar[Page] = "complaints"
    rows: tuple[ComplaintRow, ...] = ()
    may_decide: bool = False
    may_complain: bool = False


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


class Sample(Record, frozen=True):
    """A training document that can be "scanned" by touching it."""

    key: str
    story: str
    name: str
    number: str


class Scenario(Record, frozen=True):
    key: str
    state: Literal["new", "running", "passed"] = "new"


class Mistake(Record, frozen=True):
    at: str
    said: Said


class TrainerView(Record, frozen=True, kw_only=True):
    badges: tuple[Person, ...] = ()
    samples: tuple[Sample, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    papers: tuple[tuple[Named, int], ...] = ()
    served: int = 0
    paper_out: bool = False
