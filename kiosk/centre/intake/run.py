"""Taking packets in: each is checked in worker processes, and comes into the tables whole or not at all.

What arrives twice is taken in once; in which order, and by how many, makes no difference.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec

from kiosk.centre.intake.check import Against, Checked, Checker, file_hash, unchecked
from kiosk.centre.intake.store import forget, looked_at, store
from kiosk.centre.tables import Tables
from kiosk.centre.workers import cores
from kiosk.centre.workers import workers as workers_of
from kiosk.devices.leftovers import is_leftover
from kiosk.errors import DeviceError
from kiosk.packet.content import MANIFEST
from kiosk.packet.package import SUFFIX as PACKAGE
from kiosk.trust import election_file

SUFFIX, PACKET = ".zip", ".packet"
_FEW = 8  # packets that are checked here, without other processes
_AT_ONCE = 4  # packets handed to a process: fewer would let it wait
_DEEPEST = 8  # folders
_UNFINISHED = (".part", ".partial", ".crdownload", ".tmp")

Told = Callable[[Checked, bool], None]  # a file with its verdict, and whether it is new


_checker: Checker | None = None  # of a worker process


def _begin(against: Against) -> None:
    global _checker
    _checker = Checker(against)
    gc.collect()
    gc.freeze()  # the definition stays; looking through it again and again took a fifth of the time,
    gc.set_threshold(200_000)  # and looking for rings among a packet's records, which have none, another


def _work(paths: list[Path]) -> list[Checked]:
    assert _checker is not None
    return [_checker.check(path) for path in paths]


def check_all(paths: Sequence[Path], against: Against, workers: int | None = None) -> Iterator[Checked]:
    """Every file with its verdict, in no particular order, on all cores."""
    if len(paths) <= _FEW or workers == 1:
        yield from map(Checker(against).check, paths)
        return
    most = 3 * (workers or cores())
    waiting = deque(paths)
    while waiting:
        running: dict[Future[list[Checked]], list[Path]] = {}
        try:
            with workers_of(workers, _begin, (against,)) as executor:
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
            yield from _suspects([path for some in running.values() for path in some], against)


def _suspects(paths: list[Path], against: Against) -> Iterator[Checked]:
    """A process died of one of these files: each in a process of its own. What kills that too is refused, and the night
    goes on. DeviceError `worker_lost` where it is not the files: where nothing can be checked any more."""
    found: list[Checked | None] = []
    for path in paths:
        try:
            with workers_of(1, _begin, (against,)) as executor:
                found += executor.submit(_work, [path]).result()
        except DeviceError:
            found.append(None)
    if len(found) > 1 and not any(found):
        raise DeviceError("worker_lost")
    for path, checked in zip(paths, found, strict=True):
        yield checked or unchecked(path, against, "worker_lost")


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
                if is_leftover(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if (Path(entry.path) / MANIFEST).is_file():
                        found.append(Path(entry.path))  # an unpacked packet: refused by name rather than passed over
                    waiting += [(Path(entry.path), depth + 1)] if depth < _DEEPEST else []
                elif _may_be_packet(entry.name):
                    found.append(Path(entry.path))
    return sorted(found)


def _may_be_packet(name: str) -> bool:
    """Also one that a browser or a careful clerk renamed; not what went out, and not a download that goes on."""
    low = name.lower()
    return (SUFFIX in low or PACKET in low) and not low.endswith((PACKAGE, *_UNFINISHED))


def take_in(
    tables: Tables,
    paths: Sequence[Path],
    against: Against,
    told: Told = lambda checked, new: None,
    *,
    workers: int | None = None,
    again: bool = False,
) -> int:
    """Check and store; how many were new. `again`: what the tables say of these files is not believed but replaced."""
    new = 0
    signed = election_file.read(against.election)
    tables.belong_to(f"{signed.definition.hash} {signed.authority.hex()}")
    before = looked_at(tables, against.keyed)
    if again and before:
        forget(tables, before & {file_hash(path) for path in paths})
    known = frozenset() if again else before
    for checked in check_all(paths, msgspec.structs.replace(against, known=known), workers):
        fresh = store(tables, checked) and checked.sha256 not in before
        new += fresh
        told(checked, fresh)
    return new
