"""The voter's way: one mark, a look, the paper, a record; nothing kept when another starts."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given as cases
from hypothesis import strategies as st

from kiosk.day import booth
from kiosk.day.session import Authorisation
from kiosk.day.station import Station
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import Refusal, must
from tests.stage.world import HOME, World, give, marked

CHOICES = (AGAINST_ALL, 1, 2, 4)
ONE, TWO = Authorisation(b"1" * 16, "home", 1), Authorisation(b"2" * 16, "home", 1)

STATES: tuple[booth.State, ...] = (
    booth.Covered(), booth.Welcome(ONE), booth.Marking(ONE, 1), booth.Reviewing(ONE, 1), booth.Printing(ONE, 1, 7),
    booth.OnPaper(ONE, 1), booth.Recorded(), booth.Called(),
)  # fmt: skip
SOLE: tuple[booth.Event, ...] = (
    booth.Offer(TWO), booth.Start(), booth.Mark(2), booth.Unmark(), booth.Review(), booth.Change(), booth.Print(7),
    booth.Printed(7, good=True), booth.Printed(7, good=False), booth.PaperWrong(), booth.Leave(), booth.Record(),
    booth.Done(), booth.Cover(),
)  # fmt: skip
EVENTS = st.one_of(st.sampled_from(SOLE), st.integers(-2, 6).map(booth.Mark))


def name(thing: object) -> str:
    """`OnPaper` → on_paper"""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(thing).__name__).lower()


def edges() -> set[tuple[str, str, str]]:
    """(state, event, state after) of everything that is not refused; covering is possible everywhere."""
    found = set()
    for state in STATES:
        for event in SOLE:
            after = booth.step(state, event, CHOICES)
            if not isinstance(after, Refusal) and not isinstance(event, booth.Cover):
                word = (
                    {True: "printed", False: "not_printed"}[event.good]
                    if isinstance(event, booth.Printed)
                    else name(event)
                )
                found.add((name(state), word, name(after)))
    return found


def test_the_diagram_in_the_documentation_is_the_machine() -> None:
    page = (Path(__file__).parents[2] / "docs" / "phases.md").read_text("utf-8")
    drawn = re.findall(r"^\s*(\w+) --> (\w+): (\w+)$", page.partition("# The voter's way")[2], re.MULTILINE)
    assert {(before, event, after) for before, after, event in drawn} == edges()


def test_recording_is_possible_from_paper_alone() -> None:
    for state in STATES:
        after = booth.step(state, booth.Record(), CHOICES)
        assert isinstance(after, booth.Recorded) == isinstance(state, booth.OnPaper)


@cases(st.lists(EVENTS, max_size=40))
def test_no_walk_records_what_was_not_printed(events: Sequence[booth.Event]) -> None:
    """One mark or none, only of who stands; and in front of every record the paper of this very mark came out."""
    state: booth.State = booth.Covered()
    printed: int | str | None = "nothing"
    for event in events:
        after = booth.step(state, event, CHOICES)
        if isinstance(after, Refusal):
            assert after.code in ("no_ballot", "no_such_choice")
            continue
        if isinstance(after, booth.Marking | booth.Reviewing | booth.Printing | booth.OnPaper):
            assert after.choice in (None, *CHOICES)
        if isinstance(after, booth.OnPaper):
            assert isinstance(state, booth.Printing) and state.choice == after.choice
            printed = after.choice
        if isinstance(after, booth.Recorded):
            assert isinstance(state, booth.OnPaper) and state.choice == printed
        if isinstance(after, booth.Covered | booth.Called | booth.Marking):
            printed = "nothing"
        state = after


def test_the_answer_about_another_paper_is_not_this_one_s() -> None:
    assert booth.step(booth.Printing(ONE, 1, 8), booth.Printed(7, good=True), CHOICES) == Refusal("no_ballot")


def test_marks_move_and_can_be_taken_away() -> None:
    state: booth.State | Refusal = booth.Marking(ONE)
    for event, choice in ((booth.Mark(1), 1), (booth.Mark(2), 2), (booth.Unmark(), None), (booth.Mark(0), 0)):
        assert not isinstance(state, Refusal)
        state = booth.step(state, event, CHOICES)
        assert state == booth.Marking(ONE, choice)
    assert not isinstance(state, Refusal)
    reviewing = booth.step(state, booth.Review(), CHOICES)
    assert reviewing == booth.Reviewing(ONE, 0)
    assert booth.step(reviewing, booth.Mark(1), CHOICES) == Refusal("no_ballot")
    assert booth.step(reviewing, booth.Change(), CHOICES) == booth.Marking(ONE, 0)


def test_nothing_of_a_choice_shows() -> None:
    for thing in (booth.Marking(ONE, 2), booth.Reviewing(ONE, 2), booth.OnPaper(ONE, 2), booth.Mark(2)):
        assert "2" not in repr(thing)


def test_a_new_ballot_starts_from_nothing(world: World) -> None:
    station = world.opened()
    place = station.booth
    place.offer(give(station, world.pins(HOME)[0]))
    assert place.touch(booth.Start()) is None and place.touch(booth.Mark(1)) is None
    place.offer(TWO)
    assert place.state == booth.Welcome(TWO) and place.choice is None
    place.cover()
    assert place.state == booth.Covered() and not place.busy
    assert place.touch(booth.Mark(1)) == Refusal("no_ballot")
    assert place.print() == Refusal("no_ballot")
    assert place.record() == Refusal("no_ballot")


def test_a_forged_authorisation_records_nothing(world: World) -> None:
    station = world.opened()
    give(station, world.pins(HOME)[0])
    marked(station, TWO, INVALID)
    assert station.booth.record() == Refusal("not_in_progress")
    assert len(station._session.files.box) == 0


def test_recorded_once(world: World) -> None:
    station: Station = world.opened()
    place, authorisation = station.booth, give(station, world.pins(HOME)[0])
    place.offer(authorisation)
    assert place.touch(booth.Start()) is None and place.record() == Refusal("no_ballot")
    assert place.touch(booth.Mark(1)) is None
    assert place.touch(booth.Mark(9)) == Refusal("no_such_choice")
    assert place.touch(booth.Review()) is None and place.record() == Refusal("no_ballot")
    first = must(place.print())
    assert place.touch(booth.Printed(first, good=False)) is None  # no paper: looked at again
    second = must(place.print())
    assert place.touch(booth.Printed(first, good=True)) == Refusal("no_ballot") and place.record() is not None
    assert place.touch(booth.Printed(second, good=True)) is None
    assert place.record() is None
    assert place.state == booth.Recorded()
    assert place.record() == Refusal("no_ballot")
    marked(station, authorisation, INVALID)
    assert place.record() == Refusal("not_in_progress")
    assert len(station._session.files.box) == 1


@pytest.mark.parametrize("choice", [INVALID, 1])
def test_the_station_refuses_to_record_while_paused_or_closed(world: World, choice: int) -> None:
    station = world.opened()
    authorisation = give(station, world.pins(HOME)[0])
    marked(station, authorisation, choice)
    assert station.pause("incident") is None
    assert station.booth.record() == Refusal("paused", {"phase": "paused"})
    world.sign_in(station, "chair")
    assert station.resume() is None
    assert station.booth.record() is None
    world.closed(station)
    marked(station, authorisation, choice)
    assert station.booth.record() == Refusal("day_not_open", {"phase": "closed"})
    world.attend(station)
    count = station.count()
    assert not isinstance(count, Refusal) and count.votes() == {choice: 1}
