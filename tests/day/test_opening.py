"""Before the first voter: members, hour, zero counters, a start that was cut off."""

from datetime import timedelta
from time import monotonic

import pytest

from kiosk.day import phases
from kiosk.errors import DeviceError, Refusal, must
from kiosk.settings import LOOK_UP_SECONDS
from tests.stage.world import HOME, World, code, serve


def test_opening_needs_members_the_hour_and_zero_counters(world: World) -> None:
    world.set_up()
    station = world.unlock("clerk-1")
    assert code(station.prepare()) == "not_permitted"
    assert code(station.open_polls()) == "not_permitted"
    world.sign_in(station, "chair")
    assert code(station.attend(*world.card("clerk-1"))) == "holds_no_share"
    assert code(station.attend("nonsense", "1")) == "badge_malformed"
    world.attend(station, ("chair",))
    assert station.prepare() == Refusal("quorum_missing", {"present": 0, "needed": 2})
    world.attend(station, ("member-1",))
    assert code(station.prepare()) == "quorum_missing"  # in the evening two beside the chair must sign
    world.attend(station, ("member-2",))
    assert code(station.open_polls()) == "wrong_phase"
    assert station.zero == []
    counters = must(station.prepare())
    assert [tuple(counter) for counter in counters] == [("given", 0), ("cast", 0), ("envelopes", 0)]
    assert station.zero == counters  # in the order of the printed form, whatever the journal's own is
    world.clock.set(world.opens - timedelta(seconds=1))
    assert code(station.open_polls()) == "before_hours"
    world.clock.set(world.closes)
    assert code(station.open_polls()) == "after_hours"
    world.clock.set(world.opens)
    assert station.open_polls() is None
    assert station.state == phases.Open(world.opens.isoformat())
    assert station.present == frozenset()


def test_an_opening_may_fail_as_often_as_it_likes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.set_up()
    station = world.unlock("chair")
    world.attend(station)
    must(station.prepare())
    world.clock.set(world.opens)

    def full(*_args: object, **_more: object) -> None:
        raise DeviceError("disk_full", file="box")

    from kiosk.ballot.box import Box

    with monkeypatch.context() as patched:
        patched.setattr(station._session.journal, "write", full)
        with pytest.raises(DeviceError):
            station.open_polls()
    with monkeypatch.context() as patched:
        patched.setattr(Box, "make", full)
        with pytest.raises(DeviceError):
            station.open_polls()
    assert station.open_polls() is None


def test_a_counter_that_is_not_zero_keeps_the_station_shut(world: World) -> None:
    world.set_up()
    station = world.unlock("chair")
    world.attend(station)
    from kiosk.roll.nation import tag

    person = tag(station._session.keys.nation, world.pins(HOME)[0])
    station._session.files.register.add(person, "given", world.clock.now(), "x", kind="home", district=1)
    assert station.prepare() == Refusal("counter_not_zero", {"counter": "given", "value": 1})


def test_a_roll_that_is_not_the_definition_s_fails_the_self_test(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.set_up()
    station = world.unlock("chair")
    world.attend(station)
    monkeypatch.setattr(type(station._session.files.book), "__len__", lambda _book: 29)
    assert station.prepare() == Refusal("self_test_failed")


def test_an_opening_that_was_cut_off_starts_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes after the box was made and before the phase was written."""
    world.set_up()
    station = world.unlock("chair")
    world.attend(station)
    must(station.prepare())
    world.clock.set(world.opens)

    def cut(*_args: object, **_more: object) -> None:
        raise DeviceError("disk_error", file="journal", reason="cut")

    with monkeypatch.context() as patched:
        patched.setattr(station._session.journal, "write", cut)
        with pytest.raises(DeviceError):
            station.open_polls()
    station.power_cut()
    station = world.unlock("chair")
    assert station.state.name == "ready"
    assert station.open_polls() is None
    world.sign_in(station, "clerk-1")
    serve(world, station, [1])
    world.counted(station, {1: 1})
    assert must(station.draft()).candidates[0].electronic == 1


def test_the_public_look_up_is_slow_and_told(world: World) -> None:
    """A list of numbers can't be asked through in an afternoon, and the journal tells how often somebody asked."""
    world.set_up()
    station = world.unlock("chair")
    station.sign_out()
    began = monotonic()
    for pin in world.pins(HOME)[:2]:
        assert not isinstance(station.look_up(pin), Refusal)
    assert monotonic() - began >= LOOK_UP_SECONDS
    told = [e for e in station._session.journal.entries() if e.event == "looked_up"]
    assert [(e.badge, e.fields) for e in told] == [("", {"found": 1})] * 2
