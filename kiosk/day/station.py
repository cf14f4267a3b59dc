"""The station as the people at it see it: the verbs of its day in one place, and what may be read.

The work is in the modules beside this one (the clerk's verbs in desk.py, the voter's in booth.py); here is the order in
which a day uses them. Whoever stands outside
`kiosk.day` needs no other module of it than this one and its values (desk, booth, phases, permissions, vocabulary).
"""

from collections.abc import Iterable
from pathlib import Path
from time import monotonic, sleep

from kiosk.ballot.count import Difference, ElectronicCount
from kiosk.day import (
    box_key,
    counting,
    hand_count,
    opening,
    orders,
    phases,
    protocol,
    recovery,
    restart,
    signing_off,
)
from kiosk.day.booth import BallotSlot, Booth
from kiosk.day.complaints import Complaint, Complaints
from kiosk.day.desk import Desk
from kiosk.day.folder import has_begun, is_station
from kiosk.day.locked import Locked
from kiosk.day.papers import Papers
from kiosk.day.readings import Figures, Readings
from kiosk.day.session import KINDS, Authorisation, Counter, Session
from kiosk.day.setup import load_package, nation_near
from kiosk.day.spare import Copy, read_copy, take_over
from kiosk.day.spare import checks as checks_of_copy
from kiosk.day.vocabulary import Author, Category, PauseReason, Status
from kiosk.devices.clock import Clock
from kiosk.devices.stick import Stick, Written
from kiosk.errors import Refusal
from kiosk.journal.book import Happened
from kiosk.packet import content as c
from kiosk.progress import Progress, silent
from kiosk.roll.person import Voter, read_pin
from kiosk.settings import LOOK_UP_SECONDS
from kiosk.trust.credential import Officer

__all__ = [
    "Authorisation",
    "Copy",
    "Counter",
    "Figures",
    "Locked",
    "Station",
    "checks_of_copy",
    "has_begun",
    "is_station",
    "load_package",
    "nation_near",
    "read_copy",
    "take_over",
]


