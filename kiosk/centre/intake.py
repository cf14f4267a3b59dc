"""Taking packets in: each is checked by itself, in worker processes, and comes into the tables whole or not at all.

What arrives twice is taken in once; in which order, and by how many, makes no difference.
"""

import gc
import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec

from kiosk.centre import sealed_parts
from kiosk.centre.sealed_parts import Envelope, Served
from kiosk.centre.store import forget, looked_at, store
from kiosk.centre.tables import Tables
from kiosk.centre.workers import cores
from kiosk.centre.workers import workers as workers_of
from kiosk.errors import DeviceError, Fact, IntegrityError, KioskError
from kiosk.packet import archive
from kiosk.packet import content as c
from kiosk.packet.package import SUFFIX as PACKAGE
from kiosk.packet.verify import verify_entries
from kiosk.trust import election_file, keys

SUFFIX = ".zip"
_FEW = 8  # packets that are checked here, without other processes
_AT_ONCE = 4  # packets handed to a process: fewer would let it wait
_MOST_NAME = 120
_MOST_BYTES = 48 << 20  # thirty times an ordinary packet: what is read whole, before any signature is seen
_DEEPEST = 8  # folders
_UNFINISHED = (".part", ".partial", ".crdownload", ".tmp")
_LAST_LETTER = 0x530  # Latin and Cyrillic lie before it


class Checked(msgspec.Struct, frozen=True, kw_only=True):
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
    """`root`: the folder that names are told from. `sealing_seed`: empty for an intake that only looks at what is
    public. `known`: hashes not to look at again."""

    def __init__(
        self, election: bytes, root: Path, sealing_seed: bytes = b"", known: frozenset[str] = frozenset()
    ) -> None:
        self.election = election_file.read(election)
        self._root = root
        self._sealing = keys.sealing_key(sealing_seed) if sealing_seed else None
        self._known = known

    def check(self, path: Path) -> Checked:
        """Never raises on any file whatsoever."""
        file = _shown(path, self._root)
        digest, size, keyed = "", 0, self._sealing is not None
        try:
            content = _read(path)
            digest, size = hashlib.sha256(content).hexdigest(), len(content)
            if digest in self._known:
                return Checked(file=file, sha256=digest, size=size, known=True)
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
                served, envelopes = sealed_parts.open_parts(
                    entries, verdict.manifest, verdict.protocol, self._sealing, definition=self.election.definition
                )
            return Checked(
                file=file,
                sha256=digest,
                size=size,
                code="",
                facts={},
                keyed=keyed,
                known=False,
                manifest=verdict.manifest,
                protocol=verdict.protocol,
                complaints=complaints,
                served=served,
                envelopes=envelopes,
            )
        except KioskError as error:
            return Checked(
                file=file, sha256=digest or _name_hash(file), size=size, code=error.code, facts=error.facts, keyed=keyed
            )
        except Exception as error:  # noqa: BLE001 (one file that nobody thought of must not stop the nation's count)
            reason: dict[str, Fact] = {"reason": type(error).__name__}
            return Checked(
                file=file,
                sha256=digest or _name_hash(file),
                size=size,
                code="packet_unchecked",
                facts=reason,
                keyed=keyed,
            )


def _shown(path: Path, root: Path) -> str:
    """A file's name below `root` as it may stand on a page, on paper and in a spreadsheet: what the fonts have not is a
    question mark, and nothing begins like a formula."""
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    shown = "".join(x if x.isprintable() and ord(x) < _LAST_LETTER else "?" for x in name)[-_MOST_NAME:]
    return f"_{shown}" if shown[:1] in "=+-@" else shown


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


def _begin(election: bytes, root: Path, sealing_seed: bytes, known: frozenset[str]) -> None:
    global _checker
    _checker = Checker(election, root, sealing_seed, known)
    gc.collect()
    gc.freeze()  # the definition stays; looking through it again and again took a fifth of the time,
    gc.set_threshold(200_000)  # and looking for rings among a packet's records, which have none, another


