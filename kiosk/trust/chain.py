"""The journal as a chain: each entry carries the hash of the one before; the station signs checkpoints.

Pure: the same code checks the station's own file, a packet's copy, and an auditor's.
"""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from kiosk.errors import Fact, IntegrityError
from kiosk.text import canonical_json
from kiosk.trust.journal_events import JournalEvent
from kiosk.trust.signing import verifies

START = "0" * 64


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`badge`: whose act it was, "" for the station's own. `prev`: hash of the entry before, START for the first."""

    seq: int
    at: str
    event: JournalEvent
    badge: str
    fields: dict[str, Fact]
    prev: str

    def to_bytes(self) -> bytes:
        return canonical_json(msgspec.to_builtins(self))

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()


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
            lines.append(canonical_json({"checkpoint": msgspec.to_builtins(checkpoint)}))
    return b"".join(line + b"\n" for line in lines)


def from_jsonl(untrusted: bytes) -> tuple[list[Entry], list[Checkpoint]]:
    """Parse strictly; IntegrityError `journal_malformed` names the line."""
    entries: list[Entry] = []
    checkpoints: list[Checkpoint] = []
    for number, line in enumerate(untrusted.splitlines(), 1):
        try:
            if line.startswith(b'{"checkpoint":'):
                wrapped = msgspec.json.decode(line, type=dict[str, Checkpoint])
                checkpoints.append(wrapped["checkpoint"])
            else:
                entries.append(msgspec.json.decode(line, type=Entry))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise IntegrityError("journal_malformed", line=number) from error
    try:
        canonical = to_jsonl(entries, checkpoints)
    except (TypeError, ValueError) as error:  # a field name or a lone surrogate that has no canonical form
        raise IntegrityError("journal_malformed", line=0) from error
    if canonical != untrusted:
        raise IntegrityError("journal_malformed", line=0)
    return entries, checkpoints
