"""What the chair's and the members' screens are given, from the opening to the packet."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from kiosk.day.permissions import Page
from ui.views.common import Named, OfPage, Person, Record, Said
from ui.views.voting import Option

StepName = Literal["preparation", "opening", "voting", "closing", "count", "protocol", "packet"]


class Step(Record, frozen=True):
    name: StepName
    state: Literal["done", "next", "later"]
    at: str = ""


class DayView(OfPage, frozen=True, kw_only=True):
    """`next`: the one step that is due; `from_`: the hour before which it may not be taken, "" if now."""

    page: ClassVar[Page] = "day"
    steps: tuple[Step, ...] = ()
    next: StepName = "preparation"
    from_: str = ""
    left: int = 0  # minutes until the polls close
    by_hour: tuple[tuple[int, int, bool], ...] = ()
    quorum: int = 0
    complaints: int = 0
    blocked: int = 0  # badges that are shut out
    copied: bool = False  # from another terminal: two badges take the day over, before anything else
    put_back: bool = False  # what does not add up is the terminal's counter: the disk is older than it remembers
    contradicts: bool = False  # the counts do not add up: the chair says what happened, before anything else


class BadgesView(Record, frozen=True, kw_only=True):
    """Opening, counting and signing: who has shown the badge. `holder`: whose PIN is being asked for."""

    people: tuple[tuple[Person, bool], ...] = ()
    quorum: int = 0
    members: int = 0
    chair: bool = False
    holder: Person | None = None
    refused: Said | None = None
    zero: tuple[tuple[str, int], ...] = ()  # the zero report, once prepared


class OpeningView(OfPage, frozen=True):
    """`from_`: the hour before which the polls may not be opened, "" if now."""

    page: ClassVar[Page] = "opening"
    from_: str = ""


class ClosingView(OfPage, frozen=True):
    """`from_`: the hour before which the polls may not be closed, "" if now."""

    page: ClassVar[Page] = "closing"
    from_: str = ""


class TakingOverView(OfPage, frozen=True):
    page: ClassVar[Page] = "taking_over"


class UnblockingView(OfPage, frozen=True):
    page: ClassVar[Page] = "unblocking"
    blocked: tuple[Person, ...] = ()


class CountingView(OfPage, frozen=True):
    page: ClassVar[Page] = "counting"


class HandView(OfPage, frozen=True, kw_only=True):
    """The hand count: what is to be entered, and which of two places is whose."""

    page: ClassVar[Page] = "hand"
    lines: tuple[tuple[str, Named], ...] = ()
    options: tuple[Option, ...] = ()
    entered: tuple[str, ...] = ()  # who entered place 1, place 2: names
    place: int = 1
    own: Mapping[str, int] = {}  # as entered
    draft: Mapping[str, int] = {}  # as typed, not entered yet
    parted: frozenset[str] = frozenset()  # where the two entries part


class DifferenceLine(Record, frozen=True, kw_only=True):
    field: str
    name: Named
    one: int
    other: int
    act: str = ""
    same: bool = False


class DifferencesView(OfPage, frozen=True):
    """`hand`: where the two entries part, without any electronic figure. `acts`: electronic against hand side by side,
    once the two entries agree; and equations that fail."""

    page: ClassVar[Page] = "differences"
    hand: tuple[DifferenceLine, ...] | None = None
    acts: tuple[DifferenceLine, ...] = ()
    names: tuple[str, str] = ("", "")
    mine: bool = False  # one of the two entries is that of the one signed in


class Equation(Record, frozen=True, kw_only=True):
    id: str
    left: int
    right: int
    holds: bool


class ProtocolView(OfPage, frozen=True, kw_only=True):
    page: ClassVar[Page] = "protocol"
    pages: tuple[bytes, ...] = ()  # pictures of the printed form
    equations: tuple[Equation, ...] = ()
    unexplained: int = 0


class ExportView(OfPage, frozen=True, kw_only=True):
    page: ClassVar[Page] = "export"
    media: tuple[tuple[str, int], ...] = ()  # name, free bytes
    size: int = 0
    file: str = ""
    written_to: str = ""
    fingerprint: str = ""
    released: bool = False
    trouble: Said | None = None
