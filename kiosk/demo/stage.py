"""The stage of a rehearsal: one provisioned station with its badges, a clock to set, and an eye on every answer."""

import random
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

from kiosk.centre.provision import authority as authority_file
from kiosk.centre.provision.run import NATION_FILE, Run, provision
from kiosk.centre.provision.station import Card, Provisioned
from kiosk.day.setup import load_package
from kiosk.day.station import Station
from kiosk.demo.voters import Cast, write_roll
from kiosk.devices.clock import SetClock
from kiosk.election.calendar import station_hours
from kiosk.election.source import Source
from kiosk.errors import KioskError, Refusal, must
from kiosk.progress import Progress
from kiosk.text import _
from kiosk.trust import keys

_MARK = ".rehearsal"  # what lies beside it was made by a rehearsal and may go


class Stage:
    """What every rehearsal needs, whoever plays the parts."""

    def __init__(
        self, source: Source, station: int, voters: int, remote: int, *, seed: int, out: Path, progress: Progress
    ) -> None:
        if source.definition.purpose == "official":
            raise KioskError("rehearsal_official")
        self.source = source
        self.number = station
        self.voters, self.remote, self.seed = voters, remote, seed
        self.out = out
        self.progress = progress
        self.dice = random.Random(f"day {seed}")
        hours = station_hours(source.definition, station)
        self.opens, self.closes = hours.opens, hours.closes
        self.clock = SetClock(self.opens - timedelta(minutes=40), source.definition.purpose)
        self.paper: Counter[int] = Counter()  # what lies in the ballot box: home ballots as the voters marked them
        self.refusals: Counter[str] = Counter()
        self.folder = out / "station"
        self.made: Provisioned
        self.station: Station

    def provision_station(self) -> Cast:
        self.progress(_("making the roll"), 0, 1)
        self._clear()
        definition = self.source.definition
        roll = self.out / "roll.csv"
        people = write_roll(
            roll, definition, definition.station(self.number), self.seed, voters=self.voters, remote=self.remote
        )
        self.progress(_("provisioning"), 0, 1)
        authority = authority_file.new()
        run = Run(
            source=self.source, roll=roll, out=self.out / "centre", authority=authority, now=self.clock.now(),
            stations=[self.number],
        )  # fmt: skip
        [self.made] = provision(run)
        self.fingerprint = keys.fingerprint(authority.public)
        return people

    def _clear(self) -> None:
        """Take away an earlier rehearsal, and nothing else: folders that are not ours stop the run."""
        self.out.mkdir(parents=True, exist_ok=True)
        mark = self.out / _MARK
        old = [self.out / name for name in ("centre", "station", "mirror", "stick") if (self.out / name).exists()]
        if old and not mark.exists():
            raise KioskError("rehearsal_in_the_way", folder=str(old[0]))
        mark.touch()
        for folder in old:
            shutil.rmtree(folder)

    def set_up(self) -> None:
        self.progress(_("setting up the terminal"), 0, 1)
        purpose = self.source.definition.purpose
        nation = self.out / "centre" / NATION_FILE
        load_package(self.made.package, nation, self.out / "station", purpose, authority_fingerprint=self.fingerprint)

    def unlock(self, card: Card) -> Station:
        mirror = self.out / "mirror" if self.folder == self.out / "station" else None
        return must(Station.unlock(self.folder, self.clock, card.text, card.pin, mirror=mirror))

    def card(self, role: str) -> Card:
        return self.made.card(f"{self.number}-{role}")

    def sign_in(self, role: str) -> None:
        card = self.card(role)
        must(self.station.sign_in(card.text, card.pin))

    def attend(self, roles: tuple[str, ...] = ()) -> None:
        """The chair and k members, unless others are named."""
        members = (f"member-{i}" for i in range(1, self.source.definition.quorum + 1))
        for role in roles or ("chair", *members):
            card = self.card(role)
            must(self.station.attend(card.text, card.pin))

    def expect(self, answer: object, code: str) -> None:
        """Trouble that must be refused, and with this code."""
        if not isinstance(answer, Refusal) or answer.code != code:
            raise KioskError("rehearsal_surprise", wanted=code, found=getattr(answer, "code", "accepted"))
        self.refusals[code] += 1

    def done(self, answer: Refusal | None) -> None:
        if answer is not None:
            raise KioskError("rehearsal_surprise", wanted="done", found=answer.code)
