"""The election as data: districts, candidates, stations, officials, protocol lines; compiled and hashed."""

import hashlib
from functools import cached_property
from typing import Literal, NewType

import msgspec

from kiosk import canonical
from kiosk.errors import IntegrityError
from kiosk.settings import Language

FORMAT = 1

Purpose = Literal["demo", "test", "official"]
BallotMode = Literal["screen", "paper"]
Kind = Literal["precinct", "abroad", "enterprise", "shopping_centre", "airport", "remote_only"]
Sex = Literal["m", "f"]
Role = Literal["chair", "member", "clerk", "technician"]

DistrictNumber = NewType("DistrictNumber", int)
StationNumber = NewType("StationNumber", int)

# On a ballot, in a slot and in a result, candidates go by their ballot order 1, 2, …; these two stand beside them.
AGAINST_ALL = 0
INVALID = -1
AGAINST_ALL_KY, AGAINST_ALL_RU = "Баарына каршы", "Против всех"  # as on the ballot


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """Strict on reading: unknown fields, missing fields and wrong types are refused."""


class Candidate(_Record, frozen=True, kw_only=True):
    number: int  # place on the ballot, 1 first
    name_ky: str
    name_ru: str
    sex: Sex
    birth_year: int
    filed: int  # order of filing complete papers, 1 first; decides ties
    status: Literal["registered", "struck_off"] = "registered"
    struck_off_at: str | None = None  # ISO date and time with zone

    @property
    def stands(self) -> bool:
        return self.status == "registered"


class District(_Record, frozen=True, kw_only=True):
    number: DistrictNumber
    name_ky: str
    name_ru: str
    seats: int
    candidates: tuple[Candidate, ...]

    @cached_property
    def standing(self) -> tuple[Candidate, ...]:
        """Candidates who may be voted for, in ballot order."""
        return tuple(c for c in self.candidates if c.stands)


class Station(_Record, frozen=True, kw_only=True):
    number: StationNumber
    district: DistrictNumber
    kind: Kind
    zone: str  # IANA time zone
    address_ky: str
    address_ru: str
    voters_m: int
    voters_f: int
    directions_ky: str = ""  # how to find it, in words; "entrance from the yard, first floor"
    directions_ru: str = ""

    @property
    def voters(self) -> int:
        return self.voters_m + self.voters_f


class Official(_Record, frozen=True, kw_only=True):
    """A person with a badge. Not part of the definition: a commission may change its members without a new
    election. Officials and their public keys stand in the station's credential, signed by the authority."""

    id: str  # "1021-chair", "1021-member-2": also the name on the badge
    station: StationNumber
    role: Role
    name_ky: str
    name_ru: str


class ProtocolLine(_Record, frozen=True):
    """A line of the protocol: `day` lines are computed from the day's registers, `hand` lines are counted."""

    id: str
    source: Literal["day", "hand"]
    label_ky: str
    label_ru: str


class Equation(_Record, frozen=True):
    """A control equation: the sum of `left` stands in `relation` to the sum of `right`.

    Terms are line ids, or `candidates` (the sum over all candidates), or `against_all`.
    """

    id: str
    left: tuple[str, ...]
    relation: Literal["=", "<="]
    right: tuple[str, ...]


class Calendar(_Record, frozen=True, kw_only=True):
    """Local times are written without a zone: they hold in the zone of each station."""

    voting_day: str  # 2025-11-30
    opens: str  # 08:00, local time of the station
    closes: str  # 20:00
    campaign_from: str  # 2025-11-10
    silence_from: str  # 2025-11-29T08:00, local
    lists_posted_by: str  # 2025-11-10


class Definition(_Record, frozen=True, kw_only=True, omit_defaults=True):
    format: int
    id: str
    purpose: Purpose
    name_ky: str
    name_ru: str
    ballot_mode: BallotMode
    languages: tuple[Language, ...]
    zone: str  # of the central commission
    quorum: int  # k: members needed to open the polls and the box
    calendar: Calendar
    districts: tuple[District, ...]
    stations: tuple[Station, ...]
    lines: tuple[ProtocolLine, ...]
    equations: tuple[Equation, ...]
    # "order": a signed protocol is corrected by an order of the central commission. None, which is left out of the
    # bytes: the station's commission decides. What is left out is told by identity, and only None is one everywhere.
    corrections: Literal["order"] | None = None

    @cached_property
    def _districts(self) -> dict[int, District]:
        return {d.number: d for d in self.districts}

    @cached_property
    def _stations(self) -> dict[int, Station]:
        return {s.number: s for s in self.stations}

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical bytes, in hexadecimal: the name by which everything refers to this election."""
        return hashlib.sha256(to_bytes(self)).hexdigest()

    def district(self, number: int) -> District:
        """KeyError if there is none."""
        return self._districts[number]

    def station(self, number: int) -> Station:
        """KeyError if there is none."""
        return self._stations[number]

    def has_station(self, number: int) -> bool:
        return number in self._stations


def to_bytes(definition: Definition) -> bytes:
    """Canonical JSON, the bytes that are hashed and signed."""
    return canonical.write(definition)


def from_bytes(untrusted: bytes) -> Definition:
    """Read compiled bytes strictly; `IntegrityError` names the field that is off. Bytes must be canonical."""
    try:
        definition = canonical.read(untrusted, Definition)
    except canonical.NotCanonicalError as error:
        raise IntegrityError("definition_not_canonical") from error
    except canonical.MalformedError as error:
        raise IntegrityError("definition_malformed", where=str(error)) from error
    if definition.format != FORMAT:
        raise IntegrityError("definition_format", found=definition.format, wanted=FORMAT)
    return definition
