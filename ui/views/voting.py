"""What the locked screen, the look-up, the desk and the booth are given."""

from typing import ClassVar

from kiosk.day.permissions import Page
from ui.look.tokens import VOTER_DEFAULT, Contrast
from ui.views.common import BoothPage, Named, OfPage, Person, Record, Said


class LockedView(OfPage, frozen=True):
    """`holder`: whose card was shown; the PIN is asked for."""

    page: ClassVar[Page] = "locked"
    holder: Person | None = None
    can_look_up: bool = False
    refused: Said | None = None
    software: str = ""  # version and hash, to be compared with the published ones


class LookUpView(OfPage, frozen=True):
    page: ClassVar[Page] = "lookup"
    name: str = ""
    year: str = ""
    line: int = 0
    refused: Said | None = None


class Row(Record, frozen=True, kw_only=True):
    """A line of the result list."""

    key: str  # the PIN, as the key of the row; not shown
    name: str
    year: str
    line: int
    given_at: str = ""


class VoterCard(Record, frozen=True, kw_only=True):
    """Of a voter of this roll; a remote voter has only the number and the home district."""

    pin: str
    name: str = ""
    birth_date: str = ""
    age: int = 0
    document: str = ""
    line: int = 0
    address: str = ""


class DeskView(OfPage, frozen=True, kw_only=True):
    page: ClassVar[Page] = "desk"
    query: str = ""
    rows: tuple[Row, ...] = ()
    near: bool = False
    near_number: bool = False  # nobody has the number that was typed: these are one digit or one swap away
    typed: bool = False  # the verdict is about somebody found by typing: the search can be gone back to
    beyond: bool = False  # more people have such a name than the rows that are sent
    roll: int = 0
    verdict: Said | None = None
    card: VoterCard | None = None
    remote: int | None = None  # home district of a remote voter
    home: Named | None = None  # its name
    can_give: bool = False
    waits: bool = False  # a ballot may be given, but not now: the verdict says why
    in_booth: bool = False  # a ballot is out: the booth is marking, or its voter has left
    holder: str = ""  # who holds it, as the roll has it; nothing for a voter from another district
    calls: bool = False  # the booth calls the clerk: idle voter, paper is wrong
    chair: bool = False
    closed: Said | None = None  # why nobody can be given a ballot at this hour, whoever comes
    blank_out: bool = False  # the last voter's blank ballot may be printed again or taken back
    cleared: int = 0  # counts voters: when it changes, what was typed is about somebody else


class HandOverView(OfPage, frozen=True):
    """The one screen is on its way to the voter."""

    page: ClassVar[Page] = "handover"


class AtBoothView(OfPage, frozen=True):
    """The one screen is the voter's; what is on it is the view's `booth`."""

    page: ClassVar[Page] = "booth"


class Option(Record, frozen=True):
    """A line of the ballot; number 0 is against all."""

    number: int
    name: Named
    year: int | None


class BoothView(Record, frozen=True, kw_only=True):
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
    printing: bool = False  # the paper is on its way, and the desk does not wait for it
    document: bool = False  # the next voter's document was scanned; the clerk is awaited
    pin_asked: int = 0  # a clerk's or the chair's card was shown just now, for the n-th time; else 0
    coming: str = ""  # whose card that was

    def __repr__(self) -> str:
        return f"BoothView({self.page})"
