"""The voter's verbs: mark, look again, record. Never imports kiosk.day.desk.

The voter's way is a small state machine in memory only: nothing unfinished is ever written, nothing about a choice
is logged, and a new ballot starts from nothing.
"""

from typing import Protocol, assert_never

import msgspec

from kiosk.ballot.ballot import Ballot, marked
from kiosk.day.session import Authorisation
from kiosk.election.definition import AGAINST_ALL, District
from kiosk.errors import Refusal


class Covered(msgspec.Struct, frozen=True):
    """Nobody is voting: the screen shows nothing."""


class Marking(msgspec.Struct, frozen=True):
    """The ballot is on the screen; at most one choice, None for none yet."""

    authorisation: Authorisation
    choice: int | None = None

    def __repr__(self) -> str:
        return "Marking(…)"


class Reviewing(msgspec.Struct, frozen=True):
    """The voter sees the choice in large letters. None: recorded as it is, the ballot is invalid."""

    authorisation: Authorisation
    choice: int | None

    def __repr__(self) -> str:
        return "Reviewing(…)"


class Recorded(msgspec.Struct, frozen=True):
    """The ballot is in the box or the envelope, durably."""


State = Covered | Marking | Reviewing | Recorded


class Mark(msgspec.Struct, frozen=True):
    choice: int

    def __repr__(self) -> str:
        return "Mark(…)"


class Unmark(msgspec.Struct, frozen=True):
    pass


class Review(msgspec.Struct, frozen=True):
    pass


class Change(msgspec.Struct, frozen=True):
    """Back from the review to the ballot."""


Event = Mark | Unmark | Review | Change


def step(state: State, event: Event, district: District) -> State | Refusal:
    """What a touch does. Marking another candidate moves the one mark; there are never two."""
    match event:
        case Mark(choice):
            if not isinstance(state, Marking):
                return Refusal("no_ballot")
            if choice != AGAINST_ALL and all(c.number != choice for c in district.standing):
                return Refusal("no_such_choice")
            return Marking(state.authorisation, choice)
        case Unmark():
            return Marking(state.authorisation) if isinstance(state, Marking) else Refusal("no_ballot")
        case Review():
            if not isinstance(state, Marking):
                return Refusal("no_ballot")
            return Reviewing(state.authorisation, state.choice)
        case Change():
            if not isinstance(state, Reviewing):
                return Refusal("no_ballot")
            return Marking(state.authorisation, state.choice)
        case _:
            assert_never(event)


class BallotBox(Protocol):
    """Where the booth drops a ballot. The station decides box or envelope; it needs the voter's tag for the latter
    and keeps it to itself."""

    def drop(self, authorisation: Authorisation, ballot: Ballot) -> Refusal | None: ...

    def district_of(self, authorisation: Authorisation) -> District: ...


class Booth:
    def __init__(self, box: BallotBox) -> None:
        self._box = box
        self.state: State = Covered()

    def start(self, authorisation: Authorisation) -> None:
        """A fresh ballot, whatever was on the screen before."""
        self.state = Marking(authorisation)

    def touch(self, event: Event) -> Refusal | None:
        district = self._district()
        if district is None:
            return Refusal("no_ballot")
        after = step(self.state, event, district)
        if isinstance(after, Refusal):
            return after
        self.state = after
        return None

    def record(self) -> Refusal | None:
        """Record what is under review. None: recorded, after the commit; a refusal or exception: nothing was."""
        district = self._district()
        if district is None or not isinstance(self.state, Reviewing):
            return Refusal("no_ballot")
        refused = self._box.drop(self.state.authorisation, marked(district, self.state.choice))
        if refused is None:
            self.state = Recorded()
        return refused

    def cover(self) -> None:
        """Forget everything."""
        self.state = Covered()

    def _district(self) -> District | None:
        if isinstance(self.state, Marking | Reviewing):
            return self._box.district_of(self.state.authorisation)
        return None
