"""What may be read of an open station: its election, its figures, its counts. Nothing here changes anything."""

from datetime import datetime
from typing import Literal

import msgspec

from kiosk.ballot.count import ElectronicCount, HandCount
from kiosk.day import counting, hand_count, phases, rollback, signing_off
from kiosk.day.session import KINDS, Authorisation, Counter, Session
from kiosk.election.calendar import Hours
from kiosk.election.definition import Definition, District
from kiosk.errors import Refusal
from kiosk.trust.credential import Credential, Officer


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The day so far, in voters and ballots. `given` = `recorded` + `abandoned` + `withdrawn` + `out`, of both kinds;
    `remote` and `recorded_remote` of them for other districts; `outside`: struck off here, voting elsewhere."""

    roll: int
    given: int
    remote: int
    outside: int
    recorded: int
    recorded_remote: int
    abandoned: int
    withdrawn: int
    out: int


class Readings:
    def __init__(self, session: Session) -> None:
        self._session = session

    # -- the election and the day ----------------------------------------------------------------

    @property
    def doubtful(self) -> bool:
        """The journal can't be gone on with: the station has to be locked and unlocked."""
        return self._session.doubtful

    @property
    def state(self) -> phases.State:
        return self._session.state

    @property
    def definition(self) -> Definition:
        return self._session.definition

    @property
    def credential(self) -> Credential:
        return self._session.credential

    @property
    def district(self) -> District:
        return self._session.district

    @property
    def hours(self) -> Hours:
        return self._session.hours

    def now(self) -> datetime:
        """By the station's clock."""
        return self._session.clock.now()

    def closes(self) -> datetime:
        """The closing hour, or that of the commission's last order."""
        return self._session.closes()

    @property
    def on_paper(self) -> bool:
        """Marked with a pen: no booth, no box file."""
        return self._session.on_paper

    @property
    def officer(self) -> Officer | None:
        """Who is signed in."""
        return self._session.officer

    @property
    def present(self) -> frozenset[str]:
        """The badges of those who are here for the step in common."""
        return frozenset(self._session.present)

    @property
    def is_copy(self) -> bool:
        """A copy of another terminal's day, which nobody has taken over yet."""
        return self._session.is_copy

    @property
    def contradiction(self) -> dict[str, int]:
        """What does not add up and waits for the chair's word: name → by how much."""
        return dict(self._session.contradiction)

    @property
    def put_back(self) -> bool:
        """Whether the terminal's counter is among what does not add up."""
        return any(what in self._session.contradiction for what in rollback.TOLD)

    @property
    def pending(self) -> Authorisation | None:
        """The ballot that is out."""
        return self._session.pending

    @property
    def zero(self) -> list[Counter]:
        """The counters of the zero report; none before it."""
        return self._session.zero

    @property
    def copy(self) -> Literal["kept", "behind", "lost", "none"]:
        """How the second copy is; `behind`: it is being brought up to date."""
        return self._session.copy

    def figures(self) -> Figures:
        s = self._session
        tally = s.files.register.tally()
        return Figures(
            roll=len(s.files.book),
            given=tally["home"].given + tally["remote"].given,
            remote=tally["remote"].given,
            outside=tally["outside"].given,
            recorded=sum(s.cast_count(kind) for kind in KINDS),
            recorded_remote=s.cast_count("remote"),
            abandoned=sum(tally[kind].abandoned for kind in KINDS),
            withdrawn=sum(tally[kind].withdrawn for kind in KINDS),
            out=sum(s.in_progress(kind) for kind in KINDS),
        )

    def roll(self) -> int:
        """Voters on the roll."""
        return len(self._session.files.book)

    def given_by_hour(self) -> dict[int, int]:
        return self._session.files.register.given_by_hour()

    # -- count, protocol, packet -----------------------------------------------------------------

    def electronic(self) -> ElectronicCount | None:
        """What was counted; nothing before the box is open, nor on paper."""
        return counting.electronic(self._session)

    def hand_lines(self) -> tuple[str, ...]:
        """The protocol's lines that are counted by hand."""
        return hand_count.hand_lines(self._session)

    def hand_counts(self) -> dict[int, HandCount]:
        """place → latest entry."""
        return hand_count.hand_counts(self._session)

    def hand_place(self) -> int:
        """Where the one signed in enters: one's own place again, else the free one."""
        return hand_count.place_of(self._session, self._session.by)

    def hand_draft(self) -> dict[str, int]:
        """What the one signed in has typed and not entered yet."""
        return hand_count.draft_of(self._session, self._session.by)

    def acts(self) -> dict[str, str]:
        """field → what was written of it."""
        return {act.field: act.text for act in hand_count.acts(self._session)}

    def packet(self) -> tuple[str, bytes] | Refusal:
        """Name and bytes of the newest signed packet."""
        return signing_off.signed_packet(self._session)
