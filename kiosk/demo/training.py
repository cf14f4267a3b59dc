"""A training station: its own folder, its own keys, its own people; everything in it says `demo`.

Made once by the real provisioning and set-up code; what the trainer needs beside it (the badges' texts and PINs, the
documents to "scan") is kept in training.json, which no real station has.
"""

import csv
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.election.definition import Role
from kiosk.errors import IntegrityError
from kiosk.progress import Progress
from kiosk.trust import credential as cr

if TYPE_CHECKING:
    from kiosk.election.source import Source

FILE, CLOCK, LESSON = "training.json", "clock.txt", "lesson.json"
_VOTERS, _REMOTE, _SEED = 140, 12, 11
_FOLDERS = ("centre", "station", "mirror", "stick", "printed")


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """A badge as the trainee holds it: card and PIN together, which no real one ever is."""

    id: str
    role: Role
    name_ky: str
    name_ru: str
    text: str
    pin: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who comes to the desk, and what the scanner reads from their document."""

    story: str  # kiosk.demo.voters.Story
    pin: str
    scan: str
    name: str
    remote: bool


class Training(msgspec.Struct, frozen=True, kw_only=True):
    base: str  # where it lies now
    station: int
    badges: tuple[Badge, ...]
    queue: tuple[Document, ...]  # in the order in which they come
    opens: str  # ISO, with zone
    struck_off: str
    asked_home_vote: str

    @property
    def folder(self) -> Path:
        return Path(self.base) / "station"

    def badge(self, id_: str) -> Badge:
        return next(b for b in self.badges if b.id == id_)


def prepare(base: Path, read_source: Callable[[], "Source"], station: int, progress: Progress) -> Training:
    """The training station below `base`, made if it is not there. IntegrityError `purpose_foreign` for an election
    that is not a demo: refused by what is signed, not by habit."""
    if found := _read(base, station):
        return found
    source = read_source()
    if source.definition.purpose != "demo":
        raise IntegrityError("purpose_foreign", found=source.definition.purpose, wanted="demo")
    if not source.definition.has_station(station):
        raise IntegrityError("station_unknown", station=station)
    return _make(base, source, station, progress)


def morning(training: Training) -> datetime:
    """When a training day begins: forty minutes before the polls open."""
    return datetime.fromisoformat(training.opens) - timedelta(minutes=40)


def restart(base: Path) -> None:
    """Throw away the day, keep nothing; the next `prepare` makes a new one. Touches nothing but a training station."""
    if not (base / FILE).exists():
        return
    credential = base / "station" / "credential.dsse.json"
    if credential.exists() and (found := cr.read(credential.read_bytes()).purpose) != "demo":
        raise IntegrityError("purpose_foreign", found=found, wanted="demo")
    (base / FILE).unlink()
    for name in (CLOCK, LESSON):
        (base / name).unlink(missing_ok=True)
    for name in _FOLDERS:
        shutil.rmtree(base / name, ignore_errors=True)


def clock_of(training: Training) -> datetime:
    """Where the training clock stood last: it never goes back by itself."""
    try:
        return datetime.fromisoformat((Path(training.base) / CLOCK).read_text("ascii").strip())
    except (OSError, ValueError):
        return morning(training)


def keep_clock(training: Training, now: datetime) -> None:
    (Path(training.base) / CLOCK).write_text(now.isoformat(), "ascii")


def _read(base: Path, station: int) -> Training | None:
    try:
        found = msgspec.json.decode((base / FILE).read_bytes(), type=Training)
    except (OSError, msgspec.DecodeError):
        return None
    return msgspec.structs.replace(found, base=str(base)) if found.station == station else None


def _make(base: Path, source: "Source", station: int, progress: Progress) -> Training:
    from kiosk.demo.stage import Stage  # what provisions is needed once, not by the station that runs

    room = source.definition.station(station).voters - 12
    stage = Stage(source, station, max(0, min(_VOTERS, room)), _REMOTE, seed=_SEED, out=base, progress=progress)
    people = stage.provision_station()
    stage.set_up()
    with (base / "roll.csv").open(encoding="utf-8", newline="") as file:
        names = {row[0]: " ".join(part for part in row[1:4] if part) for row in csv.reader(file)}
    queue = tuple(
        Document(story=v.story, pin=v.pin, scan=v.scan, name=names.get(v.pin, ""), remote=v.remote)
        for v in people.visits
    )
    badges = tuple(
        Badge(
            id=c.officer.id,
            role=c.officer.role,
            name_ky=c.officer.name_ky,
            name_ru=c.officer.name_ru,
            text=c.text,
            pin=c.pin,
        )
        for c in stage.made.cards
    )
    made = Training(
        base=str(base),
        station=station,
        badges=badges,
        queue=queue,
        opens=stage.opens.isoformat(),
        struck_off=people.struck_off,
        asked_home_vote=people.asked_home_vote,
    )
    (base / FILE).write_bytes(msgspec.json.encode(made))
    return made
