"""Provisioning: from the election folder and the national roll to one signed package per station.

The roll is read twice, streaming: once for the nation index (tags of everybody), once to fill the rolls of the
stations that are wanted, on all cores. A station's package never holds another station's names. A run that was
interrupted goes on where it stopped (kiosk.centre.provision.unfinished).
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.centre.provision import station
from kiosk.centre.provision.authority import Authority
from kiosk.centre.provision.station import Job, Provisioned
from kiosk.centre.provision.unfinished import Unfinished
from kiosk.centre.workers import cores
from kiosk.centre.workers import workers as workers_of
from kiosk.election.definition import Definition
from kiosk.election.source import Source
from kiosk.errors import IntegrityError, Problem, ProblemsError
from kiosk.packet import package
from kiosk.progress import Progress, silent
from kiosk.roll import nation
from kiosk.roll.person import Pin
from kiosk.roll.reading import RollReader, Row
from kiosk.storage.files import write_file
from kiosk.text import _
from kiosk.trust import badges, election_file
from kiosk.trust.keys import read_sealing_public
from kiosk.trust.sealing import seal

ELECTION_FILE, NATION_FILE, NATION_KEY_FILE = "election.dsse.json", "nation.sqlite", "nation-key.hpke"

_HELD = 400_000  # rows in memory: a roll that is not in order of stations is read again rather than held whole
_FEW = 4  # stations that are made here, without other processes


def nation_key_info(definition_hash: str) -> bytes:
    """What the nation key is bound to where it is sealed for the centre, which checks tags against the index."""
    return f"ks1 nation-key {definition_hash}".encode()


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made, below `out`. `stations`: all by default. `printed`: cards and PIN letters as PDF too."""

    source: Source
    roll: Path
    out: Path
    authority: Authority
    now: datetime
    stations: Collection[int] | None = None
    badge_cost: badges.Cost = badges.Cost()
    printed: bool = True
    tokens: Mapping[str, badges.Badge] = {}  # by badge id: prepared tokens in place of cards

    @property
    def definition(self) -> Definition:
        return self.source.definition

    @property
    def wanted(self) -> frozenset[int]:
        return (
            frozenset(s.number for s in self.definition.stations) if self.stations is None else frozenset(self.stations)
        )


def provision(
    run: Run,
    *,
    replace: bool = False,
    report: Callable[[Problem], None] = lambda problem: None,
    progress: Progress = silent,
    workers: int | None = None,
) -> list[Provisioned]:
    """Packages, badge cards and PIN letters of the stations, and the shared files beside.

    ProblemsError if the roll has a bad row or does not have the voters the definition says, for any station in it;
    `out` then holds nothing new. The nation key is made anew for each run: all stations of a nation index are made in
    one, and IntegrityError `packages_in_the_way` keeps a second from orphaning the packages of the first. Interrupted
    otherwise, the same call goes on with the stations that are missing. `workers`: processes, all cores by default.
    A finished run is repeated only with `replace` (`packages_made_already`): the packages that went out would be good
    for nothing.
    """
    out, wanted = run.out, run.wanted
    out.mkdir(parents=True, exist_ok=True)
    others = sorted(int(p.name) for p in out.iterdir() if p.name.isdigit() and int(p.name) not in wanted)
    if others:  # their packages name the nation index that lies here, and a new one would replace it
        raise IntegrityError("packages_in_the_way", station=others[0], count=len(others))
    if (out / ELECTION_FILE).exists() and not replace:
        raise IntegrityError("packages_made_already")
    work = Unfinished.open(out, run.source, run.roll, run.authority, stations=wanted)
    try:
        job = _job_of(run, work, report, progress)
        made = {p.station: p for p in _stations(run, job, work.done(), workers=workers, progress=progress)}
    except (ProblemsError, IntegrityError):
        work.forget()
        raise
    work.finish(out)
    order = [*made, *sorted(wanted - made.keys())]
    return [station.in_folder(out, n, made[n].cards if n in made else ()) for n in order]


def _job_of(run: Run, work: Unfinished, report: Callable[[Problem], None], progress: Progress) -> Job:
    """The nation index, unless an interrupted run has made it, and the files that all stations share."""
    authority = run.authority
    if work.nation is None:
        path = work.folder / NATION_FILE
        path.unlink(missing_ok=True)
        reader = RollReader(run.roll, report, {s.number for s in run.definition.stations})
        work.keep_nation(_build_nation(path, run, reader, work.nation_key, progress=progress))
    assert work.nation is not None
    election = election_file.issue(run.definition, authority.signing, authority.sealing_public)
    write_file(work.folder / ELECTION_FILE, election)
    info = nation_key_info(run.definition.hash)
    sealed = seal(work.nation_key, read_sealing_public(authority.sealing_public), info)
    write_file(work.folder / NATION_KEY_FILE, sealed)
    return Job(
        source=run.source,
        authority=authority,
        nation_key=work.nation_key,
        nation=work.nation,
        election=election,
        out=work.folder,
        now=run.now,
        badge_cost=run.badge_cost,
        printed=run.printed,
        tokens=run.tokens,
    )


