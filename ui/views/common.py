"""What every view is made of: codes and facts, names in two languages, the station and its devices."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import msgspec

from kiosk.day.permissions import Page
from kiosk.election.definition import Role
from kiosk.errors import Fact
from kiosk.text import language

BoothPage = Literal["covered", "welcome", "ballot", "review", "paper", "recorded", "left"]

Verdict = Literal["good", "warn", "bad"]


class Record(msgspec.Struct, frozen=True):
    """Base of all views."""


class OfPage(Record, frozen=True):
    """Base of what one page is given. `page`: which; a view carries the one that stands."""

    page: ClassVar[Page]


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


class Place(Record, frozen=True, kw_only=True):
    number: int
    district: int
    address: Named
    opens: str  # "08:00"
    closes: str


class Person(Record, frozen=True):
    """An official. `pin`: only for training badges, which print it."""

    id: str
    role: Role
    name: Named
    pin: str = ""


class Devices(Record, frozen=True, kw_only=True):
    printer: str = "missing"
    waiting: int = 0
    copy: Literal["kept", "behind", "lost", "none"] = "none"
    mains: bool | None = None
    battery: int | None = None


class Counters(Record, frozen=True, kw_only=True):
    roll: int = 0
    given: int = 0
    remote: int = 0
    recorded: int = 0
    in_booth: int = 0
    outside: int = 0
