"""A whole election day at one station, through the real code, in simulated time.

Makes the roll, provisions, sets up, opens with badges, serves the voters with every kind of trouble, closes, counts,
signs, exports and verifies. What the voters chose is remembered here, as the paper in the box would remember it,
and compared with what comes out.
"""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import monotonic

import msgspec

from kiosk.centre.provision.run import ELECTION_FILE
from kiosk.day import booth
from kiosk.day.desk import Eligible
from kiosk.day.station import Authorisation
from kiosk.demo.people import vocabulary
from kiosk.demo.stage import Stage
from kiosk.demo.voters import Cast, Visit
from kiosk.devices.stick import FolderStick
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import KioskError, must
from kiosk.packet import content as c
from kiosk.packet.archive import read_file
from kiosk.packet.verify import Verdict, verify_file
from kiosk.roll.person import Pin
from kiosk.text import _
from kiosk.trust import election_file


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the day came to. given = cast + abandoned + withdrawn; cast = counted + remote."""

    station: int
    given: int
    cast: int
    abandoned: int
    withdrawn: int
    remote: int
    refused: int
    counted: int
    packet: Path
    protocol: Path
    journal: Path
    seconds: float
    refusals: dict[str, int]
    verdict: Verdict


class Rehearsal(Stage):
    """The day from morning to packet."""

    def run(self) -> Outcome:
        started = monotonic()
        people = self.provision_station()
        self.set_up()
        self._open()
        self._serve(people)
        self._close_and_count()
        self._hand_count()
        packet = self._sign_and_export()
        return self._outcome(packet, monotonic() - started)

    # -- opening -----------------------------------------------------------------------------------

    def _open(self) -> None:
        self.progress(_("opening"), 0, 1)
        chair = self.card("chair")
        self.station = self.unlock(chair)
        wrong = self.station.sign_in(self.card("clerk-1").text, "000000" if chair.pin != "000000" else "111111")
        self.expect(wrong, "badge_pin_wrong")
        self.sign_in("chair")
        self.expect(self.station.prepare(), "quorum_missing")
        self.attend()
        must(self.station.prepare())
        (self.out / "zero.pdf").write_bytes(must(self.station.papers.zero_report()))
        self.expect(self.station.open_polls(), "before_hours")
        self.clock.set(self.opens)
        self.done(self.station.open_polls())

    # -- the voters --------------------------------------------------------------------------------

    def _serve(self, people: Cast) -> None:
        self.done(self.station.desk.strike_off(Pin(people.struck_off), "moved"))
        self.done(self.station.desk.ask_home_vote(Pin(people.asked_home_vote)))
        self.done(self.station.desk.ask_home_vote(Pin(people.stays_home)))
        self.done(self.station.desk.settle_home_vote(Pin(people.stays_home), voted=True))
        self.paper[AGAINST_ALL] += 1  # the one ballot in the portable box
        self.sign_in("clerk-1")
        step = (self.closes - self.opens - timedelta(minutes=20)) / (len(people.visits) + 1)
        crash, pause, complaint = (len(people.visits) * n // 8 for n in (4, 3, 5))
        for number, visit in enumerate(people.visits):
            self.clock.pass_time(int(step.total_seconds()))
            self.progress(_("serving voters"), number, len(people.visits))
            if number == pause:
                self._pause()
            if number == complaint:
                self._complaint()
            self._visit(visit, crash=number >= crash)
        self.progress(_("serving voters"), len(people.visits), len(people.visits))

    _crashed = False

    def _visit(self, visit: Visit, crash: bool) -> None:
        desk = self.station.desk
        answer = desk.identify_scan(visit.scan)
        wanted = {
            "again": "already_given", "other_station": "other_station", "unknown": "on_no_roll",
            "under_age": "under_age", "struck_off": "struck_off", "asked_home_vote": "asked_home_vote",
            "mistyped": "pin_length",
        }.get(visit.story)  # fmt: skip
        if wanted:
            if visit.story == "again" and isinstance(answer, Eligible):
                return  # this person's first ballot was withdrawn
            self.expect(answer, wanted)
            return
        eligible = must(answer)
        given = must(desk.give(eligible))
        if visit.story == "leaves":
            self.sign_in("chair")
            self.done(self.station.desk.abandon(given, "left"))
            self.sign_in("clerk-1")
        elif visit.story == "wrong_person":
            self.done(desk.withdraw(given, "wrong_person"))
        else:
            if crash and not self._crashed:
                given = self._crash(eligible)
            self._vote(given, visit)

    def _vote(self, given: Authorisation, visit: Visit) -> None:
        place = self.station.booth
        place.offer(given)
        self.done(place.touch(booth.Start()))
        standing = [x.number for x in self.source.definition.district(given.district).standing]
        if visit.story == "invalid":
            choice = INVALID
        else:
            favourite = self.dice.choices(standing, [1 / (n + 1) for n in standing])[0]
            choice = AGAINST_ALL if visit.story == "against_all" else favourite
            for touched in (*self.dice.sample(standing, self.dice.choice((0, 0, 1, 2))), choice):
                self.done(place.touch(booth.Mark(touched)))
        self.done(place.touch(booth.Review()))
        self.done(place.touch(booth.Printed(must(place.print()), good=True)))
        self.done(place.record())
        if not visit.remote:
            self.paper[choice] += 1
        place.cover()

    def _crash(self, eligible: Eligible) -> Authorisation:
        """The power goes while a voter has a ballot: nothing is closed, and the terminal's disk does not come back.

        A spare takes over from the mirror; nothing is retyped, and the voter goes on.
        """
        self._crashed = True
        self.station.power_cut()
        shutil.rmtree(self.folder)
        self.folder = self.out / "mirror"
        self.station = self.unlock(self.card("chair"))
        self.expect(self.station.take_over(), "second_badge_missing")
        self.attend(("member-1",))
        self.done(self.station.take_over())
        self.sign_in("clerk-1")
        must(self.station.report_incident("technical", vocabulary()["written"]["spare"]))
        again = self.station.pending
        if again is None:
            raise KioskError("rehearsal_surprise", wanted="ballot in progress", found="none")
        self.expect(self.station.desk.give(eligible), "booth_busy")
        return again

    def _pause(self) -> None:
        self.done(self.station.pause("power"))
        self.expect(self.station.desk.identify_typed("20101190099999"), "paused")
        self.clock.pass_time(600)
        self.sign_in("chair")
        self.done(self.station.resume())
        self.sign_in("clerk-1")

    def _complaint(self) -> None:
        written = vocabulary()["written"]
        self.expect(self.station.complain("observer", "technical", "-"), "not_permitted")
        self.sign_in("chair")
        first = must(self.station.complain("observer", "technical", written["queue"]))
        must(self.station.complain("voter", "campaigning", written["poster"]))
        must(self.station.decide_complaint(first.number, "dismissed", written["answer"]))
        self.sign_in("clerk-1")

    # -- after the day -----------------------------------------------------------------------------

    def _close_and_count(self) -> None:
        self.progress(_("closing and counting"), 0, 1)
        self.sign_in("chair")
        self.expect(self.station.close_polls(), "close_too_early")
        self.clock.set(self.closes + timedelta(minutes=1))
        self.expect(self.station.close_polls(), "second_badge_missing")
        self.attend(("member-1",))
        self.done(self.station.close_polls())
        self.expect(self.station.count(), "too_few_shares")
        self.attend()
        must(self.station.count())

    def _hand_count(self) -> None:
        self.progress(_("counting by hand, twice"), 0, 1)
        district = self.station.district
        votes = {n: self.paper[n] for n in (AGAINST_ALL, *(x.number for x in district.standing))}
        valid, invalid = sum(votes.values()), self.paper[INVALID]
        lines = {"portable": 1, "stationary": valid + invalid - 1, "valid": valid, "invalid": invalid}
        slip = {**votes, 1: votes[1] + 1}
        self.sign_in("member-1")
        self.done(self.station.enter_hand_count(1, lines, slip))
        self.expect(self.station.enter_hand_count(2, lines, votes), "same_person")
        self.sign_in("member-2")
        self.done(self.station.enter_hand_count(2, lines, votes))
        self.expect(self.station.draft(), "hand_counts_differ")
        self.sign_in("member-1")
        self.done(self.station.enter_hand_count(1, lines, votes))
        for difference in must(self.station.count_differences()):
            text = vocabulary()["written"]["portable"]
            self.done(self.station.write_act(difference.field, text))

    def _sign_and_export(self) -> Path:
        self.progress(_("signing and exporting"), 0, 1)
        self.clock.pass_time(3600)
        self.sign_in("chair")
        self.expect(self.station.sign(), "chair_missing")
        self.attend()
        must(self.station.sign())
        stick = self.out / "stick"
        stick.mkdir(exist_ok=True)
        return must(self.station.export(FolderStick(stick))).path

    def _outcome(self, packet: Path, seconds: float) -> Outcome:
        self.progress(_("verifying"), 0, 1)
        figures = self.station.figures()
        counted = sum(votes for votes in self._electronic().values())
        self.station.close()
        election = election_file.read((self.out / "centre" / ELECTION_FILE).read_bytes())
        entries = read_file(packet, c.ENTRIES)
        stem = packet.name.removesuffix(".packet.zip")
        protocol, journal = self.out / f"{stem}.protocol.pdf", self.out / f"{stem}.journal.jsonl"
        protocol.write_bytes(entries[c.PROTOCOL_PDF])
        journal.write_bytes(entries[c.JOURNAL])
        return Outcome(
            station=self.number,
            given=figures.given,
            cast=counted + figures.recorded_remote,
            abandoned=figures.abandoned,
            withdrawn=figures.withdrawn,
            remote=figures.recorded_remote,
            refused=sum(self.refusals.values()),
            counted=counted,
            packet=packet,
            protocol=protocol,
            journal=journal,
            seconds=round(seconds, 2),
            refusals=dict(sorted(self.refusals.items())),
            verdict=verify_file(packet, election),
        )

    def _electronic(self) -> dict[int, int]:
        """The electronic count, which must be what the voters marked, the portable box aside."""
        figures = {row.number: row.electronic or 0 for row in self._signed().votes}
        figures[INVALID] = self._signed().electronic_invalid or 0
        expected = Counter(self.paper)
        expected[AGAINST_ALL] -= 1
        if {k: v for k, v in figures.items() if v} != {k: v for k, v in expected.items() if v}:
            raise KioskError("rehearsal_surprise", wanted="votes as cast", found="other votes")
        return figures

    def _signed(self) -> c.Protocol:
        entries = read_file(next((self.out / "stick").glob("*.packet.zip")), c.ENTRIES)
        return c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL)
