"""A Hypothesis machine drives the whole station against a model, and pulls the plug between any two commits.

The model knows who was given what and what lies in the box; after every step, and after every crash, the station
must agree with it: nobody holds two ballots, no acknowledged ballot is lost, none is counted twice.
"""

import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kiosk.day.desk import Eligible
from kiosk.day.station import Station
from kiosk.devices.stick import FolderStick
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import Refusal, must
from kiosk.packet.verify import verify_file
from kiosk.roll.person import Pin
from tests.properties.plug import Plug, PlugPulledError
from tests.stage.world import AWAY, HOME, World, marked

WORLD: list[World] = []


@pytest.fixture(autouse=True, scope="module")
def _lend_world(_world: World) -> None:
    WORLD.append(_world)


class Day(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="day-machine-"))
        self.world = WORLD[0].in_folder(self.folder)
        self.people = [*self.world.pins(HOME)[:6], *self.world.pins(AWAY)[:3]]
        self.holding: dict[Pin, str] = {}  # "out", "cast", "abandoned"; withdrawn people hold nothing
        self.struck_off: set[Pin] = set()
        self.lives = 0
        self.world.mirror = self.folder / "mirror-0"
        self.withdrawn = 0
        self.box: Counter[int] = Counter()
        self.sealed = 0
        self.plug = Plug()
        self.plug.install()

    @initialize()
    def open(self) -> None:
        self.station = self.world.opened()
        self.world.sign_in(self.station, "chair")

    def teardown(self) -> None:
        self.plug.remove()
        if hasattr(self, "station"):
            self.station._session.close()
        shutil.rmtree(self.folder)

    # -- helpers ---------------------------------------------------------------------------------

    @property
    def out(self) -> Pin | None:
        return next((pin for pin, what in self.holding.items() if what == "out"), None)

    def is_remote(self, pin: Pin) -> bool:
        return pin in self.people[6:]

    def restart(self) -> None:
        """Objects dropped, nothing closed, files opened again."""
        self.plug.left = None
        self.station.power_cut()
        self.station = self.world.unlock("chair")

    # -- steps -----------------------------------------------------------------------------------

    @rule(who=st.integers(0, 8), unplug=st.none() | st.tuples(st.integers(0, 2), st.booleans()))
    def give(self, who: int, unplug: tuple[int, bool] | None) -> None:
        pin = self.people[who]
        busy = self.out is not None
        answer = self.station.desk.identify(pin)
        if pin in self.holding:
            assert isinstance(answer, Refusal) and answer.code in ("already_given", "voted_at_home")
            return
        if pin in self.struck_off:
            assert isinstance(answer, Refusal) and answer.code == "struck_off"
            return
        assert isinstance(answer, Eligible)
        self._set(unplug)
        try:
            given = self.station.desk.give(answer)
        except PlugPulledError:
            self.restart()
            # Whether the register's commit came through decides; the station must know which.
            if self.station.pending:
                self.holding[pin] = "out"
            return
        finally:
            self.plug.left = None
        if busy:
            assert given == Refusal("booth_busy")
        else:
            assert not isinstance(given, Refusal)
            self.holding[pin] = "out"

    def _set(self, unplug: tuple[int, bool] | None) -> None:
        self.plug.left, self.plug.after = unplug if unplug else (None, False)

    @precondition(lambda self: self.out)
    @rule(
        choice=st.sampled_from([1, 2, 4, AGAINST_ALL, INVALID]),
        unplug=st.none() | st.tuples(st.integers(0, 2), st.booleans()),
    )
    def cast(self, choice: int, unplug: tuple[int, bool] | None) -> None:
        pin = self.out
        assert pin
        place = self.station.booth
        assert self.station.pending
        if self.is_remote(pin) and choice == 4:
            choice = 1
        marked(self.station, self.station.pending, choice)
        self._set(unplug)
        acknowledged = False
        try:
            assert place.record() is None
            acknowledged = True
        except PlugPulledError:
            self.restart()
        finally:
            self.plug.left = None
        if acknowledged or self.station.pending is None:
            self.holding[pin] = "cast"
            if self.is_remote(pin):
                self.sealed += 1
            else:
                self.box[choice] += 1
        self.station.booth.cover()

    @precondition(lambda self: self.out)
    @rule(leaves=st.booleans(), unplug=st.none() | st.tuples(st.integers(0, 1), st.booleans()))
    def end(self, leaves: bool, unplug: tuple[int, bool] | None) -> None:
        pin, pending = self.out, self.station.pending
        assert pin and pending
        self._set(unplug)
        try:
            if leaves:
                assert self.station.desk.abandon(pending, "left") is None
            else:
                assert self.station.desk.withdraw(pending, "wrong_person") is None
        except PlugPulledError:
            self.restart()
            if self.station.pending:
                return
        finally:
            self.plug.left = None
        if leaves:
            self.holding[pin] = "abandoned"
        else:
            del self.holding[pin]
            self.withdrawn += 1

    @rule()
    def crash(self) -> None:
        self.restart()

    @rule()
    def pause_and_resume(self) -> None:
        assert self.station.pause("power") is None
        answer = self.station.desk.identify(self.people[0])
        assert isinstance(answer, Refusal)
        self.restart()
        assert self.station.resume() is None

    @rule(who=st.integers(0, 5))
    def votes_at_home(self, who: int) -> None:
        pin = self.people[who]
        asked = self.station.desk.ask_home_vote(pin)
        assert (asked is None) == (pin not in self.holding and pin not in self.struck_off)
        settled = self.station.desk.settle_home_vote(pin, voted=True)
        if pin in self.holding or pin in self.struck_off:
            assert isinstance(settled, Refusal)
        else:
            assert settled is None
            self.holding[pin] = "outside"

    @rule(who=st.integers(0, 5))
    def strike_off(self, who: int) -> None:
        pin = self.people[who]
        assert self.station.desk.strike_off(pin, "moved") is None
        self.struck_off.add(pin)

    @rule()
    def the_disk_dies(self) -> None:
        """The spare goes on from the mirror, with a new mirror of its own."""
        self.station.power_cut()
        shutil.rmtree(self.world.folder)
        assert self.world.mirror
        self.lives += 1
        self.world.folder, self.world.mirror = self.world.mirror, self.folder / f"mirror-{self.lives}"
        self.station = self.world.unlock("chair")

    # -- what must always be true ------------------------------------------------------------------

    @invariant()
    def counts_agree(self) -> None:
        if not hasattr(self, "station"):
            return
        session = self.station._session
        tally = session.files.register.tally()
        given = sum(t.given for kind, t in tally.items() if kind != "outside")
        assert tally["outside"].given == sum(what == "outside" for what in self.holding.values())
        abandoned = sum(what == "abandoned" for what in self.holding.values())
        cast = sum(what == "cast" for what in self.holding.values())
        assert sum(t.abandoned for t in tally.values()) == abandoned
        assert sum(t.withdrawn for t in tally.values()) == self.withdrawn
        assert len(session.files.box) == sum(self.box.values())
        assert len(session.files.envelopes) == self.sealed
        assert given == cast + abandoned + self.withdrawn + (self.out is not None)
        assert (session.pending is not None) == (self.out is not None)

    @invariant()
    def what_is_kept_is_what_is_there(self) -> None:
        """The counters beside the open file say what the file says, after whatever was refused, cut off or undone."""
        if not hasattr(self, "station"):
            return
        session = self.station._session

        def told() -> object:
            s, journal = session.files, session.journal
            return (
                s.register.tally(), s.register.decisions(), s.register.given_by_hour(), len(s.box), s.box.slots,
                len(s.envelopes), journal.head, journal.last("ballot_cast"), journal.last("refused"), s.day.number,
                journal.all_newest("phase", dict), journal.all_newest("counts", dict),
                journal.tally("ballot_cast", "kind"),
            )  # fmt: skip

        before = told()
        session.files.day.kept.clear()
        assert told() == before

    @invariant()
    def journal_agrees(self) -> None:
        if not hasattr(self, "station"):
            return
        journal = self.station._session.journal
        for kind, tally in self.station._session.files.register.tally().items():
            assert journal.count("ballot_given", kind) == tally.given
            assert journal.count("ballot_abandoned", kind) == tally.abandoned
            assert journal.count("ballot_withdrawn", kind) == tally.withdrawn
        assert journal.count("ballot_cast", "home") == sum(self.box.values())
        assert journal.count("ballot_cast", "remote") == self.sealed

    @rule()
    def look_into_a_copy(self) -> None:
        """The evening, on a copy of the folder: what comes out is what went in, and the packet verifies."""
        if self.out:
            return
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.world.folder, copy / "station")
        world = WORLD[0].in_folder(copy)
        (copy / "station" / "in-use").unlink()
        world.clock.set(world.closes + timedelta(minutes=1))
        station = world.unlock("chair")
        world.attend(station, ("member-1",))
        assert station.close_polls() is None
        world.attend(station)
        count = must(station.count())
        assert Counter(count.votes()) == self.box
        assert count.unreadable == 0
        self._sign_and_verify(world, station, copy / "stick")
        station.close()

    def _sign_and_verify(self, world: World, station: Station, stick: Path) -> None:
        """The hand count finds the box as it is, and the votes from home in the portable box."""
        outside = sum(what == "outside" for what in self.holding.values())
        paper = Counter(self.box)
        paper[AGAINST_ALL] += outside
        district = station._session.district
        votes = {n: paper[n] for n in (AGAINST_ALL, *(c.number for c in district.standing))}
        valid, invalid = sum(votes.values()), paper[INVALID]
        lines = {"portable": outside, "stationary": valid + invalid - outside, "valid": valid, "invalid": invalid}
        for place in (1, 2):
            world.sign_in(station, f"member-{place}")
            assert station.enter_hand_count(place, lines, votes) is None
        world.sign_in(station, "chair")
        for difference in must(station.count_differences()):
            assert outside and station.write_act(difference.field, "From the portable box.") is None
        world.attend(station)
        must(station.sign())
        stick.mkdir()
        verdict = verify_file(must(station.export(FolderStick(stick))).path, world.election)
        assert verdict.accepted, verdict


TestDay = Day.TestCase
TestDay.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