def _build_nation(path: Path, run: Run, reader: RollReader, nation_key: bytes, *, progress: Progress) -> package.Nation:
    """First pass: every row is checked and counted, every PIN becomes a tag."""
    counts: Counter[tuple[int, str]] = Counter()

    def tags() -> Iterator[tuple[bytes, int, int, int]]:
        districts: dict[int, int] = {s.number: s.district for s in run.definition.stations}
        for number, row in enumerate(reader):
            if number % 20_000 == 0:
                progress(_("nation index"), reader.done, reader.size)
            counts[row[6], row[5]] += 1
            yield nation.tag(nation_key, Pin(f"{row[0]:014d}")), row[6], row[7], districts[row[6]]

    nation.build(path, package.nation_file_key(nation_key), tags())
    _compare_counts(reader, counts, run.definition, run.wanted)
    if reader.problems:
        raise ProblemsError([], reader.problems)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return package.Nation(path.stat().st_size, digest.hexdigest())


def _compare_counts(
    reader: RollReader, counts: Counter[tuple[int, str]], definition: Definition, wanted: Collection[int]
) -> None:
    """Each station in the roll has the men and women of the definition, and each that is wanted is in the roll."""
    absent = first = 0
    for here in definition.stations:
        found = (counts[here.number, "m"], counts[here.number, "f"])
        expected = (here.voters_m, here.voters_f)
        if found != expected and any(found):
            what = _(
                "station {n}: men {m}, women {f}; the definition says {dm} and {df}; correct one of them",
                n=here.number, m=found[0], f=found[1], dm=expected[0], df=expected[1],
            )  # fmt: skip
            reader.problem(1, what)
        elif here.voters and not any(found) and here.number in wanted:
            absent, first = absent + 1, first or here.number
    if absent:
        reader.problem(
            1,
            _(
                "stations without a voter in this roll: {n}, among them {first}; name the stations to make",
                n=absent,
                first=first,
            ),
        )


def _stations(
    run: Run, job: Job, done: Collection[int], *, workers: int | None, progress: Progress
) -> Iterator[Provisioned]:
    """Second pass: a station is made as soon as its last voter was read."""
    missing = [n for n in run.wanted if n not in done]
    size, made = len(run.wanted), len(run.wanted) - len(missing)
    progress(_("stations"), made, size)
    complete = _complete(run.definition, run.roll, missing)
    if len(missing) <= _FEW or workers == 1:
        results: Iterator[Provisioned] = (station.make(job, number, rows) for number, rows in complete)
    else:
        results = _in_parallel(job, complete, workers or cores())
    for result in results:
        made += 1
        progress(_("stations"), made, size)
        yield result


_job: Job | None = None  # of a worker process


def _begin(job: Job) -> None:
    global _job
    _job = job


def _work(number: int, rows: list[Row]) -> Provisioned:
    assert _job is not None
    return station.make(_job, number, rows)


def _in_parallel(job: Job, complete: Iterator[tuple[int, list[Row]]], count: int) -> Iterator[Provisioned]:
    """A few stations ahead of the workers and no more, so that the rows of few stations are held."""
    with workers_of(count, _begin, (job,)) as executor:
        running: set[Future[Provisioned]] = set()
        for number, rows in complete:
            running.add(executor.submit(_work, number, rows))
            if len(running) >= 2 * count:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in finished)


def _complete(definition: Definition, roll: Path, missing: list[int]) -> Iterator[tuple[int, list[Row]]]:
    """(station, all its rows), each once; the roll is read as often as the rows held at a time demand."""
    for number in sorted(n for n in missing if not definition.station(n).voters):
        yield number, []
    left = {n for n in missing if definition.station(n).voters}
    while left:
        before = len(left)
        waiting: dict[int, list[Row]] = {}
        begun = 0  # voters of the stations that are being collected
        for row in RollReader(roll, lambda problem: None):
            number = row[6]
            if number not in left:
                continue
            voters = definition.station(number).voters
            if number not in waiting:
                if begun and begun + voters > _HELD:
                    continue  # in the next reading
                waiting[number] = []
                begun += voters
            waiting[number].append(row)
            if len(waiting[number]) == voters:
                left.discard(number)
                begun -= voters
                yield number, waiting.pop(number)
        if len(left) == before:  # the roll is not the one that was counted
            raise IntegrityError("roll_changed", file=roll.name)
