"""The voter in the booth: how to read, the ballot, the review, the paper, the record. Nothing outlives the voter."""

from functools import partial
from threading import Event

import msgspec

from kiosk.day import booth
from kiosk.day.station import Authorisation, Station
from kiosk.errors import DeviceError, Refusal
from ui import intents as i
from ui import views as v
from ui.look.tokens import VOTER_DEFAULT, Contrast
from ui.model.ballot import options
from ui.model.happened import (
    Asked,
    ClerkBack,
    ClerkCalled,
    DocumentEarly,
    DocumentShown,
    Done,
    Ended,
    HandOver,
    Happened,
    PrinterFailed,
    StaffCard,
)
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Answer, Seat, said

_PRINT_SECONDS = 30.0  # what is not on paper by then is cancelled


class Printed(i.Intent, frozen=True):
    """The printer has answered about the voter's paper, `number` of this terminal: None if it is printed, else why not.
    No screen asks this."""

    number: int
    failed: Exception | None


# state of the booth → the voter's page
_PAGES: dict[type[booth.State], v.BoothPage] = {
    booth.Covered: "covered", booth.Welcome: "welcome", booth.Marking: "ballot", booth.Reviewing: "review",
    booth.Printing: "review", booth.OnPaper: "paper", booth.Recorded: "recorded", booth.Called: "left",
}  # fmt: skip


