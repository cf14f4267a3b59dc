"""Taking packets in: each is checked by itself, in worker processes, and comes into the tables whole or not at all.

What arrives twice is taken in once; in which order, and by how many, makes no difference.
"""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from kiosk.centre import sealed_parts
from kiosk.centre.sealed_parts import Envelope, Served
from kiosk.centre.tables import Tables
from kiosk.centre.workers import cores
from kiosk.centre.workers import workers as workers_of
from kiosk.election.definition import INVALID
from kiosk.errors import Fact, IntegrityError, KioskError
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.packet.package import SUFFIX as PACKAGE
from kiosk.packet.verify import verify_entries
from kiosk.text import canonical_json
from kiosk.trust import election_file, keys

SUFFIX = ".zip"
_FEW = 8  # packets that are checked here, without other processes
_MOST_NAME = 120
_MOST_BYTES = 48 << 20  # thirty times an ordinary packet: what is read whole, before any signature is seen
_LAST_LETTER = 0x530  # Latin and Cyrillic lie before it


class Checked(msgspec.Struct, frozen=True):
    """One file that was offered as a packet. `code` is empty for an accepted one. `keyed`: the key was there, so that
    its sealed parts were opened too; `known`: it was looked at before, nothing else is said here."""

    file: str
    sha256: str
    size: int
    code: str = ""
    facts: dict[str, Fact] = {}
    keyed: bool = False
    known: bool = False
    manifest: c.Manifest | None = None
    protocol: c.Protocol | None = None
    complaints: tuple[c.PublicComplaint, ...] = ()
    served: Served | None = None
    envelopes: tuple[Envelope, ...] = ()

    @property
    def opened(self) -> bool:
        return self.keyed and not self.code


class Checker:
    """`sealing_seed`: empty for an intake that only looks at what is public. `known`: hashes not to look at again."""

    def __init__(self, election: bytes, sealing_seed: bytes = b"", known: frozenset[str] = frozenset()) -> None:
        self.election = election_file.read(election)
        self._sealing = keys.sealing_key(sealing_seed) if sealing_seed else None
        self._known = known

    def check(self, path: Path) -> Checked:
        """Never raises on any file whatsoever."""
        file = _shown(path.name)
        digest, size, keyed = "", 0, self._sealing is not None
        try:
            content = _read(path)
            digest, size = hashlib.sha256(content).hexdigest(), len(content)
            if digest in self._known:
                return Checked(file, digest, size, known=True)
            entries = archive.read(content, c.ENTRIES)
            del content
            verdict = verify_entries(entries, self.election)
            if verdict.code:
                raise IntegrityError(verdict.code, **verdict.facts)
            assert verdict.manifest and verdict.protocol
            complaints = tuple(msgspec.json.decode(entries[c.COMPLAINTS], type=list[c.PublicComplaint]))
            served: Served | None = None
            envelopes: tuple[Envelope, ...] = ()
            if self._sealing is not None:
                served, envelopes = sealed_parts.open_parts(entries, verdict.manifest, verdict.protocol, self._sealing)
            return Checked(
                file,
                digest,
                size,
                "",
                {},
                keyed,
                False,
                verdict.manifest,
                verdict.protocol,
                complaints,
                served,
                envelopes,
            )
        except KioskError as error:
            return Checked(file, digest or _name_hash(file), size, error.code, error.facts, keyed)


def _shown(name: str) -> str:
    """A file's name as it may stand on a page and on paper: what the fonts have not is a question mark."""
    return "".join(x if x.isprintable() and ord(x) < _LAST_LETTER else "?" for x in name)[:_MOST_NAME]


def _read(path: Path) -> bytes:
    most = _MOST_BYTES
    try:
        if path.is_symlink() or not path.is_file():
            raise IntegrityError("archive_unreadable", reason="not a file")
        if path.stat().st_size > most:
            raise IntegrityError("archive_too_large", size=path.stat().st_size)
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise IntegrityError("archive_unreadable", reason=error.strerror or "") from error


def _name_hash(file: str) -> str:
    """Stands in for the hash of a file that could not be read."""
    return hashlib.sha256(f"unreadable {file}".encode()).hexdigest()


_checker: Checker | None = None  # of a worker process


def _begin(election: bytes, sealing_seed: bytes, known: frozenset[str]) -> None:
    global _checker
    _checker = Checker(election, sealing_seed, known)
    gc.collect()
    gc.freeze()  # the definition stays; looking through it again and again took a fifth of the time


def _work(path: Path) -> Checked:
    assert _checker is not None
    return _checker.check(path)


