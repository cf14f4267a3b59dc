"""What the screens are given: frozen values, nothing that could act. Codes and facts, never sentences: the screen says
them in the language of whoever is looking."""

from datetime import datetime
from typing import ClassVar, TypeVar

from kiosk.day.permissions import Page, Phase
from kiosk.election.definition import Purpose
from ui.views.chair import (
    BadgesView,
    ClosingView,
    CountingView,
    DayView,
    DifferenceLine,
    DifferencesView,
    Equation,
    ExportView,
    HandView,
    OpeningView,
    ProtocolView,
    Step,
    StepName,
    TakingOverView,
    UnblockingView,
)
from ui.views.common import BoothPage, Counters, Devices, Named, OfPage, Person, Place, Record, Said, Verdict
from ui.views.complaints import ComplaintRow, ComplaintsView
from ui.views.setup import CheckLine, SetupView
from ui.views.training import Mistake, Sample, Scenario, TrainerView
from ui.views.voting import (
    AtBoothView,
    BoothView,
    DeskView,
    HandOverView,
    LockedView,
    LookUpView,
    Option,
    Row,
    VoterCard,
)

__all__ = [
    "AtBoothView",
    "BadgesView",
    "BoothPage",
    "BoothView",
    "CheckLine",
    "ClosingView",
    "ComplaintRow",
    "ComplaintsView",
    "Counters",
    "CountingView",
    "DayView",
    "DeskView",
    "Devices",
    "DifferenceLine",
    "DifferencesView",
    "Equation",
    "ExportView",
    "HandOverView",
    "HandView",
    "LockedView",
    "LookUpView",
    "Mistake",
    "Named",
    "OfPage",
    "OpeningView",
    "Option",
    "Page",
    "Person",
    "Phase",
    "Place",
    "ProtocolView",
    "Record",
    "Row",
    "Said",
    "Sample",
    "Scenario",
    "Screen",
    "SetupView",
    "StartingView",
    "Step",
    "StepName",
    "TakingOverView",
    "TrainerView",
    "UnblockingView",
    "Verdict",
    "View",
    "VoterCard",
]


class StartingView(OfPage, frozen=True):
    """The window does not know yet."""

    page: ClassVar[Page] = "starting"


Screen = (
    StartingView
    | SetupView
    | LockedView
    | LookUpView
    | DeskView
    | HandOverView
    | AtBoothView
    | DayView
    | OpeningView
    | ClosingView
    | TakingOverView
    | UnblockingView
    | CountingView
    | HandView
    | DifferencesView
    | ProtocolView
    | ExportView
    | ComplaintsView
)
S = TypeVar("S", bound=OfPage)


class View(Record, frozen=True, kw_only=True):
    """Everything there is to see: the one screen that stands, and what stands around it on every page.

    `badges`: for the steps in common; `booth`: what the voter sees, on one screen or two; `notice`: a refusal or an
    error, shown as a sheet until it is dismissed.
    """

    screen: Screen = StartingView()
    purpose: Purpose = "official"
    phase: Phase = "unconfigured"
    place: Place | None = None
    officer: Person | None = None
    now: datetime | None = None
    devices: Devices = Devices()
    counters: Counters = Counters()
    notice: Said | None = None
    two_screens: bool = False
    badges: BadgesView = BadgesView()
    booth: BoothView = BoothView()
    trainer: TrainerView | None = None

    @property
    def page(self) -> Page:
        return self.screen.page

    def of(self, kind: type[S]) -> S:
        """The screen, which is of this kind: a mistake of ours otherwise."""
        if not isinstance(self.screen, kind):
            raise TypeError(f"{kind.__name__} wanted, {type(self.screen).__name__} stands")
        return self.screen
