"""The clerk's desk: scan, PIN or name → a voter with a verdict → the ballot."""

from collections.abc import Callable
from datetime import date

from kiosk import messages
from kiosk.day.desk import Eligible
from kiosk.day.station import Authorisation
from kiosk.errors import DeviceError, Refusal
from kiosk.roll.person import Pin, is_number, parse_pin, read_pin
from kiosk.roll.person import Voter as Entry
from ui import intents as i
from ui import views as v
from ui.model.happened import ClerkCalled, DocumentShown, Done, Ended, Gave, HandOver, Happened
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Answer, Seat

_ROWS = 12


class Clerk(Part):
    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._cleared = 0
        self._out: tuple[Authorisation, str] | None = None  # the ballot that is out, and whose it is
        self.left()

    def _anew(self) -> None:
        """Another voter: the field is emptied too, which a search of no letters alone does not do."""
        self._clear()
        self._cleared += 1

    def _clear(self) -> None:
        self._query = ""
        self._rows: tuple[v.Row, ...] = ()
        self._near = self._near_number = self._beyond = False
        self._verdict: v.Said | None = None
        self._card: v.VoterCard | None = None
        self._eligible: Eligible | None = None
        self._pin: Pin | None = None

    def left(self) -> None:
        self._anew()
        self._out = None
        self._blank: bytes | None = None  # the last voter's, in an election marked with a pen
        self._calls = False

    def hear(self, happened: Happened) -> None:
        station = self.seat.station
        if self._out and (station is None or station.pending != self._out[0]):
            self._out = None  # nobody holds it any more
        match happened:
            case DocumentShown(text):
                self._scan(text)
            case ClerkCalled():
                self._calls = True
            case _:
                pass

    def screens(self) -> Screens:
        return {"desk": self._desk}

    def handlers(self) -> Handlers:
        return {
            i.Search: self._search,
            i.Choose: lambda intent: self._identify(Pin(intent.key)),
            i.Give: self._give,
            i.NextVoter: self._next,
            i.BackToSearch: self._back_to_search,
            i.Withdraw: self._withdraw,
            i.Abandon: self._abandon,
            i.BackToBooth: self._back_to_booth,
            i.StrikeOff: self._strike_off,
            i.AskHomeVote: lambda intent: self._decided(self.seat.open_station.desk.ask_home_vote),
            i.SettleHomeVote: self._settle,
            i.PrintBlank: lambda intent: self._print_blank(),
        }

    # -- who is it ------------------------------------------------------------------------------------

    def _search(self, intent: i.Search) -> Answer:
        text = intent.text
        self._clear()
        self._query = text
        if is_number(text):
            pin = parse_pin(text)
            return None if isinstance(pin, Refusal) else self._identify_typed(pin)  # otherwise it is still being typed
        if not text.strip():
            return None
        found = self.seat.open_station.desk.search(text, _ROWS + 1)
        if isinstance(found, Refusal):
            return found
        self._near = found.near
        self._rows = tuple(self._row(voter) for voter in found.voters[:_ROWS])
        self._beyond = len(found.voters) > _ROWS
        return None

    def _identify_typed(self, pin: Pin) -> Answer:
        """A number that nobody has is answered with those who have nearly this one, and stays to be corrected."""
        self._identify(pin)
        if self._verdict and self._verdict.code == "on_no_roll":
            found = self.seat.open_station.desk.near_numbers(pin)
            near = () if isinstance(found, Refusal) else found
            if near:
                self._back_to_search(i.BackToSearch())
                self._rows, self._near_number = tuple(self._row(voter) for voter in near[:_ROWS]), True
        return None

    def _back_to_search(self, intent: i.BackToSearch) -> Answer:
        self._verdict = self._card = self._eligible = self._pin = None
        return None

    def _row(self, voter: Entry) -> v.Row:
        at = self.seat.open_station.desk.given_at(voter.pin)
        return v.Row(key=voter.pin, name=voter.name, year=voter.birth_date[:4], line=voter.line, given_at=at)

    def _scan(self, text: str) -> None:
        """From whatever screen of the clerk: the next voter."""
        self._anew()
        answer = self.seat.open_station.desk.identify_scan(text)
        pin = read_pin(text)
        self._pin = None if isinstance(pin, Refusal) else pin
        self._answered(answer)

    def _identify(self, pin: Pin) -> Answer:
        kept = self._query, self._rows, self._near, self._near_number, self._beyond
        self._clear()
        self._query, self._rows, self._near, self._near_number, self._beyond = kept
        self._pin = pin
        self._answered(self.seat.open_station.desk.identify(pin))
        return None

    def _answered(self, answer: Eligible | Refusal) -> None:
        if isinstance(answer, Refusal):
            self._say(answer)
            if self._pin and answer.code not in ("day_not_open", "paused", "not_permitted"):
                entry = self.seat.open_station.desk.entry(self._pin)
                self._card = self._of(entry) if isinstance(entry, Entry) else v.VoterCard(pin=self._pin)
            return
        self._eligible = answer
        if answer.voter:
            self._card = self._of(answer.voter)
            here = {"district": answer.district}
            warning = "may_give_disagrees" if answer.warnings else "may_give"
            self._verdict = v.Said(warning, here, "warn" if answer.warnings else "good")
        else:
            self._card = v.VoterCard(pin=self._pin or "")
            self._verdict = v.Said("may_give_remote", {"district": answer.district}, "good")

    def _say(self, refused: Refusal) -> None:
        self._verdict = v.Said(refused.code, dict(refused.facts), messages.tone(refused.code))
        self.seat.tell(Done(refused.code))

    def _of(self, entry: Entry) -> v.VoterCard:
        born = date.fromisoformat(entry.birth_date)
        now = self.seat.now()
        today = now.date() if now else born
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        return v.VoterCard(
            pin=entry.pin,
            name=entry.name,
            birth_date=entry.birth_date,
            age=age,
            document=entry.document,
            line=entry.line,
            address=entry.address,
        )

    # -- the ballot -----------------------------------------------------------------------------------

    def _give(self, intent: i.Give) -> Answer:
        seat, station = self.seat, self.seat.open_station
        if seat.page != "desk" or self._eligible is None or intent.key != self._pin:
            return None  # a second touch, or the card of another voter than the one the clerk saw
        if refused := self._not_ready():
            return refused
        given = station.desk.give(self._eligible)
        if isinstance(given, Refusal):
            if station.desk.hindrance() is None:  # about this voter; anything else passes, and the card stays
                self._say(given)
                self._eligible = None
            return None
        seat.tell(Gave(self._verdict.code if self._verdict else "", self._pin or ""))
        card, now = self._card, seat.now()
        self._anew()
        self._calls = False
        if seat.setting.two_screens and not station.on_paper:  # with one screen the voter takes it over at once
            self._card = card
            self._verdict = v.Said("ballot_given", {"at": f"{now:%H:%M}" if now else ""}, "good")
        if station.on_paper:
            self._blank = station.papers.blank(station.definition.district(given.district))
            return self._print_blank()
        seat.tell(HandOver(given))
        return None

    def _not_ready(self) -> Refusal | None:
        """Why no ballot can be given now, whoever stands at the desk."""
        if not self.seat.setting.booth_there:
            return Refusal("booth_dark")
        state = self.seat.setting.watched[0].state
        if state == "no_paper":
            return Refusal("printer_no_paper_yet")
        return Refusal("printer_not_ready") if state in ("missing", "stopped") else None

    def _print_blank(self) -> Answer:
        if self._blank is None:
            return Refusal("nobody_identified")
        try:
            self.seat.setting.printer.print("ballot", self._blank)
        except DeviceError:  # the ballot is given all the same: this voter must get the paper
            self._verdict = v.Said("blank_not_printed", {}, "warn")
            raise
        self._verdict = v.Said("blank_printed", {}, "good")
        return None

    def _next(self, intent: i.NextVoter) -> Answer:
        self._anew()
        return None

    def _withdraw(self, intent: i.Withdraw) -> Answer:
        pending = self.seat.open_station.pending
        if pending is None:
            return Refusal("not_in_progress")
        return self._ended(self.seat.open_station.desk.withdraw(pending, intent.reason), "ballot_taken_back")

    def _abandon(self, intent: i.Abandon) -> Answer:
        pending = self.seat.open_station.pending
        if pending is None:
            return Refusal("not_in_progress")
        return self._ended(self.seat.open_station.desk.abandon(pending, intent.reason), "ballot_marked_abandoned")

    def _ended(self, refused: Refusal | None, done: str) -> Answer:
        if refused:
            return refused
        self.seat.tell(Ended())
        self._anew()
        self._calls = False
        self.seat.go("desk")
        self._verdict = v.Said(done, {}, "good")
        return None

    def _back_to_booth(self, intent: i.BackToBooth) -> Answer:
        pending = self.seat.open_station.pending
        if pending is None:
            return Refusal("not_in_progress")
        self._calls = False
        self._anew()
        self.seat.tell(HandOver(pending))
        return None

    def _holder(self) -> str:
        """Looked up once for each ballot; kept only while it is out."""
        pending = self.seat.open_station.pending
        if pending is None:
            return ""
        if self._out is None or self._out[0] != pending:
            voter = self.seat.open_station.desk.holder(pending)
            self._out = (pending, f"{voter.name}, {voter.birth_date[:4]}" if voter else "")
        return self._out[1]

    # -- decisions of the commission ------------------------------------------------------------------

    def _decided(self, verb: Callable[[Pin], Refusal | None]) -> Answer:
        if self._pin is None:
            return Refusal("nobody_identified")
        pin = self._pin
        return verb(pin) or self._identify(pin)

    def _strike_off(self, intent: i.StrikeOff) -> Answer:
        if not intent.reason.strip():
            return Refusal("text_missing")
        return self._decided(lambda pin: self.seat.open_station.desk.strike_off(pin, intent.reason.strip()))

    def _settle(self, intent: i.SettleHomeVote) -> Answer:
        return self._decided(lambda pin: self.seat.open_station.desk.settle_home_vote(pin, intent.voted))

    def _desk(self) -> v.DeskView:
        seat, station = self.seat, self.seat.open_station
        remote = self._eligible.district if self._eligible and self._eligible.voter is None else None
        home = station.definition.district(remote) if remote is not None else None
        role = seat.officer.role if seat.officer else "clerk"
        shut = station.desk.hindrance()  # asked anew with every view: it passes by itself
        waits = shut if self._eligible else None
        given = station.pending is not None
        out = given and not station.on_paper
        if not out:
            self._out = None
        return v.DeskView(
            query=self._query,
            rows=self._rows,
            near=self._near,
            near_number=self._near_number,
            typed=bool(self._query.strip()) and self._pin is not None,
            beyond=self._beyond,
            roll=station.roll(),
            verdict=v.Said(waits.code, dict(waits.facts), "warn") if waits else self._verdict,
            card=self._card,
            remote=remote,
            home=v.Named(home.name_ky, home.name_ru) if home else None,
            can_give=self._eligible is not None and waits is None,
            waits=waits is not None,
            in_booth=out,
            holder=self._holder() if out else "",
            calls=out and (self._calls or not seat.voter_busy),
            chair=role == "chair",
            closed=v.Said(shut.code, dict(shut.facts), "warn") if shut and shut.code != "booth_busy" else None,
            blank_out=given and station.on_paper and self._blank is not None,
            cleared=self._cleared,
        )
