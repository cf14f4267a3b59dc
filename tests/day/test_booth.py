"""The voter's way: one mark, a look, a record; nothing kept when another starts."""

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from kiosk.day import booth
from kiosk.day.session import Authorisation
from kiosk.day.station import Station
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import Refusal
from tests.world import HOME, World, give, small_source

DISTRICT = small_source().definition.district(1)
ONE, TWO = Authorisation(b"1" * 16, "home", 1), Authorisation(b"2" * 16, "home", 1)

EVENTS = st.one_of(
    st.integers(-2, 6).map(booth.Mark),
    st.just(booth.Unmark()),
    st.just(booth.Review()),
    st.just(booth.Change()),
)


@cases(st.lists(EVENTS, max_size=30))
def test_never_two_choices_and_only_standing_ones(events: list[booth.Event]) -> None:
    state: booth.State = booth.Marking(ONE)
    for event in events:
        after = booth.step(state, event, DISTRICT)
        if isinstance(after, Refusal):
            assert after.code in ("no_ballot", "no_such_choice")
            continue
        state = after
        assert isinstance(state, booth.Marking | booth.Reviewing)
        assert state.choice in (None, AGAINST_ALL, 1, 2, 4)


@pytest.mark.parametrize("event", [booth.Mark(1), booth.Unmark(), booth.Review(), booth.Change()])
def test_without_a_ballot_nothing_happens(event: booth.Event) -> None:
    for state in (booth.Covered(), booth.Recorded()):
        assert booth.step(state, event, DISTRICT) == Refusal("no_ballot")


def test_marks_move_and_can_be_taken_away() -> None:
    state: booth.State | Refusal = booth.Marking(ONE)
    for event, choice in ((booth.Mark(1), 1), (booth.Mark(2), 2), (booth.Unmark(), None), (booth.Mark(0), 0)):
        assert not isinstance(state, Refusal)
        state = booth.step(state, event, DISTRICT)
        assert state == booth.Marking(ONE, choice)
    assert not isinstance(state, Refusal)
    reviewing = booth.step(state, booth.Review(), DISTRICT)
    assert reviewing == booth.Reviewing(ONE, 0)
    assert booth.step(reviewing, booth.Mark(1), DISTRICT) == Refusal("no_ballot")
    assert booth.step(reviewing, booth.Change(), DISTRICT) == booth.Marking(ONE, 0)


def test_nothing_of_a_choice_shows() -> None:
    for thing in (booth.Marking(ONE, 2), booth.Reviewing(ONE, 2), booth.Mark(2)):
        assert "2" not in repr(thing)


def test_a_new_ballot_starts_from_nothing(world: World) -> None:
    station = world.opened()
    first = give(station, world.pins(HOME)[0])
    station.booth.start(first)
    assert station.booth.touch(booth.Mark(1)) is None
    station.booth.start(TWO)
    assert station.booth.state == booth.Marking(TWO, None)
    station.booth.cover()
    assert station.booth.state == booth.Covered()
    assert station.booth.touch(booth.Mark(1)) == Refusal("no_ballot")
    assert station.booth.record() == Refusal("no_ballot")


def test_a_forged_authorisation_records_nothing(world: World) -> None:
    station = world.opened()
    give(station, world.pins(HOME)[0])
    station.booth.start(TWO)
    assert station.booth.touch(booth.Review()) is None
    assert station.booth.record() == Refusal("not_in_progress")
    assert len(station.session.files.box or ()) == 0


def test_recorded_once(world: World) -> None:
    station: Station = world.opened()
    authorisation = give(station, world.pins(HOME)[0])
    station.booth.start(authorisation)
    assert station.booth.record() == Refusal("no_ballot")
    assert station.booth.touch(booth.Mark(1)) is None
    assert station.booth.touch(booth.Mark(9)) == Refusal("no_such_choice")
    assert station.booth.touch(booth.Review()) is None
    assert station.booth.record() is None
    assert station.booth.state == booth.Recorded()
    assert station.booth.record() == Refusal("no_ballot")
    station.booth.start(authorisation)
    assert station.booth.touch(booth.Review()) is None
    assert station.booth.record() == Refusal("not_in_progress")
    assert len(station.session.files.box or ()) == 1


def test_the_station_refuses_to_record_while_paused_or_closed(world: World) -> None:
    station = world.opened()
    authorisation = give(station, world.pins(HOME)[0])
    station.booth.start(authorisation)
    assert station.booth.touch(booth.Review()) is None
    assert station.pause("incident") is None
    assert station.booth.record() == Refusal("paused", {"phase": "paused"})
    world.sign_in(station, "chair")
    assert station.resume() is None
    assert station.booth.record() is None
    world.closed(station)
    station.booth.start(authorisation)
    assert station.booth.touch(booth.Review()) is None
    assert station.booth.record() == Refusal("day_not_open", {"phase": "closed"})
    world.attend(station)
    count = station.count()
    assert not isinstance(count, Refusal) and count.votes() == {INVALID: 1}
