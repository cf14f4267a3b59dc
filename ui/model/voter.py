"""The voter in the booth: how to read, the ballot, the review, the paper, the record. Nothing outlives the voter."""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Event
from typing import Any

import msgspec

from kiosk.day import booth
from kiosk.day.session import Authorisation
from kiosk.election.definition import AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU
from kiosk.errors import DeviceError, Refusal
from kiosk.forms import ballots
from ui import intents as i
from ui import views as v
from ui.model.terminal import Answer, Part, Terminal, said
from ui.tokens import VOTER_DEFAULT, Contrast

_PRINT_SECONDS = 30.0  # what is not on paper by then is cancelled


class Printed(i.Intent, frozen=True):
    """The printer has answered about the voter's paper, `number` of this terminal: None if it is printed, else why not.
    No screen asks this."""

    number: int
    failed: Exception | None


class Voter(Part):
    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self._papers = 0  # sent to the printer, in all
        self._printing: Event | None = None  # set once the printer has answered
        self.handed_over = False  # the one screen is (or was) the voter's, and the clerk has not come back to it
        self.forget()

    def forget(self) -> None:
        """Nothing of a voter stays: not the choice, not the paper, not the language. A paper on its way comes out, or
        never will, before the next voter is there."""
        if self._printing:
            self.t.progress("printing", 0, 0)
            self._printing.wait()
            self._printing = None
        self._page: v.BoothPage = "covered"
        self._given: Authorisation | None = None
        self._language = ""
        self._size = VOTER_DEFAULT
        self._contrast: Contrast = "standard"
        self._paper: bytes | None = None
        self._trouble: v.Said | None = None
        self._options: tuple[v.Option, ...] = ()
        self._document = ""
        if self.t.station:
            self.t.station.booth.cover()

    @property
    def busy(self) -> bool:
        """A voter is at it."""
        return self._page not in ("covered", "recorded", "left")

    def handlers(self) -> Mapping[type[i.Intent], Callable[[Any], Answer]]:
        return {
            i.VoterReady: self._ready,
            i.Present: self._present,
            i.StartBallot: self._start,
            i.Mark: self._mark,
            i.Review: self._review,
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
        if not (self.t.setting.two_screens and self.busy):
            self.forget()
            self.handed_over = False

    def keep_document(self, text: str) -> None:
        """The next voter's, scanned while the screen still stands before this one."""
        if not self.busy:
            self._document = text

    def hand_over(self, given: Authorisation) -> None:
        """A ballot is given: on two screens the booth lights up, on one the clerk turns it round."""
        self.forget()
        self._given = given
        district = self.t.open_station.district_of(given)
        self._options = (
            *(v.Option(c.number, v.Named(c.name_ky, c.name_ru), c.birth_year) for c in district.standing),
            v.Option(AGAINST_ALL, v.Named(AGAINST_ALL_KY, AGAINST_ALL_RU), None),
        )
        if self.t.setting.two_screens:
            self._page = "welcome"
        else:
            self.handed_over = True  # from here on nothing but the clerk's badge or PIN opens the desk
            self.t.page = "handover"

    def give_back(self) -> Answer:
        """The clerk is at the one screen again; a document that was scanned meanwhile is looked up."""
        document = self._document
        self.forget()
        self.handed_over = False
        self.t.page = "desk"
        return self.t.parts.clerk.scan(document) if document and self.t.session.pending is None else None

    def _ready(self, intent: i.VoterReady) -> Answer:
        if self._given is None or self.t.page != "handover":
            return None
        self._page = "welcome"
        self.t.page = "booth"
        return None

    def _screen(self, intent: i.BoothScreen) -> Answer:
        """Told to the desk; what stood there before is gone when the screen is back."""
        self.t.setting.booth_there = intent.there
        return None if intent.there else Refusal("booth_dark")

    def _present(self, intent: i.Present) -> Answer:
        if intent.language:
            self._language = intent.language
        if intent.size is not None:
            self._size = intent.size
        if intent.contrast:
            self._contrast = intent.contrast
        return None

    # -- the ballot -------------------------------------------------------------------------------------

    def _start(self, intent: i.StartBallot) -> Answer:
        if self._given is None or self._page != "welcome":
            return None  # a second touch of a finger that was too quick: here and below
        self.t.open_station.booth.start(self._given)
        self._page = "ballot"
        return None

    def _mark(self, intent: i.Mark) -> Answer:
        if self._page != "ballot":
            return None
        event = booth.Unmark() if intent.choice is None else booth.Mark(intent.choice)
        return self.t.open_station.booth.touch(event)

    def _review(self, intent: i.Review) -> Answer:
        if self._page != "ballot":
            return None
        refused = self.t.open_station.booth.touch(booth.Review())
        if refused is None:
            self._page = "review"
        return refused

    def _change(self, intent: i.Change) -> Answer:
        if self._page != "review" or self._printing:
            return None
        refused = self.t.open_station.booth.touch(booth.Change())
        if refused is None:
            self._page, self._trouble = "ballot", None
        return refused

    def _print(self, intent: i.PrintPaper) -> Answer:
        """The paper first, the record after the voter has read it (docs/decisions/0015)."""
        t = self.t
        state = t.open_station.booth.state
        if self._page != "review" or not isinstance(state, booth.Reviewing) or self._given is None or self._printing:
            return None
        district = t.open_station.district_of(self._given)
        sheet = ballots.marked(t.session.definition, t.session.credential.station, district, state.choice)
        self._papers += 1
        self._printing = Event()
        work = partial(self._put_on_paper, sheet, self._papers, self._printing)
        if t.setting.two_screens and t.aside:
            t.aside(work)  # the desk goes on
            return None
        t.progress("printing", 0, 0)
        return self._printed(work())

    def _put_on_paper(self, sheet: bytes, number: int, answered: Event) -> Printed:
        try:
            self.t.setting.printer.print("ballot", sheet, wait=_PRINT_SECONDS)
        except Exception as error:  # noqa: BLE001 (a bug goes up to the crash screen from `_printed`)
            return Printed(number, error)
        finally:
            answered.set()
        return Printed(number, None)

    def _printed(self, intent: Printed) -> Answer:
        t = self.t
        state = t.open_station.booth.state
        if self._printing is None or intent.number != self._papers:
            return None  # of a voter who is gone
        self._printing = None
        if not isinstance(state, booth.Reviewing) or self._given is None:
            return None
        if intent.failed:
            told = (
                intent.failed
                if isinstance(intent.failed, DeviceError)
                else DeviceError("printer_failed", reason=type(intent.failed).__name__)
            )
            self._trouble = said(told, "warn")
            t.parts.trainer.saw(told.code)
            t.parts.trainer.put_paper_in()
            if told is not intent.failed:
                raise intent.failed
            return None
        t.parts.trainer.saw("printed_again")
        self._trouble = None
        self._page = "paper"
        if t.setting.training:
            district = t.open_station.district_of(self._given)
            self._paper = ballots.picture(t.session.definition, t.session.credential.station, district, state.choice)
        return None

    def _record(self, intent: i.Record) -> Answer:
        if self._page != "paper":
            return None
        refused = self.t.open_station.booth.record()
        if refused is None:
            self._page = "recorded"
            self._paper = None
            self._given = None
            self._options = ()
            self.t.open_station.booth.cover()
        return refused

    def _wrong(self, intent: i.PaperWrong) -> Answer:
        """The paper is not what was chosen: the clerk takes it, the voter starts from nothing."""
        if self._page != "paper":
            return None
        self._call_clerk()
        self._trouble = v.Said("paper_wrong", {}, "warn")
        return None

    def _leave(self, intent: i.Leave) -> Answer:
        if self.busy:
            self._call_clerk()
        return None

    def _call_clerk(self) -> None:
        speaks, handed = self._language, self.handed_over
        self.forget()
        self._language, self.handed_over = speaks, handed
        self._page = "left"
        self.t.parts.clerk.calls = True

    def troubled(self, said_: v.Said) -> None:
        """Something the voter asked for did not happen: told to the voter."""
        self._trouble = said_

    def _done(self, intent: i.VoterDone) -> Answer:
        """Covered. On one screen it stays so until the clerk's badge, PIN or next scan."""
        if self._page == "recorded":
            self.forget()
        return None

    def view(self) -> v.BoothView:
        t = self.t
        speaks = self._language or "ky"  # the first language of the ballot, whatever the staff read
        if t.station is None or self._page == "covered":
            return v.BoothView(language=speaks, document=bool(self._document))
        definition = t.session.definition
        base = v.BoothView(
            page=self._page,
            election=v.Named(definition.name_ky, definition.name_ru),
            language=speaks,
            size=self._size,
            contrast=self._contrast,
            paper=self._paper,
            trouble=self._trouble,
            printing=self._printing is not None,
            document=bool(self._document),
        )
        if self._given is None:
            return base
        district = t.open_station.district_of(self._given)
        return msgspec.structs.replace(
            base,
            district=district.number,
            district_name=v.Named(district.name_ky, district.name_ru),
            options=self._options,
            choice=getattr(t.open_station.booth.state, "choice", None),
            remote=self._given.kind == "remote",
        )
