"""Provisioning: from the election folder and the national roll to one signed package per station.

The roll is read twice, streaming: once for the nation index (tags of everybody), once to fill the rolls of the
stations that are wanted. A station's package never holds another station's names.
"""

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.centre.authority import Authority
from kiosk.election.definition import Definition, Official
from kiosk.election.source import Source
from kiosk.errors import IntegrityError, Problem, ProblemsError
from kiosk.forms import pages
from kiosk.packet import package
from kiosk.roll import nation
from kiosk.roll.importing import Filler
from kiosk.roll.person import Pin
from kiosk.roll.reading import RollReader, Row
from kiosk.storage.database import write_file
from kiosk.text import _
from kiosk.trust import badges, election_file, keys
from kiosk.trust.credential import Credential, Officer, issue

ELECTION_FILE, NATION_FILE = "election.dsse.json", "nation.sqlite"

_WORK = ".provision-"

Progress = Callable[[str, int, int], None]  # step, done, in all


class Card(msgspec.Struct, frozen=True):
    """A badge as it is handed out: the text of its QR, and the PIN, which travels apart."""

    officer: Officer
    text: str
    pin: str

    def __repr__(self) -> str:
        return f"Card({self.officer.id})"


class Provisioned(msgspec.Struct, frozen=True):
    """What was made for one station."""

    station: int
    folder: Path
    package: Path
    cards: tuple[Card, ...]

    def card(self, id_: str) -> Card:
        return next(card for card in self.cards if card.officer.id == id_)


class _Job(msgspec.Struct, frozen=True):
    source: Source
    authority: Authority
    nation_key: bytes
    nation: package.Nation
    out: Path
    now: datetime
    badge_cost: badges.Cost