class Voter(Part):
    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._answered: Event | None = None  # a paper is on its way; set once the printer has answered
        self._reads = _Reading()
        self._sheet: bytes | None = None
        self._trouble: v.Said | None = None
        self._document = ""
        self._pin_asked, self._own_cards, self._coming = 0, 0, ""

    @property
    def _booth(self) -> booth.Booth:
        return self._station.booth

    @property
    def _station(self) -> Station:
        return self.seat.open_station

    def hear(self, happened: Happened) -> None:
        match happened:
            case HandOver(ballot):
                self._hand_over(ballot)
            case Ended():
                self._forget()
            case Asked():
                self._pin_asked = 0
            case StaffCard(badge):
                document = self._document
                self._done(i.VoterDone())  # the thanks were read, or nobody will any more
                self._document = document
                self._own_cards += 1
                self._coming = badge
                self._pin_asked = self._own_cards
            case ClerkBack():
                self._give_back()
            case DocumentEarly(text) if not self.seat.voter_busy:
                self._document = text  # the next voter's, scanned while the screen still stands before this one
            case _:
                pass

    def _forget(self) -> None:
        """Nothing of a voter stays: not the choice, not the paper, not the language."""
        self._reset()
        if self.seat.station:
            self._booth.cover()

    def _reset(self) -> None:
        """A paper on its way comes out, or never will, before the next voter is there."""
        if self._answered:
            self.seat.progress("printing", 0, 0)
            self._answered.wait()
            self._answered = None
        self._reads = _Reading()
        self._sheet = None
        self._trouble = None
        self._document = ""

    def screens(self) -> Screens:
        return {"handover": v.HandOverView, "booth": v.AtBoothView}

    def handlers(self) -> Handlers:
        return {
            i.VoterReady: self._ready,
            i.Present: self._present,
            i.StartBallot: lambda intent: self._touch(booth.Start()),
            i.Mark: self._mark,
            i.Review: lambda intent: self._touch(booth.Review()),
            i.Change: self._change,
            i.PrintPaper: self._print,
            i.Record: self._record,
            i.PaperWrong: self._wrong,
            i.Leave: self._leave,
            i.VoterDone: self._done,
            i.BoothScreen: self._screen,
            Printed: self._printed,
        }

    def left(self) -> None:
        """Whoever was at the one screen is gone. On two screens the voter goes on while the clerks change."""
        if not (self.seat.setting.two_screens and self.seat.voter_busy):
            self._forget()
            self.seat.turned = "away"

    def _hand_over(self, given: Authorisation) -> None:
        """A ballot is given: on two screens the booth lights up, on one the clerk turns it round."""
        self._forget()
        if self.seat.setting.two_screens:
            self._booth.offer(given)
        else:
            self.seat.turned = "turning"  # from here on nothing but the clerk's badge or PIN opens the desk

    def _give_back(self) -> None:
        """The clerk is at the one screen again; a document that was scanned meanwhile is looked up."""
        document = self._document
        self._forget()
        self.seat.turned = "away"
        self.seat.go("desk")
        if document and self._station.pending is None:
            self.seat.tell(DocumentShown(document))

    def _ready(self, intent: i.VoterReady) -> Answer:
        if self.seat.turned == "turning" and (pending := self._station.pending):
            self._booth.offer(pending)
            self.seat.turned = "voter"
        return None

    def _screen(self, intent: i.BoothScreen) -> Answer:
        """Told to the desk; what stood there before is gone when the screen is back."""
        self.seat.setting.booth_there = intent.there
        return None if intent.there else Refusal("booth_dark")

    def _present(self, intent: i.Present) -> Answer:
        self._reads.change(intent)
        return None

    # -- the ballot -------------------------------------------------------------------------------------

    def _touch(self, event: booth.Event) -> Answer:
        """What the booth has no place for is the second touch of a finger that was too quick: nothing happens."""
        refused = self._booth.touch(event)
        return refused if refused and refused.code != "no_ballot" else None

    def _mark(self, intent: i.Mark) -> Answer:
        return self._touch(booth.Unmark() if intent.choice is None else booth.Mark(intent.choice))

    def _change(self, intent: i.Change) -> Answer:
        if isinstance(self._booth.state, booth.Reviewing):
            self._trouble = None
        return self._touch(booth.Change())

    def _print(self, intent: i.PrintPaper) -> Answer:
        """The paper first, the record after the voter has read it (docs/decisions/0015)."""
        seat, district = self.seat, self._booth.district
        if district is None or not isinstance(self._booth.state, booth.Reviewing):
            return None
        sheet = self._station.papers.marked(
            district, self._booth.choice
        )  # if it can't be made, the booth waits for none
        paper = self._booth.print()
        if isinstance(paper, Refusal):
            return None
        self._answered = Event()
        work = partial(self._put_on_paper, sheet, paper, self._answered)
        if seat.setting.two_screens and seat.aside:
            seat.aside(work)  # the desk goes on
            return None
        seat.progress("printing", 0, 0)
        return self._printed(work())

    def _put_on_paper(self, sheet: bytes, number: int, answered: Event) -> Printed:
        try:
            self.seat.setting.printer.print("ballot", sheet, wait=_PRINT_SECONDS)
        except Exception as error:  # noqa: BLE001 (a bug goes up to the crash screen from `_printed`)
            return Printed(number, error)
        finally:
            answered.set()
        return Printed(number, None)

    def _printed(self, intent: Printed) -> Answer:
        if self._booth.touch(booth.Printed(intent.number, intent.failed is None)):
            return None  # of a voter who is gone
        self._answered = None
        if intent.failed is None:
            self.seat.tell(Done("printed_again"))
            self._trouble = None
            if self.seat.setting.shows_paper:
                self._sheet = self._picture()
            return None
        told = (
            intent.failed
            if isinstance(intent.failed, DeviceError)
            else DeviceError("printer_failed", reason=type(intent.failed).__name__)
        )
        self._trouble = said(told, "warn")
        self.seat.tell(Done(told.code))
        self.seat.tell(PrinterFailed())
        if told is not intent.failed:
            raise intent.failed
        return None

    def _picture(self) -> bytes | None:
        district = self._booth.district
        return self._station.papers.picture(district, self._booth.choice) if district else None

    def _record(self, intent: i.Record) -> Answer:
        refused = self._booth.record()
        if refused is None:
            self._sheet = None
            self.seat.tell(Done("recorded"))
        return refused if refused and refused.code != "no_ballot" else None

    def _wrong(self, intent: i.PaperWrong) -> Answer:
        """The paper is not what was chosen: the clerk takes it, the voter starts from nothing."""
        if self._call_clerk(booth.PaperWrong()):
            self._trouble = v.Said("paper_wrong", {}, "warn")
        return None

    def _leave(self, intent: i.Leave) -> Answer:
        self._call_clerk(booth.Leave())
        return None

    def _call_clerk(self, event: booth.PaperWrong | booth.Leave) -> bool:
        """Whether the clerk is called. Only the language stays, to say so."""
        if self._booth.touch(event):
            return False
        speaks = self._reads.language
        self._reset()
        self._reads.language = speaks
        self.seat.tell(ClerkCalled())
        return True

    def troubled(self, said_: v.Said) -> None:
        """Something the voter asked for did not happen: told to the voter."""
        self._trouble = said_

    def _done(self, intent: i.VoterDone) -> Answer:
        """Covered. On one screen it stays so until the clerk's PIN."""
        if self._booth.touch(booth.Done()) is None:
            self._forget()
        return None

    def view(self) -> v.BoothView:
        station = self.seat.station
        speaks = self._reads.language or "ky"  # the first language of the ballot, whatever the staff read
        page = _PAGES[type(self._booth.state)] if station else "covered"
        if station is None or page == "covered":
            return v.BoothView(
                language=speaks, document=bool(self._document), pin_asked=self._pin_asked, coming=self._coming
            )
        definition, district, given = station.definition, self._booth.district, self._booth.given
        base = v.BoothView(
            page=page,
            election=v.Named(definition.name_ky, definition.name_ru),
            language=speaks,
            size=self._reads.size,
            contrast=self._reads.contrast,
            paper=self._sheet,
            trouble=self._trouble,
            printing=self._answered is not None,
            document=bool(self._document),
            pin_asked=self._pin_asked,
            coming=self._coming,
        )
        if district is None or given is None:
            return base
        return msgspec.structs.replace(
            base,
            district=district.number,
            district_name=v.Named(district.name_ky, district.name_ru),
            options=options(district),
            choice=self._booth.choice,
            remote=given.kind == "remote",
        )


class _Reading:
    """How a voter wants to read."""

    language = ""
    size = VOTER_DEFAULT
    contrast: Contrast = "standard"

    def change(self, wish: i.Present) -> None:
        self.language = wish.language or self.language
        self.size = self.size if wish.size is None else wish.size
        self.contrast = wish.contrast or self.contrast