def _work(paths: list[Path]) -> list[Checked]:
    assert _checker is not None
    return [_checker.check(path) for path in paths]


def check_all(
    paths: Sequence[Path],
    election: bytes,
    *,
    sealing_seed: bytes = b"",
    workers: int | None = None,
    known: frozenset[str] = frozenset(),
    root: Path = Path(),
) -> Iterator[Checked]:
    """Every file with its verdict, in no particular order, on all cores."""
    if len(paths) <= _FEW or workers == 1:
        checker = Checker(election, root, sealing_seed, known)
        yield from map(checker.check, paths)
        return
    most = 3 * (workers or cores())
    given = (election, root, sealing_seed, known)
    waiting = deque(paths)
    while waiting:
        running: dict[Future[list[Checked]], list[Path]] = {}
        try:
            with workers_of(workers, _begin, given) as executor:
                while waiting or running:
                    while waiting and len(running) < most:
                        some = list(islice(waiting, _AT_ONCE))
                        running[executor.submit(_work, some)] = some
                        for _path in some:
                            waiting.popleft()
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        checked = future.result()
                        del running[future]
                        yield from checked
        except DeviceError:
            yield from _suspects([path for some in running.values() for path in some], given)


def _suspects(paths: list[Path], given: tuple[bytes, Path, bytes, frozenset[str]]) -> Iterator[Checked]:
    """A process died of one of these files: each in a process of its own. What kills that too is refused, and the night
    goes on. DeviceError `worker_lost` where it is not the files: where nothing can be checked any more."""
    found: list[Checked | None] = []
    for path in paths:
        try:
            with workers_of(1, _begin, given) as executor:
                found += executor.submit(_work, [path]).result()
        except DeviceError:
            found.append(None)
    if len(found) > 1 and not any(found):
        raise DeviceError("worker_lost")
    _election, root, sealing_seed, _known = given
    for path, checked in zip(paths, found, strict=True):
        file = _shown(path, root)
        reason: dict[str, Fact] = {"reason": "worker_lost"}
        yield checked or Checked(
            file=file, sha256=_name_hash(file), size=0, code="packet_unchecked", facts=reason, keyed=bool(sealing_seed)
        )


def files_in(folder: Path) -> list[Path]:
    """Everything that may be a packet, also in folders below; hidden files are somebody's unfinished copies.

    What an upload target holds is somebody else's: folders that go on for ever, vanish, or can't be read are passed.
    """
    found: list[Path] = []
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        with suppress(OSError), os.scandir(here) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting += [(Path(entry.path), depth + 1)] if depth < _DEEPEST else []
                elif _may_be_packet(entry.name):
                    found.append(Path(entry.path))
    return sorted(found)


def _may_be_packet(name: str) -> bool:
    """Also one that a browser or a careful clerk renamed; not what went out, and not a download that goes on."""
    low = name.lower()
    return SUFFIX in low and not low.endswith((PACKAGE, *_UNFINISHED))


def take_in(
    tables: Tables,
    paths: Sequence[Path],
    election: bytes,
    *,
    sealing_seed: bytes = b"",
    told: Callable[[Checked, bool], None] = lambda checked, new: None,
    workers: int | None = None,
    root: Path = Path(),
    again: bool = False,
) -> int:
    """Check and store; how many were new. `told` hears each with its verdict, and whether it was new. `root`: the
    folder that names are told from. `again`: what the tables say of these files is not believed but replaced."""
    new = 0
    signed = election_file.read(election)
    tables.belong_to(f"{signed.definition.hash} {signed.authority.hex()}")
    before = looked_at(tables, bool(sealing_seed))
    if again and before:
        forget(tables, before & {_hash(path) for path in paths})
    for checked in check_all(
        paths, election, sealing_seed=sealing_seed, workers=workers, known=frozenset() if again else before, root=root
    ):
        fresh = store(tables, checked) and checked.sha256 not in before
        new += fresh
        told(checked, fresh)
    return new


def _hash(path: Path) -> str:
    with suppress(KioskError):
        return hashlib.sha256(_read(path)).hexdigest()
    return ""
