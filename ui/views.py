"""What the screens are given: frozen values, nothing that could act. Codes and facts, never sentences: the screen says
them in the language of whoever is looking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from kiosk.election.definition import Purpose, Role
from kiosk.errors import Fact
from kiosk.text import language
from ui.tokens import VOTER_DEFAULT, Contrast

Page = Literal[
    "starting", "setup", "locked", "lookup", "desk", "handover", "booth", "day", "opening", "counting", "hand",
    "differences", "protocol", "export", "complaints",
]  # fmt: skip

BoothPage = Literal["covered", "welcome", "ballot", "review", "paper", "recorded", "left"]

Phase = Literal[
    "unconfigured", "posting", "ready", "open", "paused", "closed", "counted", "signed", "exported"
]  # fmt: skip

Verdict = Literal["good", "warn", "bad"]


class Record(msgspec.Struct, frozen=True):
    """Base of all views."""


class Said(Record, frozen=True):
    """A code with its facts, to be said in the reader's language; `tone` of the band or sheet it stands in."""

    code: str
    facts: Mapping[str, Fact] = {}
    tone: Verdict = "bad"


class Named(Record, frozen=True):
    """Anything with a Kyrgyz and a Russian name."""

    ky: str
    ru: str

    @property
    def here(self) -> str:
        return self.ru if language() == "ru" else self.ky


class Place(Record, frozen=True):
    number: int
    district: int
    remote_only: bool
    address: Named
    opens: str  # "08:00"
    closes: str


class Person(Record, frozen=True):
    """An official. `pin`: only for training badges, which print it."""

    id: str
    role: Role
    name: Named
    pin: str = ""


class Devices(Record, frozen=True):
    printer: str = "missing"
    waiting: int = 0
    copy: Literal["kept", "lost", "none"] = "none"
    mains: bool | None = None
    battery: int | None = None


class Counters(Record, frozen=True):
    roll: int = 0
    given: int = 0
    remote: int = 0
    recorded: int = 0
    in_booth: int = 0
    outside: int = 0


class LockedView(Record, frozen=True):
    """`holder`: whose card was shown; the PIN is asked for. `samples`: training badges that may be touched instead of
    scanned."""

    holder: Person | None = None
    samples: tuple[Person, ...] = ()
    can_look_up: bool = False
    refused: Said | None = None


class LookUpView(Record, frozen=True):
    name: str = ""
    year: str = ""
    line: int = 0
    refused: Said | None = None


class Row(Record, frozen=True):
    """A line of the result list."""

    key: str  # the PIN, as the key of the row; not shown
    name: str
    year: str
    line: int
    given_at: str = ""


class VoterCard(Record, frozen=True):
    """Of a voter of this roll; a remote voter has only the number and the home district."""

    pin: str
    name: str = ""
    birth_date: str = ""
    age: int = 0
    document: str = ""
    line: int = 0
    address: str = ""


class DeskView(Record, frozen=True):
    query: str = ""
    rows: tuple[Row, ...] = ()
    near: bool = False
    roll: int = 0
    verdict: Said | None = None
    card: VoterCard | None = None
    remote: int | None = None  # home district of a remote voter
    home: Named | None = None  # its name
    can_give: bool = False
    in_booth: bool = False  # a ballot is out: the booth is marking, or its voter has left
    calls: bool = False  # the booth calls the clerk: idle voter, paper is wrong
    chair: bool = False
    on_paper: bool = False


class Option(Record, frozen=True):
    """A line of the ballot; number 0 is against all."""

    number: int
    name: Named
    year: int | None


class BoothView(Record, frozen=True):
    page: BoothPage = "covered"
    district: int = 0
    district_name: Named = Named("", "")
    election: Named = Named("", "")
    options: tuple[Option, ...] = ()
    choice: int | None = None
    remote: bool = False
    language: str = "ky"
    size: int = VOTER_DEFAULT
    contrast: Contrast = "standard"
    paper: bytes | None = None  # the printed ballot as a picture, in training only
    trouble: Said | None = None

    def __repr__(self) -> str:
        return f"BoothView({self.page})"


StepName = Literal["preparation", "opening", "voting", "closing", "count", "protocol", "packet"]


class Step(Record, frozen=True):
    name: StepName
    state: Literal["done", "next", "later"]
    at: str = ""


