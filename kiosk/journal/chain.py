"""The journal as a chain: each entry carries the hash of the one before; the station signs checkpoints.

Pure: the same code checks the station's own file, a packet's copy, and an auditor's.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import takewhile

import msgspec

from kiosk import canonical
from kiosk.errors import Fact, IntegrityError
from kiosk.journal.events import JournalEvent
from kiosk.trust.signing import verifies

START = "0" * 64


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True, kw_only=True):
    """`badge`: whose act it was, "" for the station's own. `prev`: hash of the entry before, START for the first."""

    seq: int
    at: str
    event: JournalEvent
    badge: str
    fields: dict[str, Fact]
    prev: str

    def to_bytes(self) -> bytes:
        """TypeError, ValueError for fields that have no canonical form."""
        return _canonical([self])[:-1]

    @cached_property
    def hash(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()


# What a voter did or was given is told by the hour: the journal is public, and the second of a ballot is a name.
_BY_THE_HOUR = ("ballot_given", "ballot_cast", "ballot_abandoned", "ballot_withdrawn", "refused")


def told_at(event: JournalEvent, at: datetime) -> str:
    """The moment as the journal tells it, with its zone."""
    return (at.replace(minute=0, second=0, microsecond=0) if event in _BY_THE_HOUR else at).isoformat()


class Course(msgspec.Struct, frozen=True):
    """What tells two journals of one station apart: where a spare took the day over, and every entry's hash, shortened.

    `taken`: entries that tell of a take-over. `marks`: 8 bytes of each entry's hash, in order.
    """

    taken: tuple[int, ...]
    marks: bytes

    @property
    def epoch(self) -> int:
        """1 for the terminal that was set up; each take-over, made by two badges, is one more."""
        return 1 + len(self.taken)

    def forks_from(self, other: "Course") -> bool:
        """Whether this journal is the other's up to an entry, and tells of a take-over after it: it goes on from a copy
        of the other's terminal."""
        pairs = zip(_eights(self.marks), _eights(other.marks), strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        parted = 0 < same < len(other.marks) // 8  # else it is simply the same day, told further
        return self.epoch > other.epoch and parted and any(seq > same for seq in self.taken)


def _eights(marks: bytes) -> Iterator[bytes]:
    return (marks[at : at + 8] for at in range(0, len(marks), 8))


def course(entries: Iterable[Entry]) -> Course:
    found = list(entries)
    taken = tuple(entry.seq for entry in found if entry.event == "taken_over")
    return Course(taken, b"".join(bytes.fromhex(entry.hash[:16]) for entry in found))


def printed_head(entry: Entry) -> str:
    """As it stands on paper: the entry's number and the first 16 digits of its hash. Whoever has the paper can tell
    whether a later journal is the same one up to there; 64 bits cannot be met by trying."""
    digits = entry.hash[:_PRINTED].upper()
    return f"{entry.seq} · {' '.join(digits[at : at + 4] for at in range(0, _PRINTED, 4))}"


def check_head(entries: Sequence[Entry], typed: str) -> int:
    """The number of the entry whose head was `typed` from paper. IntegrityError `head_malformed`, `head_differs`."""
    found = _HEAD.fullmatch(typed.strip())
    digits = "".join(character for character in (found[2] if found else "") if character.isalnum()).lower()
    if found is None or len(digits) != _PRINTED:
        raise IntegrityError("head_malformed", head=typed[:40])
    number = int(found[1])
    if not 1 <= number <= len(entries) or not entries[number - 1].hash.startswith(digits):
        raise IntegrityError("head_differs", head=typed[:40])
    return number


_PRINTED = 16
_HEAD = re.compile(r"([0-9]{1,9})[\s·.:,-]+((?:[0-9a-fA-F]{4}[\s·.:,-]*){4})")
_ENTRIES = msgspec.json.Decoder(list[Entry])
_CHECKPOINT = b'{"checkpoint":'


def _canonical(entries: list[Entry]) -> bytes:
    """One line an entry. TypeError as in `to_bytes`."""
    if not "".join(name for entry in entries for name in entry.fields).isascii():
        raise TypeError("canonical JSON has ASCII string keys here")
    return canonical.write_lines(entries)


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The station's signature over everything up to and including entry `seq`."""

    seq: int
    signature: str  # hexadecimal


def checkpoint_bytes(context: str, seq: int, entry_hash: str) -> bytes:
    """What the station signs. `context` names election and station, so that no checkpoint fits elsewhere."""
    return f"ks1 checkpoint {context} {seq} {entry_hash}".encode()


def verify(
    entries: Iterable[Entry], checkpoints: Iterable[Checkpoint], context: str, station_public: bytes
) -> Mapping[int, str]:
    """seq → hash of every entry. IntegrityError `journal_broken` names the first entry that is off: removed,
    changed, reordered, or not under a checkpoint that covers the end."""
    hashes: dict[int, str] = {}
    previous = START
    for place, entry in enumerate(entries, 1):
        if entry.seq != place or entry.prev != previous:
            raise IntegrityError("journal_broken", entry=place)
        previous = hashes[place] = entry.hash
    last = 0
    for checkpoint in checkpoints:
        signed = hashes.get(checkpoint.seq)
        if signed is None or checkpoint.seq <= last:
            raise IntegrityError("journal_broken", entry=checkpoint.seq)
        message = checkpoint_bytes(context, checkpoint.seq, signed)
        try:
            good = verifies(station_public, bytes.fromhex(checkpoint.signature), message)
        except ValueError:
            good = False
        if not good:
            raise IntegrityError("journal_signature", entry=checkpoint.seq)
        last = checkpoint.seq
    if last != len(hashes):
        raise IntegrityError("journal_unsigned_end", entry=last + 1)
    return hashes


def to_jsonl(entries: Iterable[Entry], checkpoints: Iterable[Checkpoint]) -> bytes:
    """One line an entry, each checkpoint after the entry it signs."""
    by_seq = {c.seq: c for c in checkpoints}
    lines: list[bytes] = []
    for entry in entries:
        lines.append(entry.to_bytes())
        if checkpoint := by_seq.get(entry.seq):
            lines.append(canonical.write({"checkpoint": checkpoint}))
    return b"".join(line + b"\n" for line in lines)


def from_jsonl(untrusted: bytes) -> tuple[list[Entry], list[Checkpoint]]:
    """Parse strictly; IntegrityError `journal_malformed` names the line. What comes out of it, `to_jsonl` writes again
    byte for byte."""
    lines = untrusted.split(b"\n")
    if lines.pop():  # the last line ends too
        raise IntegrityError("journal_malformed", line=len(lines) + 1)
    parsed = iter(_all_at_once([line for line in lines if not line.startswith(_CHECKPOINT)]))
    entries: list[Entry] = []
    checkpoints: list[Checkpoint] = []
    for number, line in enumerate(lines, 1):
        try:
            if line.startswith(_CHECKPOINT):
                checkpoints.append(_checkpoint(line, entries))
            else:
                entries.append(next(parsed, None) or _entry(line))
        except (msgspec.DecodeError, TypeError, ValueError, RecursionError) as error:
            raise IntegrityError("journal_malformed", line=number) from error
    return entries, checkpoints


def _all_at_once(lines: list[bytes]) -> list[Entry]:
    """The entries of a journal in which every line is in order, in half the time; nothing where one is not."""
    try:
        entries = _ENTRIES.decode(b"[" + b",".join(lines) + b"]")
        if _canonical(entries).split(b"\n")[:-1] != lines:
            return []
    except (msgspec.DecodeError, TypeError, ValueError, RecursionError):
        return []
    sha256 = hashlib.sha256
    for entry, line in zip(entries, lines, strict=True):
        entry.__dict__["hash"] = sha256(line).hexdigest()  # what the property would work out once more
    return entries


def _entry(line: bytes) -> Entry:
    return canonical.read(line, Entry)


def _checkpoint(line: bytes, entries: list[Entry]) -> Checkpoint:
    """Canonical, and right after the entry it signs."""
    checkpoint = canonical.read(line, dict[str, Checkpoint])["checkpoint"]
    if not entries or checkpoint.seq != entries[-1].seq:
        raise ValueError("not in its place")
    return checkpoint
