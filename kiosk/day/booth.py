"""The voter's way, from the covered screen to the record: one machine. Never imports kiosk.day.desk.

It lives in memory only: nothing unfinished is ever written, nothing about a choice is logged, and a new ballot starts
from nothing. *Recording is possible from `OnPaper` alone* (docs/decisions/0015): a ballot without its paper never gets
into the box. Drawn in docs/phases.md; a test holds the two together.
"""

from collections.abc import Collection

import msgspec

from kiosk.ballot.ballot import Ballot, marked
from kiosk.day.session import Authorisation, Session
from kiosk.election.definition import AGAINST_ALL, District
from kiosk.errors import IntegrityError, Refusal
from kiosk.journal.book import Happened


class _State(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"  # never a choice


class Covered(_State, frozen=True):
    """Nobody is voting: the screen shows nothing."""


class Welcome(_State, frozen=True):
    """A ballot was given; its voter chooses how to read."""

    authorisation: Authorisation


class Marking(_State, frozen=True):
    """The ballot is on the screen; at most one choice, None for none yet."""

    authorisation: Authorisation
    choice: int | None = None


class Reviewing(_State, frozen=True):
    """The voter sees the choice in large letters. None: printed as it is, the ballot is invalid."""

    authorisation: Authorisation
    choice: int | None


class Printing(_State, frozen=True):
    """The paper of this number is on its way; the printer has not answered."""

    authorisation: Authorisation
    choice: int | None
    paper: int


class OnPaper(_State, frozen=True):
    """The paper is out and the voter reads it. Nothing is recorded yet."""

    authorisation: Authorisation
    choice: int | None


class Recorded(_State, frozen=True):
    """The ballot is in the box or the envelope, durably."""


class Called(_State, frozen=True):
    """The clerk is awaited; nothing of the ballot is left here."""


State = Covered | Welcome | Marking | Reviewing | Printing | OnPaper | Recorded | Called
BUSY = (Welcome, Marking, Reviewing, Printing, OnPaper)  # a voter is at it


class _Event(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Offer(_Event, frozen=True):
    """The desk gave a ballot."""

    authorisation: Authorisation


class Start(_Event, frozen=True):
    pass


class Mark(_Event, frozen=True):
    choice: int


class Unmark(_Event, frozen=True):
    pass


class Review(_Event, frozen=True):
    pass


class Change(_Event, frozen=True):
    """Back from the review to the ballot."""


class Print(_Event, frozen=True):
    paper: int


class Printed(_Event, frozen=True):
    """The printer's answer about one paper."""

    paper: int
    good: bool


class PaperWrong(_Event, frozen=True):
    """It does not say what was chosen: the clerk takes it, and the voter starts from nothing."""


class Leave(_Event, frozen=True):
    """Nobody answered: the ballot is covered and the clerk called."""


class Record(_Event, frozen=True):
    """The paper says what the voter chose."""


class Done(_Event, frozen=True):
    """The thanks were read."""


class Cover(_Event, frozen=True):
    """The clerk takes the booth back: everything is forgotten."""


Event = Offer | Start | Mark | Unmark | Review | Change | Print | Printed | PaperWrong | Leave | Record | Done | Cover


def step(state: State, event: Event, choices: Collection[int]) -> State | Refusal:
    """The state after `event`; `no_ballot` where it has no place, `no_such_choice` for a mark that is not in `choices`.
    Marking another candidate moves the one mark; there are never two."""
    match state, event:
        case _, Cover():
            return Covered()
        case Covered(), Offer(authorisation):
            return Welcome(authorisation)
        case Welcome(authorisation), Start():
            return Marking(authorisation)
        case Marking(authorisation), Mark(choice):
            return Marking(authorisation, choice) if choice in choices else Refusal("no_such_choice")
        case Marking(authorisation), Unmark():
            return Marking(authorisation)
        case Marking(authorisation, choice), Review():
            return Reviewing(authorisation, choice)
        case Reviewing(authorisation, choice), Change():
            return Marking(authorisation, choice)
        case Reviewing(authorisation, choice), Print(paper):
            return Printing(authorisation, choice, paper)
        case Printing(authorisation, choice, awaited), Printed(paper, good) if paper == awaited:
            return OnPaper(authorisation, choice) if good else Reviewing(authorisation, choice)
        case OnPaper(), Record():
            return Recorded()
        case OnPaper(), PaperWrong():
            return Called()
        case ((Welcome() | Marking() | Reviewing() | Printing() | OnPaper()), Leave()):
            return Called()
        case Recorded(), Done():
            return Covered()
        case _:
            return Refusal("no_ballot")


class BallotSlot:
    """Puts a ballot where it belongs, box or envelope: the latter needs the voter's tag, which stays in the session."""

    def __init__(self, session: Session) -> None:
        self._s = session

    def district_of(self, authorisation: Authorisation) -> District:
        return self._s.definition.district(authorisation.district)

    def drop(self, authorisation: Authorisation, ballot: Ballot) -> Refusal | None:
        """Recorded when this returns None: the ballot and the entry that tells of it are one commit."""
        s = self._s
        if s.on_paper:
            return Refusal("marked_on_paper")
        if s.state.name != "open":
            return Refusal("paused" if s.state.name == "paused" else "day_not_open", {"phase": s.state.name})
        if s.pending != authorisation or ballot.district != authorisation.district:
            return Refusal("not_in_progress")
        with s.act(Happened("ballot_cast", fields={"kind": authorisation.kind})):
            if authorisation.kind == "remote":
                s.files.envelopes.put(s.pending_tag(authorisation), ballot, s.keys.authority, s.sign)
            elif s.keys.box is None:
                raise IntegrityError("database_missing", file="box")
            else:
                s.files.box.cast(ballot, s.keys.box, s.sign)
        s.take_back()
        return None


class Booth:
    """The machine with the one ballot in it."""

    def __init__(self, slot: BallotSlot) -> None:
        self._slot = slot
        self._papers = 0  # sent to the printer, in all
        self.state: State = Covered()

    @property
    def busy(self) -> bool:
        """A voter is at it."""
        return isinstance(self.state, BUSY)

    @property
    def given(self) -> Authorisation | None:
        return self.state.authorisation if isinstance(self.state, BUSY) else None

    @property
    def choice(self) -> int | None:
        return self.state.choice if isinstance(self.state, Marking | Reviewing | Printing | OnPaper) else None

    @property
    def district(self) -> District | None:
        return self._slot.district_of(self.given) if self.given else None

    def offer(self, authorisation: Authorisation) -> None:
        """A fresh ballot, whatever was on the screen before."""
        self.cover()
        self.touch(Offer(authorisation))

    def touch(self, event: Event) -> Refusal | None:
        """Everything but the record: None if it happened."""
        after = self._after(event)
        if isinstance(after, Refusal):
            return after
        assert not isinstance(event, Record)
        self.state = after
        return None

    def print(self) -> int | Refusal:
        """The number of the paper that has to be printed now."""
        self._papers += 1
        return self.touch(Print(self._papers)) or self._papers

    def record(self) -> Refusal | None:
        """Record what is on the paper. None: recorded, after the commit; a refusal or exception: nothing was."""
        before, after = self.state, self._after(Record())
        if isinstance(after, Refusal):
            return after
        assert isinstance(before, OnPaper)
        district = self._slot.district_of(before.authorisation)
        refused = self._slot.drop(before.authorisation, marked(district, before.choice))
        if refused is None:
            self.state = after
        return refused

    def cover(self) -> None:
        """Forget everything."""
        self.state = Covered()

    def _after(self, event: Event) -> State | Refusal:
        district = self.district
        choices = {AGAINST_ALL, *(c.number for c in district.standing)} if district else ()
        return step(self.state, event, choices)