class Station(Readings):
    """An unlocked station. `Station.unlock` is the way in; `close` the way out."""

    def __init__(self, locked: Locked, session: Session) -> None:
        super().__init__(session)
        self._locked = locked
        self.desk = Desk(session)
        self.booth = Booth(BallotSlot(session))
        self.complaints = Complaints(session.journal)
        self.papers = Papers(session)
        self._looked_up = -LOOK_UP_SECONDS

    @classmethod
    def unlock(
        cls,
        folder: Path,
        clock: Clock,
        untrusted_card: str,
        pin: str,
        *,
        mirror: Path | None = None,
        locked: Locked | None = None,
    ) -> "Station | Refusal":
        """Open the folder with a badge. Refusals as `Locked.open_badge`; IntegrityError if a file is not as it was.

        `mirror`: a folder on a second medium that is kept equal; a spare terminal can be unlocked from it. `locked`:
        the folder as it was looked at before, so that wrong PINs are counted in one place.
        """
        locked = locked or Locked(folder, clock, mirror)
        session = locked.unlock(untrusted_card, pin)
        if isinstance(session, Refusal):
            return session
        box_key.finish_destroying(session)
        return cls(locked, session)

    def close(self) -> None:
        self.booth.cover()
        self._session.close()

    def look_after_copy(self) -> None:
        """Every second or so: a second copy that was lost is brought back when its medium answers again."""
        self._session.look_after_copy()

    def power_cut(self) -> None:
        """What the system does when the power goes: nothing is written, the folder is free again. For training and
        rehearsals."""
        self._session.power_cut()

    # -- who is here -----------------------------------------------------------------------------

    def sign_in(self, untrusted_card: str, pin: str) -> Officer | Refusal:
        """The next person at the terminal; the one before is signed out."""
        badge = self._locked.open_badge(untrusted_card, pin)
        if isinstance(badge, Refusal):
            self._session.tell(*self._locked.unheard())
            return badge
        self.sign_out()
        self._locked.sign_in(self._session, badge)
        officer = self._session.officer
        return officer if officer else Refusal("badge_unknown")

    def sign_out(self) -> None:
        """Badges that were opened for a step in common are forgotten too: who leaves signs nothing any more."""
        self.dismiss()
        if self._session.officer:
            self._session.tell(Happened("signed_out", self._session.by))
            self._session.officer = None

    def attend(self, untrusted_card: str, pin: str) -> Officer | Refusal:
        answer = opening.attend(self._session, self._locked, untrusted_card, pin)
        self._session.tell(*self._locked.unheard())
        if not isinstance(answer, Refusal):
            self._locked.attempts.right(answer.id)
        return answer

    def dismiss(self) -> None:
        """The members' badges are forgotten; the next step that needs them asks again."""
        self._session.present.clear()

    def is_here(self, untrusted_card: str, pin: str) -> Refusal | None:
        """Whether this badge and PIN are those of the one signed in: for coming back to a screen that
        was handed over."""
        badge = self._locked.open_badge(untrusted_card, pin, handed_over=True)
        if isinstance(badge, Refusal):
            return badge
        return None if badge.id == self._session.by else Refusal("not_signed_in")

    def relieve(self, untrusted_card: str, pin: str) -> Refusal | None:
        """Another clerk, or the chair, comes to a screen that was handed over and whose clerk is away: signed in here,
        and told. `not_permitted` for anybody else; otherwise as `is_here`."""
        badge = self._locked.open_badge(untrusted_card, pin, handed_over=True)
        if isinstance(badge, Refusal):
            return badge
        officer = self._session.credential.officer(badge.id)
        if officer is None or officer.role not in ("clerk", "chair"):
            return Refusal("not_permitted", {"role": officer.role if officer else "", "verb": "give"})
        before = self._session.by
        self.sign_out()
        self._locked.sign_in(self._session, badge)
        self._session.tell(Happened("screen_relieved", badge.id, {"from": before}))
        return None

    def blocked(self) -> tuple[Officer, ...]:
        """Whose badges are shut out for a while after too many wrong PINs."""
        found = (self._session.credential.officer(badge) for badge in self._locked.attempts.blocked(self.now()))
        return tuple(officer for officer in found if officer)

    def unblock(self, badge: str) -> Refusal | None:
        """By the chair and a member together: its holder may try again. `badge_not_blocked`, `second_badge_missing`."""
        s = self._session
        if refused := s.may("unblock"):
            return refused
        if badge not in {officer.id for officer in self.blocked()}:
            return Refusal("badge_not_blocked")
        if not set(s.present) - {s.by}:
            return Refusal("second_badge_missing")
        s.tell(*self._locked.unheard(), Happened("badge_unblocked", s.by, {"badge": badge}))
        self._locked.attempts.right(badge)
        return None

    # -- anybody, before the day ------------------------------------------------------------------

    def look_up(self, untrusted_pin: str) -> Voter | Refusal:
        """One's own entry by one's own number, in the posting phase only; nobody need be signed in and nothing is
        kept but that somebody asked. One a second: a person does not notice, a list of numbers takes weeks.
        `wrong_phase`, `pin_…`, `other_station`, `on_no_roll`."""
        if self._session.state.name != "posting":
            return Refusal("wrong_phase", {"phase": self._session.state.name})
        sleep(max(0.0, LOOK_UP_SECONDS - (monotonic() - self._looked_up)))
        self._looked_up = monotonic()
        pin = read_pin(untrusted_pin)
        if isinstance(pin, Refusal):
            return pin
        found = self.desk.entry(pin)
        self._session.tell(Happened("looked_up", fields={"found": int(not isinstance(found, Refusal))}))
        return found

    # -- the day ---------------------------------------------------------------------------------

    def prepare(self) -> list[Counter] | Refusal:
        return opening.prepare(self._session)

    def open_polls(self) -> Refusal | None:
        refused = opening.open_polls(self._session)
        if refused is None:
            self.dismiss()
        return refused

    def pause(self, reason: PauseReason) -> Refusal | None:
        told = Happened("paused", self._session.by, {"reason": reason})
        return self._session.may("pause") or self._session.move(phases.Pause(reason), told)

    def resume(self) -> Refusal | None:
        told = Happened("resumed", self._session.by)
        return self._session.may("resume") or self._session.move(phases.Resume(), told)

    def close_polls(self) -> Refusal | None:
        self._session.read_anew()
        now = self._session.clock.now()
        out = sum(self._session.in_progress(kind) for kind in KINDS)
        second = bool(set(self._session.present) - {self._session.by})
        event = phases.ClosePolls(now.isoformat(), now < self._session.closes(), out, second)
        refused = self._session.may("close") or self._session.move(event)
        if refused is None:
            self.dismiss()
        return refused

    def take_over(self) -> Refusal | None:
        """By the chair and a member, where this folder is a copy of another terminal's day."""
        return restart.take_over(self._session)

    def explain_counts(self, text: str) -> Refusal | None:
        return restart.explain(self._session, text)

    def reopen(self, untrusted_order: bytes) -> Refusal | None:
        """By a signed order of the central commission."""
        return orders.obey(self._session, untrusted_order)

    def reopen_from(self, folders: Iterable[Path]) -> Refusal | None:
        """The same, by the first good one of the orders on these media. `order_missing` if there is none at all."""
        return orders.obey_from(self._session, folders)

    # -- count, protocol, packet --------------------------------------------------------------------

    def count(self, recovered_seed: bytes | None = None) -> ElectronicCount | Refusal:
        return counting.open_the_box(self._session, recovered_seed)

    def ask_recovery(self, stick: Stick, progress: Progress = silent) -> Written | Refusal:
        """Where fewer than k members come back: the request to the central commission."""
        return recovery.ask(self._session, stick, progress)

    def count_from(self, folders: Iterable[Path]) -> ElectronicCount | Refusal:
        """With the commission's answer, from one of these media."""
        return recovery.open_from(self._session, folders)

    def enter_hand_count(self, place: int, lines: dict[str, int], votes: dict[int, int]) -> Refusal | None:
        return hand_count.enter_hand_count(self._session, place, lines, votes)

    def keep_hand_draft(self, figures: dict[str, int]) -> Refusal | None:
        return hand_count.keep_draft(self._session, figures)

    def hand_differences(self) -> tuple[Difference, ...] | Refusal:
        return hand_count.hand_differences(self._session)

    def count_differences(self) -> tuple[Difference, ...] | Refusal:
        return hand_count.count_differences(self._session)

    def write_act(self, field: str, text: str) -> Refusal | None:
        return hand_count.write_act(self._session, field, text)

    def draft(self) -> c.Protocol | Refusal:
        return signing_off.draft(self._session)

    @staticmethod
    def unexplained(drawn: c.Protocol) -> int:
        """Differences and failing equations without an act."""
        return len(protocol.unexplained(drawn))

    def sign(self) -> bytes | Refusal:
        signed = signing_off.sign(self._session)
        if not isinstance(signed, Refusal):
            self.dismiss()
        return signed

    def correct(self, reason: str, folders: Iterable[Path] = ()) -> Refusal | None:
        """Back from the signed protocol to the hand counts, for a next version that bears the reason; `folders`: media
        on which the commission's order may lie, where the law wants one."""
        refused = signing_off.correct(self._session, reason, folders)
        if refused is None:
            self.dismiss()
        return refused

    def export(self, stick: Stick, progress: Progress = silent) -> Written | Refusal:
        return signing_off.export(self._session, stick, progress)

    # -- complaints -------------------------------------------------------------------------------

    def complain(self, author_kind: Author, category: Category, text: str) -> Complaint | Refusal:
        s = self._session
        return s.may("complaint") or self.complaints.register(author_kind, category, text, s.by, at=s.clock.now())

    def report_incident(self, category: Category, text: str) -> Complaint | Refusal:
        s = self._session
        return s.may("incident") or self.complaints.incident(category, text, s.by, s.clock.now())

    def decide_complaint(self, number: int, status: Status, decision: str) -> Complaint | Refusal:
        return self._session.may("complaint") or self.complaints.decide(number, status, decision, self._session.by)
