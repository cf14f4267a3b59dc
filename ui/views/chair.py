"""What the chair's and the members' screens are given, from the opening to the packet."""

from collections.abc import Mapping
from typing import Literal

from kiosk.election.definition import Role
from ui.views.common import Named, Person, Record, Said
from ui.views.voting import Option

StepName = Literal["preparation", "opening", "voting", "closing", "count", "protocol", "packet"]


class Step(Record, frozen=True):
    name: StepName
    state: Literal["done", "next", "later"]
    at: str = ""


class DayView(Record, frozen=True, kw_only=True):
    """`next`: the one step that is due; `from_`: the hour before which it may not be taken, "" if now."""

    steps: tuple[Step, ...] = ()
    next: StepName = "preparation"
    from_: str = ""
    left: int = 0  # minutes until the polls close
    by_hour: tuple[tuple[int, int, bool], ...] = ()
    quorum: int = 0
    role: Role = "chair"
    complaints: int = 0


class BadgesView(Record, frozen=True, kw_only=True):
    """Opening and counting: who has shown the badge. `holder`: whose PIN is being asked for."""

    people: tuple[tuple[Person, bool], ...] = ()
    quorum: int = 0
    members: int = 0
    chair: bool = False
    holder: Person | None = None
    refused: Said | None = None
    zero: tuple[tuple[str, int], ...] = ()  # the zero report, once prepared


class HandView(Record, frozen=True, kw_only=True):
    """The hand count: what is to be entered, and which of two places is whose."""

    lines: tuple[tuple[str, Named], ...] = ()
    options: tuple[Option, ...] = ()
    entered: tuple[str, ...] = ()  # who entered place 1, place 2: names
    place: int = 1
    own: Mapping[str, int] = {}


class DifferenceLine(Record, frozen=True, kw_only=True):
    field: str
    name: Named
    one: int
    other: int
    act: str = ""
    same: bool = False


class DifferencesView(Record, frozen=True):
    """`hand`: where the two entries part, without any electronic figure. `acts`: electronic against hand side by side,
    once the two entries agree; and equations that fail."""

    hand: tuple[DifferenceLine, ...] | None = None
    acts: tuple[DifferenceLine, ...] = ()
    names: tuple[str, str] = ("", "")


class Equation(Record, frozen=True, kw_only=True):
    id: str
    left: int
    right: int
    holds: bool


class ProtocolView(Record, frozen=True, kw_only=True):
    pages: tuple[bytes, ...] = ()  # pictures of the printed form
    equations: tuple[Equation, ...] = ()
    unexplained: int = 0
    badges: BadgesView = BadgesView()


class ExportView(Record, frozen=True, kw_only=True):
    media: tuple[tuple[str, int], ...] = ()  # name, free bytes
    size: int = 0
    file: str = ""
    written_to: str = ""
    fingerprint: str = ""
    released: bool = False
    trouble: Said | None = None
    copies: int = 0
