"""What a packet says, as data: the manifest, the protocol, the complaints. Strict in both directions."""

import hashlib
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from kiosk import canonical
from kiosk.election.definition import BallotMode, Definition, Equation, Purpose, Role, Sex
from kiosk.election.equations import EquationResult
from kiosk.errors import IntegrityError

FORMAT = 2
MANIFEST = "manifest.dsse.json"
MANIFEST_TYPE = "application/vnd.kiosk.packet+json"

PROTOCOL, PROTOCOL_PDF = "public/protocol.json", "public/protocol.pdf"
RESULTS, BALLOTS = "public/results.json", "public/ballots.json"
JOURNAL, EVENT_LOG = "public/journal.jsonl", "public/journal.json"
COMPLAINTS = "public/complaints.json"
SEALED_REGISTER, SEALED_ENVELOPES = "sealed/register.hpke", "sealed/envelopes.hpke"

MEBI = 1 << 20
# Every entry a packet has, in order, with the most bytes it may hold: sizes are checked before anything is read.
ENTRIES: dict[str, int] = {
    MANIFEST: 1 * MEBI,
    PROTOCOL: 1 * MEBI,
    PROTOCOL_PDF: 8 * MEBI,
    RESULTS: 4 * MEBI,
    BALLOTS: 16 * MEBI,
    JOURNAL: 32 * MEBI,
    EVENT_LOG: 64 * MEBI,
    COMPLAINTS: 4 * MEBI,
    SEALED_REGISTER: 4 * MEBI,
    SEALED_ENVELOPES: 32 * MEBI,
}

R = TypeVar("R")


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class FileEntry(_Record, frozen=True):
    name: str
    size: int
    sha256: str


class Manifest(_Record, frozen=True, kw_only=True):
    """What is signed. `content`: SHA-256 over all entries but the printed form, which carries it in its QR."""

    format: int
    purpose: Purpose
    election: str
    definition_hash: str
    station: int
    version: int
    created: str  # ISO time with zone
    software: str
    software_hash: str
    credential: str  # the station's credential, a DSSE envelope signed by the authority
    content: str
    entries: tuple[FileEntry, ...]


class LineValue(_Record, frozen=True):
    id: str
    label_ky: str
    label_ru: str
    value: int


class Heading(_Record, frozen=True, kw_only=True):
    """Words and rules copied from the definition, so that a packet can be read and checked without it."""

    election_ky: str
    election_ru: str
    district_ky: str
    district_ru: str
    address_ky: str
    address_ru: str
    voting_day: str
    zone: str
    seats: int
    quorum: int
    rules: tuple[Equation, ...]


class VoteRow(_Record, frozen=True, kw_only=True):
    """`electronic` is None in paper mode. The hand count is the legal figure; both stand side by side."""

    number: int  # 0: against all
    name_ky: str
    name_ru: str
    sex: Sex | None
    electronic: int | None
    hand: int
    legal: int


class Act(_Record, frozen=True):
    """An explanation of a difference. `field`: `vote:N`, a line id, `electronic_invalid`, or `equation:ID`."""

    field: str
    text: str
    by: str


class Signatory(_Record, frozen=True):
    id: str
    role: Role
    name_ky: str
    name_ru: str


class Protocol(_Record, frozen=True, kw_only=True):
    """Remote ballots stand here only as their two lines: for which district one was given is a name where there is one,
    so that is told in the sealed parts alone. `epoch`: 1, and one more for each take-over by another terminal."""

    format: int
    purpose: Purpose
    election: str
    definition_hash: str
    station: int
    district: int
    version: int
    epoch: int
    ballot_mode: BallotMode
    heading: Heading
    opened_at: str
    closed_at: str
    drawn_up_at: str
    lines: tuple[LineValue, ...]
    votes: tuple[VoteRow, ...]  # candidates in ballot order, then against all
    electronic_invalid: int | None
    electronic_unreadable: int | None
    recovery_copy_used: bool
    equations: tuple[EquationResult, ...]
    acts: tuple[Act, ...]
    signatories: tuple[Signatory, ...]

    @property
    def against_all(self) -> VoteRow:
        return self.votes[-1]

    @property
    def candidates(self) -> tuple[VoteRow, ...]:
        return self.votes[:-1]

    def line_values(self) -> dict[str, int]:
        return {line.id: line.value for line in self.lines}


class PublicComplaint(_Record, frozen=True, kw_only=True):
    """A complaint without its words: they may name people."""

    number: int
    at: str
    author_kind: str
    category: str
    status: str


def register_info(definition_hash: str, station: int) -> bytes:
    """What the list of voters served is bound to where it is sealed to the authority."""
    return f"ks1 register {definition_hash} {station}".encode()


def envelopes_info(definition_hash: str, station: int) -> bytes:
    return f"ks1 envelopes {definition_hash} {station}".encode()


def sealed_district(number: int) -> str:
    """A district as the sealed parts write it, of one length: the size of a sealed part tells no district."""
    return f"{number:06}"


def heading_of(definition: Definition, station: int) -> Heading:
    """The words and rules of a station's protocol, as the definition has them."""
    here = definition.station(station)
    district = definition.district(here.district)
    return Heading(
        election_ky=definition.name_ky,
        election_ru=definition.name_ru,
        district_ky=district.name_ky,
        district_ru=district.name_ru,
        address_ky=here.address_ky,
        address_ru=here.address_ru,
        voting_day=definition.calendar.voting_day,
        zone=here.zone,
        seats=district.seats,
        quorum=definition.quorum,
        rules=definition.equations,
    )


def count_differences(protocol: Protocol) -> tuple[str, ...]:
    """Fields in which the electronic and the hand count part: each needs an act."""
    if protocol.electronic_invalid is None:
        return ()
    fields = [f"vote:{row.number}" for row in protocol.votes if row.electronic != row.hand]
    if protocol.electronic_invalid != protocol.line_values().get("invalid"):
        fields.append("invalid")
    return tuple(sorted(fields))


def to_json(record: Any) -> bytes:
    return canonical.write(record)


def from_json(untrusted: bytes, kind: type[R], entry: str) -> R:
    """Strictly and canonically, or IntegrityError `entry_malformed` with the entry and the place."""
    try:
        return canonical.read(untrusted, kind)
    except canonical.MalformedError as error:
        raise IntegrityError("entry_malformed", entry=entry, where=str(error)) from error


def file_entry(name: str, content: bytes) -> FileEntry:
    return FileEntry(name, len(content), hashlib.sha256(content).hexdigest())


def content_hash(entries: Iterable[FileEntry]) -> str:
    """The printed form can't contain its own hash, so its QR carries the hash of everything else."""
    listed = [msgspec.to_builtins(e) for e in entries if e.name != PROTOCOL_PDF]
    return hashlib.sha256(canonical.write(listed)).hexdigest()