def check_all(
    paths: Sequence[Path],
    election: bytes,
    sealing_seed: bytes = b"",
    workers: int | None = None,
    known: frozenset[str] = frozenset(),
) -> Iterator[Checked]:
    """Every file with its verdict, in no particular order, on all cores."""
    if len(paths) <= _FEW or workers == 1:
        checker = Checker(election, sealing_seed, known)
        yield from map(checker.check, paths)
        return
    count = workers or cores()
    with workers_of(count, _begin, (election, sealing_seed, known)) as executor:
        waiting = iter(paths)
        running: set[Future[Checked]] = {executor.submit(_work, p) for p in islice(waiting, 3 * count)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {executor.submit(_work, p) for p in islice(waiting, len(done))}
            yield from (future.result() for future in done)


def files_in(folder: Path) -> list[Path]:
    """Everything that may be a packet, also in folders below; hidden files are somebody's unfinished copies."""
    found = (p for p in folder.rglob("*") if p.suffix.lower() == SUFFIX)
    found = (p for p in found if not p.name.endswith(PACKAGE))  # what went out is not what comes in
    return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts))


def looked_at(tables: Tables, keyed: bool) -> frozenset[str]:
    """Hashes that need no second look: with the key in hand, those whose sealed parts were opened or that were refused
    for good."""
    wanted = " WHERE opened OR code <> ''" if keyed else ""
    return frozenset(sha for (sha,) in tables.rows(f"SELECT sha256 FROM packet{wanted}"))


def store(tables: Tables, checked: Checked) -> bool:
    """Into the tables, all of it in one transaction. False if this packet was there already."""
    with tables.transaction():
        tables.run("INSERT INTO arrival VALUES ($1, $2) ON CONFLICT DO NOTHING", checked.file, checked.sha256)
        if checked.known:
            return False
        if checked.keyed:  # an intake without the key may have been here before, and have known less
            tables.run("DELETE FROM packet WHERE sha256 = $1 AND NOT opened AND code = ''", checked.sha256)
        manifest = checked.manifest
        values = (
            checked.sha256,
            manifest.station if manifest else None,
            manifest.version if manifest else None,
            manifest.purpose if manifest else None,
            manifest.created if manifest else None,
            checked.size,
            checked.code,
            canonical_json(checked.facts).decode(),
            checked.opened,
        )
        taken = tables.rows(
            "INSERT INTO packet VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING sha256",
            *values,
        )
        if not taken:
            return False
        for table in ("line", "vote", "broken", "complaint"):
            tables.run(f"DELETE FROM {table} WHERE sha256 = $1", checked.sha256)
        if checked.protocol:
            _public_rows(tables, checked.sha256, checked.protocol, checked.complaints)
        if checked.opened:
            _sealed_rows(tables, checked)
    return True


def _public_rows(tables: Tables, sha: str, protocol: c.Protocol, complaints: Iterable[c.PublicComplaint]) -> None:
    lines = protocol.lines
    tables.add("line", {"sha256": [sha] * len(lines), "id": [x.id for x in lines], "value": [x.value for x in lines]})
    votes = [(row.number, row.electronic, row.legal) for row in protocol.votes]
    votes.append((INVALID, protocol.electronic_invalid, protocol.line_values().get("invalid", 0)))
    number, electronic, legal = zip(*votes, strict=True)
    tables.add("vote", {"sha256": [sha] * len(votes), "number": number, "electronic": electronic, "legal": legal})
    acts = {act.field for act in protocol.acts}
    failing = [e.id for e in protocol.equations if not e.holds]
    explained = [f"equation:{id_}" in acts for id_ in failing]
    tables.add("broken", {"sha256": [sha] * len(failing), "equation": failing, "explained": explained})
    rows: list[tuple[Any, ...]] = [(x.number, x.author_kind, x.category, x.status) for x in complaints]
    if rows:
        number, author, category, status = zip(*rows, strict=True)
        tables.add(
            "complaint",
            {"sha256": [sha] * len(rows), "number": number, "author": author, "category": category, "status": status},
        )


def _sealed_rows(tables: Tables, checked: Checked) -> None:
    served, envelopes = checked.served, checked.envelopes
    if served and served.tags:
        tables.add(
            "served",
            {
                "sha256": [checked.sha256] * len(served.tags), "tag": served.tags, "kind": served.kinds,
                "district": served.districts, "given_at": served.at, "hour": served.hours,
            },
        )  # fmt: skip
    if envelopes:
        tables.add(
            "envelope",
            {
                "sha256": [checked.sha256] * len(envelopes),
                "tag": [e.tag for e in envelopes],
                "district": [e.district for e in envelopes],
                "sealed": [e.sealed for e in envelopes],
                "genuine": [e.genuine for e in envelopes],
            },
        )


def take_in(
    tables: Tables,
    paths: Sequence[Path],
    election: bytes,
    sealing_seed: bytes = b"",
    told: Callable[[Checked, bool], None] = lambda checked, new: None,
    workers: int | None = None,
) -> int:
    """Check and store; how many were new. `told` hears each with its verdict, and whether it was new."""
    new = 0
    signed = election_file.read(election)
    tables.belong_to(f"{signed.definition.hash} {signed.authority.hex()}")
    before = looked_at(tables, bool(sealing_seed))
    for checked in check_all(paths, election, sealing_seed, workers, before):
        fresh = store(tables, checked)
        new += fresh
        told(checked, fresh)
    return new
