"""The clerk's verbs: identify a voter, give a ballot, take back one given by mistake.

Never imports kiosk.day.booth: who knows the voter does not know the vote.
"""

from datetime import date
from typing import Literal

import msgspec

from kiosk.day import texts
from kiosk.day.phases import Open
from kiosk.day.session import Authorisation, Session
from kiosk.day.vocabulary import AbandonReason, WithdrawReason
from kiosk.election.calendar import of_age
from kiosk.errors import Fact, IntegrityError, Refusal
from kiosk.journal.book import Happened
from kiosk.roll.book import Found
from kiosk.roll.nation import Here, OtherDistrict, OtherStation, Tag, Unknown, tag
from kiosk.roll.person import Pin, Voter, parse_pin, pin_agrees, read_pin
from kiosk.roll.register import BallotKind, Event


class Eligible(msgspec.Struct, frozen=True, kw_only=True):
    """This person may be given a ballot now. `voter` is None for a remote voter: other rolls have no names here.

    `warnings`: codes of soft warnings; the clerk compares with the document and decides.
    """

    tag: Tag
    kind: BallotKind
    district: int
    voter: Voter | None
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Eligible({self.kind}, {self.district})"


class Desk:
    def __init__(self, session: Session) -> None:
        self._s = session

    # -- who is it -------------------------------------------------------------------------------

    def search(self, text: str, limit: int = 20) -> Found | Refusal:
        """Voters of this station by name, best first."""
        return self._s.may("identify") or self._s.files.book.search(text, limit)

    def near_numbers(self, pin: Pin) -> tuple[Voter, ...] | Refusal:
        """Voters of this station whose number is one slip of the finger away from one that is on no roll."""
        return self._s.may("identify") or self._s.files.book.near_numbers(pin)

    def given_at(self, pin: Pin) -> str:
        """ "10:42" if this person holds or has used a ballot of this station, else nothing: for the list of names."""
        refused = _history(self._s.files.register.of_person(tag(self._s.keys.nation, pin)))
        return str(refused.facts["at"]) if refused and refused.code in ("already_given", "voted_at_home") else ""

    def identify_scan(self, untrusted: str) -> Eligible | Refusal:
        """From what a scanner typed: a machine-readable zone or a bare PIN. `mrz_…`, `document_without_pin`."""
        pin = read_pin(untrusted)
        return pin if isinstance(pin, Refusal) else self.identify(pin)

    def identify_typed(self, untrusted: str) -> Eligible | Refusal:
        pin = parse_pin(untrusted)
        return pin if isinstance(pin, Refusal) else self.identify(pin)

    def identify(self, pin: Pin) -> Eligible | Refusal:
        """May this person be given a ballot here and now? The answers of docs/station.md, "Identify"."""
        answer = self._s.may("identify") or self._when() or self._who(pin)
        if isinstance(answer, Refusal):
            self._s.tell(Happened("refused", self._s.by, {"code": answer.code}))
        return answer

    def _when(self) -> Refusal | None:
        s = self._s
        if s.state.name == "paused":
            return Refusal("paused")
        if not isinstance(s.state, Open):
            return Refusal("day_not_open", {"phase": s.state.name})
        if behind := s.clock_behind(s.state.opened_at):
            return behind
        if s.clock.now() >= s.closes():
            return Refusal("after_hours")
        return None

    def _who(self, pin: Pin) -> Eligible | Refusal:
        s = self._s
        person = tag(s.keys.nation, pin)
        history = s.files.register.of_person(person)
        if refused := _history(history):
            return refused
        voter = s.files.book.find(pin)
        if voter is None:
            return self._elsewhere(pin, person)
        if not of_age(date.fromisoformat(voter.birth_date), date.fromisoformat(s.definition.calendar.voting_day)):
            return Refusal("under_age", {"birth_date": voter.birth_date})
        warnings = () if pin_agrees(voter) else ("pin_disagrees",)
        return Eligible(tag=person, kind="home", district=s.district.number, voter=voter, warnings=warnings)

    def _elsewhere(self, pin: Pin, person: Tag) -> Eligible | Refusal:
        s = self._s
        match s.files.nation.find(pin):
            case OtherStation(station):
                return self._at(station)
            case OtherDistrict(district, _station):
                if all(d.number != district or not d.standing for d in s.definition.districts):
                    return Refusal("no_ballot_style", {"district": district})
                return Eligible(tag=person, kind="remote", district=district, voter=None)
            case Here() | Unknown():
                return Refusal("on_no_roll")

    def _at(self, station: int, code: str = "other_station") -> Refusal:
        where = self._s.definition.station(station)
        facts: dict[str, Fact] = {
            "station": station,
            "address_ky": where.address_ky,
            "address_ru": where.address_ru,
        }
        if where.directions_ky:
            facts |= {"directions_ky": where.directions_ky, "directions_ru": where.directions_ru}
        return Refusal(code, facts)

    def entry(self, pin: Pin) -> Voter | Refusal:
        """What the roll says about this number; for somebody of elsewhere, where that is."""
        if voter := self._s.files.book.find(pin):
            return voter
        match self._s.files.nation.find(pin):
            case OtherStation(station) | OtherDistrict(_, station):
                return self._at(station, "listed_elsewhere")
            case Here() | Unknown():
                return Refusal("on_no_roll")

    # -- giving and taking back ------------------------------------------------------------------

    def give(self, to: Eligible) -> Authorisation | Refusal:
        """Durable before it returns: register and journal in one commit → authorisation in memory (docs/trust.md)."""
        s = self._s
        # Looked up again: something may have happened to this person since the answer was given.
        history = _history(s.files.register.of_person(to.tag))
        if refused := s.may("give") or self.hindrance() or history:
            return refused
        try:
            with s.act(Happened("ballot_given", s.by, {"kind": to.kind})):
                s.files.register.add(to.tag, "given", s.clock.now(), s.by, kind=to.kind, district=to.district)
        except IntegrityError as error:
            return Refusal(error.code)
        return s.hand_out(to.kind, to.district, to.tag)

    def hindrance(self) -> Refusal | None:
        """Why no ballot can be given to anybody now: `paused`, `day_not_open`, `clock_behind`, `after_hours`,
        `booth_busy`."""
        busy = Refusal("booth_busy") if self._s.pending and not self._s.on_paper else None
        return self._when() or busy

    def holder(self, authorisation: Authorisation) -> Voter | None:
        """Whose ballot is in progress; None for a remote voter, whose name is not known here. The register knows people
        as tags only, so the whole roll is gone through: 10 ms for 2,000 voters."""
        s = self._s
        person = s.pending_tag(authorisation)
        found = next((pin for pin in s.files.book.pins() if tag(s.keys.nation, pin) == person), None)
        return s.files.book.find(found) if found else None

    def withdraw(self, authorisation: Authorisation, reason: WithdrawReason) -> Refusal | None:
        """Take back a ballot given to the wrong person, while it is in progress: a new event, not an erasure."""
        return self._s.may("withdraw") or self._end(authorisation, "withdrawn", reason)

    def abandon(self, authorisation: Authorisation, reason: AbandonReason) -> Refusal | None:
        """The chair's word that a voter left without recording; the voter can't be given another."""
        return self._s.may("abandon") or self._end(authorisation, "abandoned", reason)

    def _end(
        self, authorisation: Authorisation, what: Literal["withdrawn", "abandoned"], reason: str
    ) -> Refusal | None:
        s = self._s
        if s.pending != authorisation:
            return Refusal("not_in_progress")
        person = s.pending_tag(authorisation)
        kind, district = authorisation.kind, authorisation.district
        event: Literal["ballot_withdrawn", "ballot_abandoned"] = (
            "ballot_withdrawn" if what == "withdrawn" else "ballot_abandoned"
        )
        with s.act(Happened(event, s.by, {"kind": kind, "reason": reason})):
            s.files.register.add(person, what, s.clock.now(), s.by, kind=kind, district=district, reason=reason)
        s.take_back()
        return None

    # -- decisions of the commission about one voter ----------------------------------------------

    def strike_off(self, pin: Pin, reason: str) -> Refusal | None:
        """By the chair, on a decision: this person is no longer on the roll."""
        refused = self._decide("strike_off", pin) or texts.refusal(reason)
        if refused is None:
            self._note(pin, "struck_off", Happened("voter_struck_off"), reason)
        return refused

    def ask_home_vote(self, pin: Pin) -> Refusal | None:
        """Enter a request to vote at home: the portable box will come."""
        refused = self._decide("home_vote", pin)
        past = _history(self._s.files.register.of_person(tag(self._s.keys.nation, pin)))
        if past and past.code != "asked_home_vote":
            refused = refused or past
        if refused is None:
            self._note(pin, "application", Happened("home_vote", fields={"step": "asked"}))
        return refused

    def settle_home_vote(self, pin: Pin, voted: bool) -> Refusal | None:
        """The portable box came back: the person voted at home, or may now vote here. `not_asked` without a request."""
        s = self._s
        if refused := self._decide("home_vote", pin):
            return refused
        person = tag(s.keys.nation, pin)
        events = s.files.register.of_person(person)
        past = _history(events)
        if past and past.code in ("already_given", "voted_at_home"):
            return past
        steps = [e.what for e in events if e.what in ("application", "application_settled")]
        if steps[-1:] != ["application"]:
            return Refusal("not_asked")
        given = Happened("ballot_given", s.by, {"kind": "outside"})
        settled = Happened("home_vote", s.by, {"step": "voted" if voted else "not_voted"})
        with s.act(*([given, settled] if voted else [settled])):
            if voted:
                s.files.register.add(person, "given", s.clock.now(), s.by, kind="outside", district=s.district.number)
            s.files.register.add(person, "application_settled", s.clock.now(), s.by)
        return None

    def _decide(self, verb: Literal["strike_off", "home_vote"], pin: Pin) -> Refusal | None:
        """Decisions about one voter: of this roll, by the chair, until the polls close. The portable box may come
        back a little later, but before the count."""
        s = self._s
        if refused := s.may(verb):
            return refused
        late = ("closed",) if verb == "home_vote" else ()
        if s.state.name not in ("posting", "ready", "open", "paused", *late):
            return Refusal("wrong_phase", {"phase": s.state.name})
        return Refusal("on_no_roll") if s.files.book.find(pin) is None else None

    def _note(
        self,
        pin: Pin,
        what: Literal["struck_off", "application"],
        told: Happened,
        reason: str = "",
    ) -> None:
        s = self._s
        with s.act(Happened(told.event, s.by, told.fields)):
            s.files.register.add(tag(s.keys.nation, pin), what, s.clock.now(), s.by, reason=reason)


def _history(events: list[Event]) -> Refusal | None:
    """What this person's past at the station forbids."""
    given = struck = asked = None
    for event in events:
        match event.what:
            case "given":
                given = event
            case "withdrawn":
                given = None
            case "struck_off":
                struck = event
            case "application":
                asked = event
            case "application_settled":
                asked = None
            case "abandoned":
                pass
    if given:
        code = "voted_at_home" if given.kind == "outside" else "already_given"
        return Refusal(code, {"at": f"{given.at:%H:%M}"})
    if struck:
        return Refusal("struck_off", {"reason": struck.reason})
    if asked:
        return Refusal("asked_home_vote", {"at": f"{asked.at:%d.%m %H:%M}"})
    return None