def provision(
    source: Source,
    roll: Path,
    out: Path,
    authority: Authority,
    now: datetime,
    stations: Collection[int] | None = None,
    report: Callable[[Problem], None] = lambda problem: None,
    progress: Progress = lambda step, done, size: None,
    badge_cost: badges.Cost = badges.Cost(),  # noqa: B008 (immutable)
) -> list[Provisioned]:
    """Packages, badge cards and PIN letters of `stations` (all by default) below `out`, and the shared files beside.

    ProblemsError if the roll has a bad row or does not have the voters the definition says, for any station in it;
    `out` then holds nothing new. The nation key is made anew each time: all stations of a nation index are made in one
    run, and IntegrityError `packages_in_the_way` keeps a second run from orphaning the packages of the first.
    """
    definition = source.definition
    wanted = frozenset(stations) if stations is not None else frozenset(s.number for s in definition.stations)
    out.mkdir(parents=True, exist_ok=True)
    others = sorted(int(p.name) for p in out.iterdir() if p.name.isdigit() and int(p.name) not in wanted)
    if others:  # their packages name the nation index that lies here, and a new one would replace it
        raise IntegrityError("packages_in_the_way", station=others[0], count=len(others))
    nation_key = keys.new_seed()
    for stale in out.glob(f"{_WORK}*"):  # of a run that was killed
        shutil.rmtree(stale)
    work = Path(tempfile.mkdtemp(prefix=_WORK, dir=out))
    try:
        made = _build_nation(work / NATION_FILE, roll, definition, nation_key, wanted, report, progress)
        job = _Job(source, authority, nation_key, made, work, now, badge_cost)
        election = election_file.issue(definition, authority.signing, authority.sealing_public)
        write_file(work / ELECTION_FILE, election)
        done = list(_stations(job, roll, wanted, election, progress))
        for path in sorted(work.iterdir()):
            target = out / path.name
            if target.is_dir():
                shutil.rmtree(target)
            path.replace(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return [Provisioned(p.station, out / p.folder.name, out / p.folder.name / p.package.name, p.cards) for p in done]


def _build_nation(
    path: Path,
    roll: Path,
    definition: Definition,
    nation_key: bytes,
    wanted: Collection[int],
    report: Callable[[Problem], None],
    progress: Progress,
) -> package.Nation:
    """First pass: every row is checked and counted, every PIN becomes a tag."""
    reader = RollReader(roll, report, {s.number for s in definition.stations})
    counts: Counter[tuple[int, str]] = Counter()

    def tags() -> Iterator[tuple[bytes, int, int, int]]:
        districts: dict[int, int] = {s.number: s.district for s in definition.stations}
        for number, row in enumerate(reader):
            if number % 20_000 == 0:
                progress(_("nation index"), reader.done, reader.size)
            counts[row[6], row[5]] += 1
            yield nation.tag(nation_key, Pin(f"{row[0]:014d}")), row[6], row[7], districts[row[6]]

    nation.build(path, package.nation_file_key(nation_key), tags())
    _compare_counts(reader, counts, definition, wanted)
    if reader.problems:
        raise ProblemsError([], reader.problems)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return package.Nation(path.stat().st_size, digest.hexdigest())


def _compare_counts(
    reader: RollReader, counts: Counter[tuple[int, str]], definition: Definition, wanted: Collection[int]
) -> None:
    """Each station in the roll has the men and women of the definition, and each that is wanted is in the roll."""
    absent = first = 0
    for station in definition.stations:
        found = (counts[station.number, "m"], counts[station.number, "f"])
        expected = (station.voters_m, station.voters_f)
        if found != expected and any(found):
            what = _(
                "station {n} has {m} men and {f} women; the definition says {dm} and {df}; correct one of them",
                n=station.number, m=found[0], f=found[1], dm=expected[0], df=expected[1],
            )  # fmt: skip
            reader.problem(1, what)
        elif station.voters and not any(found) and station.number in wanted:
            absent, first = absent + 1, first or station.number
    if absent:
        reader.problem(
            1,
            _(
                "{n} stations have no voter in this roll, among them {first}; name the stations to make",
                n=absent,
                first=first,
            ),
        )


def _stations(
    job: _Job, roll: Path, wanted: Collection[int], election: bytes, progress: Progress
) -> Iterator[Provisioned]:
    """Second pass: a station is made as soon as its last voter was read, so few rows are held at a time."""
    definition = job.source.definition
    waiting: dict[int, list[Row]] = {n: [] for n in wanted}
    size = len(waiting)

    def complete(number: int) -> bool:
        return len(waiting[number]) == definition.station(number).voters

    for number in sorted(n for n in wanted if complete(n)):  # stations without a roll of their own
        yield _one(job, number, waiting.pop(number), election)
        progress(_("stations"), size - len(waiting), size)
    for row in RollReader(roll, lambda problem: None):
        number = row[6]
        if number in waiting:
            waiting[number].append(row)
            if complete(number):
                yield _one(job, number, waiting.pop(number), election)
                progress(_("stations"), size - len(waiting), size)


def _one(job: _Job, number: int, rows: list[Row], election: bytes) -> Provisioned:
    definition, authority = job.source.definition, job.authority
    folder = job.out / str(number)
    folder.mkdir()
    store_key, station_seed = keys.new_seed(), keys.new_seed()
    cards = [_card(official, job.badge_cost) for official in job.source.officials_of(number)]
    credential = Credential(
        1,
        definition.purpose,
        definition.id,
        definition.hash,
        number,
        definition.quorum,
        keys.signing_public(keys.signing_key(station_seed)).hex(),
        authority.public.hex(),
        authority.sealing_public.hex(),
        tuple(card.officer for card in cards),
    )
    filler = Filler(folder / package.ROLL, package.roll_key(store_key))
    filler.fill(sorted(rows, key=lambda row: row[7]))
    filler.finish()
    secrets = package.Secrets(station_seed.hex(), job.nation_key.hex())
    entries = {
        package.ELECTION: election,
        package.CREDENTIAL: issue(credential, authority.signing),
        package.KEYRING: package.make_keyring(credential, store_key),
        package.VAULT: package.lock_vault(secrets, store_key, credential),
        package.ROLL: (folder / package.ROLL).read_bytes(),
    }
    (folder / package.ROLL).unlink()
    path = folder / package.file_name(number)
    write_file(path, package.build(credential, job.nation, entries, authority.signing))
    printed = ((c.officer, c.text) for c in cards)
    write_file(folder / "badges.pdf", pages.badge_cards(definition, number, printed, job.now))
    letters = ((c.officer, c.pin) for c in cards)
    write_file(folder / "pins.pdf", pages.pin_letters(definition, number, letters, job.now))
    (folder / "pins.pdf").chmod(0o600)
    return Provisioned(number, folder, path, tuple(cards))


def _card(official: Official, cost: badges.Cost) -> Card:
    badge = badges.Badge(official.id, keys.new_seed())
    officer = Officer(
        official.id,
        official.role,
        official.name_ky,
        official.name_ru,
        badge.signing_public.hex(),
        badge.sealing_public.hex(),
    )
    pin = badges.new_pin()
    return Card(officer, badges.make_card(badge, pin, cost), pin)
