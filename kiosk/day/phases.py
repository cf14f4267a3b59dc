"""The phases of the election day as a state machine: pure functions `(state, event) → state | Refusal`.

In words: docs/station.md, "The day". Who may cause an event is kiosk.day.permissions; that an event's facts are true
is for its caller. The diagram in docs/phases.md is checked against this file by a test.
"""

from typing import ClassVar, Literal, assert_never

import msgspec

from kiosk.day.vocabulary import PauseReason
from kiosk.errors import Refusal

PhaseName = Literal["posting", "ready", "open", "paused", "closed", "counted", "signed", "exported"]


class _State(msgspec.Struct, frozen=True, tag_field="phase", forbid_unknown_fields=True):
    name: ClassVar[PhaseName]


class Posting(_State, frozen=True, tag="posting"):
    """Before the day: the package is loaded, lists are posted, people look themselves up."""

    name = "posting"


class Ready(_State, frozen=True, tag="ready"):
    """The members are here and every counter stood at zero."""

    name = "ready"
    present: tuple[str, ...]


class Open(_State, frozen=True, tag="open"):
    name = "open"
    opened_at: str


class Paused(_State, frozen=True, tag="paused"):
    name = "paused"
    opened_at: str
    reason: PauseReason


class Closed(_State, frozen=True, tag="closed"):
    name = "closed"
    opened_at: str
    closed_at: str


class Counted(_State, frozen=True, tag="counted"):
    name = "counted"
    opened_at: str
    closed_at: str
    recovery_copy_used: bool


class _Done(_State, frozen=True):
    """What a corrected protocol needs to know again; a day that was signed before corrections knew it is not
    corrected."""

    version: int
    opened_at: str = ""
    closed_at: str = ""
    recovery_copy_used: bool = False


class Signed(_Done, frozen=True, tag="signed"):
    name = "signed"


class Exported(_Done, frozen=True, tag="exported"):
    name = "exported"


State = Posting | Ready | Open | Paused | Closed | Counted | Signed | Exported


class Prepare(msgspec.Struct, frozen=True, kw_only=True):
    """The members have come, the self-test has run, the counters were read. `members`: those beside the chair, who
    will have to sign in the evening."""

    present: tuple[str, ...]
    members: int
    quorum: int
    self_test: bool
    counters: dict[str, int]


class OpenPolls(msgspec.Struct, frozen=True):
    at: str
    too_early: bool
    too_late: bool


class Pause(msgspec.Struct, frozen=True):
    reason: PauseReason


class Resume(msgspec.Struct, frozen=True):
    pass


class ClosePolls(msgspec.Struct, frozen=True):
    """`second`: one who holds a share is here beside the one who closes."""

    at: str
    too_early: bool
    in_progress: int
    second: bool


class Reopen(msgspec.Struct, frozen=True):
    """By a signed order of the commission; `order_valid` says its signature and station were checked."""

    order_valid: bool
    box_opened: bool


class Count(msgspec.Struct, frozen=True):
    """The box was opened, with shares or with the central commission's recovery copy."""

    shares: int
    quorum: int
    recovery_copy: bool


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    hand_counts: int
    hand_counts_agree: bool
    unexplained: tuple[str, ...]
    chair_present: bool
    members_present: int
    quorum: int
    version: int


class Correct(msgspec.Struct, frozen=True):
    """A signed figure was wrong: the commission counts and signs again, as the next version. `ordered`: the central
    commission wants it, or the law asks for no order."""

    ordered: bool


class Export(msgspec.Struct, frozen=True):
    """The packet is on a stick, read back and verified."""


Event = Prepare | OpenPolls | Pause | Resume | ClosePolls | Reopen | Count | Sign | Correct | Export


def transition(state: State, event: Event) -> State | Refusal:
    """The state after `event`, or why it may not happen now."""
    match event:
        case Prepare():
            return _prepare(state, event)
        case OpenPolls():
            return _open(state, event)
        case Pause(reason):
            if not isinstance(state, Open):
                return _wrong(state)
            return Paused(state.opened_at, reason)
        case Resume():
            return Open(state.opened_at) if isinstance(state, Paused) else _wrong(state)
        case ClosePolls():
            return _close(state, event)
        case Reopen():
            return _reopen(state, event)
        case Count():
            return _count(state, event)
        case Sign():
            return _sign(state, event)
        case Export():
            return _exported(state)
        case Correct():
            return _correct(state, event)
        case _:
            assert_never(event)


def _wrong(state: State) -> Refusal:
    return Refusal("wrong_phase", {"phase": state.name})


def _prepare(state: State, event: Prepare) -> State | Refusal:
    if not isinstance(state, Posting | Ready):
        return _wrong(state)
    if event.members < event.quorum:
        return Refusal("quorum_missing", {"present": event.members, "needed": event.quorum})
    if not event.self_test:
        return Refusal("self_test_failed")
    for name, value in event.counters.items():
        if value:
            return Refusal("counter_not_zero", {"counter": name, "value": value})
    return Ready(event.present)


def _open(state: State, event: OpenPolls) -> State | Refusal:
    if not isinstance(state, Ready):
        return _wrong(state)
    if event.too_early:
        return Refusal("before_hours")
    if event.too_late:
        return Refusal("after_hours")
    return Open(event.at)


def _close(state: State, event: ClosePolls) -> State | Refusal:
    if not isinstance(state, Open | Paused):
        return _wrong(state)
    if event.too_early:
        return Refusal("close_too_early")
    if event.in_progress:
        return Refusal("ballot_in_progress", {"count": event.in_progress})
    if not event.second:
        return Refusal("second_badge_missing")
    return Closed(state.opened_at, event.at)


def _reopen(state: State, event: Reopen) -> State | Refusal:
    if not isinstance(state, Closed):
        return _wrong(state)
    if not event.order_valid:
        return Refusal("order_invalid")
    if event.box_opened:
        return Refusal("box_already_opened")
    return Open(state.opened_at)


def _count(state: State, event: Count) -> State | Refusal:
    if not isinstance(state, Closed):
        return _wrong(state)
    if event.shares < event.quorum and not event.recovery_copy:
        return Refusal("too_few_shares", {"found": event.shares, "needed": event.quorum})
    return Counted(state.opened_at, state.closed_at, event.recovery_copy)


def _sign(state: State, event: Sign) -> State | Refusal:
    if not isinstance(state, Counted):
        return _wrong(state)
    if event.hand_counts < 2:
        return Refusal("hand_count_missing", {"entered": event.hand_counts})
    if not event.hand_counts_agree:
        return Refusal("hand_counts_differ")
    if event.unexplained:
        return Refusal("difference_unexplained", {"field": event.unexplained[0], "count": len(event.unexplained)})
    if not event.chair_present:
        return Refusal("chair_missing")
    if event.members_present < event.quorum:
        return Refusal("quorum_missing", {"present": event.members_present, "needed": event.quorum})
    return Signed(event.version, state.opened_at, state.closed_at, state.recovery_copy_used)


def _exported(state: State) -> State | Refusal:
    if not isinstance(state, Signed | Exported):
        return _wrong(state)
    return Exported(state.version, state.opened_at, state.closed_at, state.recovery_copy_used)


def _correct(state: State, event: Correct) -> State | Refusal:
    if not isinstance(state, Exported) or not state.opened_at:  # first the version that is signed gets out
        return _wrong(state)
    if not event.ordered:
        return Refusal("correction_not_ordered")
    return Counted(state.opened_at, state.closed_at, state.recovery_copy_used)
