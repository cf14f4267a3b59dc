"""The day as a state machine: every step, every guard, and the diagram of the documentation."""

import re
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.day import phases as p
from kiosk.errors import Refusal

AT, LATER = "2025-11-30T08:00:00+06:00", "2025-11-30T20:01:00+06:00"
STATES: dict[str, p.State] = {
    "posting": p.Posting(),
    "ready": p.Ready(("a", "b")),
    "open": p.Open(AT),
    "paused": p.Paused(AT, "power"),
    "closed": p.Closed(AT, LATER),
    "counted": p.Counted(AT, LATER, False),
    "signed": p.Signed(1, AT, LATER, False),
    "exported": p.Exported(1, AT, LATER, False),
}
GOOD: dict[str, p.Event] = {
    "prepare": p.Prepare(present=("a", "b"), members=2, quorum=2, self_test=True, counters={"given": 0}),
    "open": p.OpenPolls(AT, False, False),
    "pause": p.Pause("power"),
    "resume": p.Resume(),
    "close": p.ClosePolls(LATER, False, 0, True),
    "reopen": p.Reopen(True, False),
    "count": p.Count(2, 2, False),
    "sign": p.Sign(
        hand_counts=2,
        hand_counts_agree=True,
        unexplained=(),
        chair_present=True,
        members_present=2,
        quorum=2,
        version=1,
    ),
    "correct": p.Correct(True),
    "export": p.Export(),
}


def edges() -> set[tuple[str, str, str]]:
    """Every step that can be taken when its guard is satisfied."""
    found: set[tuple[str, str, str]] = set()
    for name, state in STATES.items():
        for verb, event in GOOD.items():
            after = p.transition(state, event)
            if not isinstance(after, Refusal):
                found.add((name, verb, after.name))
            else:
                assert after == Refusal("wrong_phase", {"phase": name})
    return found


def test_the_diagram_in_the_documentation_is_the_machine() -> None:
    page = (Path(__file__).parents[2] / "docs" / "phases.md").read_text("utf-8").partition("# The voter's way")[0]
    drawn = set(re.findall(r"^\s*(\w+) --> (\w+): (\w+)$", page, re.MULTILINE))
    assert {(a, verb, b) for a, b, verb in drawn if a != "unconfigured"} == edges()


@pytest.mark.parametrize(
    ("state", "event", "code"),
    [
        (
            "posting",
            p.Prepare(present=("a", "chair"), members=1, quorum=2, self_test=True, counters={}),
            "quorum_missing",
        ),
        (
            "posting",
            p.Prepare(present=("a", "b"), members=2, quorum=2, self_test=False, counters={}),
            "self_test_failed",
        ),
        (
            "ready",
            p.Prepare(present=("a", "b"), members=2, quorum=2, self_test=True, counters={"given": 0, "cast": 3}),
            "counter_not_zero",
        ),
        ("ready", p.OpenPolls(AT, True, False), "before_hours"),
        ("ready", p.OpenPolls(AT, False, True), "after_hours"),
        ("open", p.ClosePolls(LATER, True, 0, True), "close_too_early"),
        ("paused", p.ClosePolls(LATER, False, 1, True), "ballot_in_progress"),
        ("open", p.ClosePolls(LATER, False, 0, False), "second_badge_missing"),
        ("closed", p.Reopen(False, False), "order_invalid"),
        ("closed", p.Reopen(True, True), "box_already_opened"),
        ("closed", p.Count(1, 2, False), "too_few_shares"),
        ("exported", p.Correct(False), "correction_not_ordered"),
        ("signed", p.Correct(True), "wrong_phase"),
        (
            "counted",
            p.Sign(
                hand_counts=1,
                hand_counts_agree=False,
                unexplained=(),
                chair_present=True,
                members_present=2,
                quorum=2,
                version=1,
            ),
            "hand_count_missing",
        ),
        (
            "counted",
            p.Sign(
                hand_counts=2,
                hand_counts_agree=False,
                unexplained=(),
                chair_present=True,
                members_present=2,
                quorum=2,
                version=1,
            ),
            "hand_counts_differ",
        ),
        (
            "counted",
            p.Sign(
                hand_counts=2,
                hand_counts_agree=True,
                unexplained=("vote:1",),
                chair_present=True,
                members_present=2,
                quorum=2,
                version=1,
            ),
            "difference_unexplained",
        ),
        (
            "counted",
            p.Sign(
                hand_counts=2,
                hand_counts_agree=True,
                unexplained=(),
                chair_present=False,
                members_present=2,
                quorum=2,
                version=1,
            ),
            "chair_missing",
        ),
        (
            "counted",
            p.Sign(
                hand_counts=2,
                hand_counts_agree=True,
                unexplained=(),
                chair_present=True,
                members_present=1,
                quorum=2,
                version=1,
            ),
            "quorum_missing",
        ),
    ],
)
def test_each_guard_refuses_with_its_code(state: str, event: p.Event, code: str) -> None:
    after = p.transition(STATES[state], event)
    assert isinstance(after, Refusal)
    assert after.code == code


def test_the_recovery_copy_stands_in_for_missing_members() -> None:
    assert p.transition(STATES["closed"], p.Count(0, 2, True)) == p.Counted(AT, LATER, True)


def test_states_survive_being_written_down() -> None:
    for state in STATES.values():
        assert msgspec.json.decode(msgspec.json.encode(state), type=p.State) == state


@given(st.lists(st.sampled_from(sorted(GOOD)), max_size=30))
def test_no_walk_skips_a_step(verbs: list[str]) -> None:
    """Whatever is tried in whatever order: no count before closing, no signing before the count, no way back."""
    state: p.State = p.Posting()
    trail = [state.name]
    for verb in verbs:
        after = p.transition(state, GOOD[verb])
        if not isinstance(after, Refusal):
            state = after
            trail.append(state.name)
    order = ["posting", "ready", "open", "closed", "counted", "signed", "exported"]
    reached = [order.index(name) for name in trail if name != "paused"]
    for earlier, later in pairwise(reached):
        assert later - earlier in (0, 1) or (earlier, later) == (order.index("closed"), order.index("open"))


def test_a_day_that_was_signed_before_corrections_were_known_is_not_corrected() -> None:
    assert p.transition(p.Exported(1), p.Correct(True)) == Refusal("wrong_phase", {"phase": "exported"})
    assert p.transition(p.Signed(1), p.Export()) == p.Exported(1)