class DayView(Record, frozen=True):
    """`next`: the one step that is due; `from_`: the hour before which it may not be taken, "" if now."""

    steps: tuple[Step, ...] = ()
    next: StepName = "preparation"
    from_: str = ""
    left: int = 0  # minutes until the polls close
    by_hour: tuple[tuple[int, int, bool], ...] = ()
    present: int = 0
    quorum: int = 0
    role: Role = "chair"
    packet: str = ""
    paused: str = ""
    complaints: int = 0
    ballot_out: bool = False


class BadgesView(Record, frozen=True):
    """Opening and counting: who has shown the badge. `holder`: whose PIN is being asked for."""

    people: tuple[tuple[Person, bool], ...] = ()
    quorum: int = 0
    members: int = 0
    chair: bool = False
    holder: Person | None = None
    refused: Said | None = None
    zero: tuple[tuple[str, int], ...] = ()  # the zero report, once prepared
    self_test: bool = False


class HandView(Record, frozen=True):
    """The hand count: what is to be entered, and which of two places is whose."""

    lines: tuple[tuple[str, Named], ...] = ()
    options: tuple[Option, ...] = ()
    entered: tuple[str, ...] = ()  # who entered place 1, place 2: names
    place: int = 1
    mine: bool = False  # the one signed in has entered already
    own: Mapping[str, int] = {}
    expected: int | None = None


class DifferenceLine(Record, frozen=True):
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


class Equation(Record, frozen=True):
    id: str
    left: int
    relation: str
    right: int
    holds: bool


class ProtocolView(Record, frozen=True):
    pages: tuple[bytes, ...] = ()  # pictures of the printed form
    equations: tuple[Equation, ...] = ()
    unexplained: int = 0
    badges: BadgesView = BadgesView()
    signed: bool = False
    file: str = ""


class ExportView(Record, frozen=True):
    media: tuple[tuple[str, int], ...] = ()  # name, free bytes
    size: int = 0
    file: str = ""
    written_to: str = ""
    fingerprint: str = ""
    released: bool = False
    trouble: Said | None = None
    copies: int = 0


class ComplaintRow(Record, frozen=True):
    number: int
    at: str
    author: str
    category: str
    text: str
    status: str
    decision: str


class ComplaintsView(Record, frozen=True):
    rows: tuple[ComplaintRow, ...] = ()
    may_decide: bool = False
    may_complain: bool = False


class CheckLine(Record, frozen=True):
    name: str  # a sentence marked for translation
    found: str
    state: Literal["done", "failed", "later"] = "done"


class SetupView(Record, frozen=True):
    """`fingerprint`: groups of four; those that are None are to be typed in from the paper."""

    packages: tuple[str, ...] = ()
    chosen: str = ""
    checks: tuple[CheckLine, ...] = ()
    fingerprint: tuple[str | None, ...] = ()
    compared: bool = False
    loaded: bool = False
    tests: tuple[CheckLine, ...] = ()
    trouble: Said | None = None
    configured: bool = False
    report: str = ""


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


class TrainerView(Record, frozen=True):
    badges: tuple[Person, ...] = ()
    samples: tuple[Sample, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    papers: tuple[tuple[Named, int], ...] = ()
    served: int = 0
    stick_out: bool = False
    paper_out: bool = False


class View(Record, frozen=True):
    """Everything there is to see. `notice`: a refusal or an error, shown as a sheet until it is dismissed."""

    page: Page = "starting"
    purpose: Purpose = "official"
    phase: Phase = "unconfigured"
    place: Place | None = None
    officer: Person | None = None
    now: datetime | None = None
    devices: Devices = Devices()
    counters: Counters = Counters()
    notice: Said | None = None
    two_screens: bool = False
    locked: LockedView = LockedView()
    lookup: LookUpView = LookUpView()
    desk: DeskView = DeskView()
    booth: BoothView = BoothView()
    day: DayView = DayView()
    badges: BadgesView = BadgesView()
    hand: HandView = HandView()
    differences: DifferencesView = DifferencesView()
    protocol: ProtocolView = ProtocolView()
    export: ExportView = ExportView()
    complaints: ComplaintsView = ComplaintsView()
    setup: SetupView = SetupView()
    trainer: TrainerView | None = None
