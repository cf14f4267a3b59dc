"""What the screens are given: frozen values, nothing that could act. Codes and facts, never sentences: the screen says
them in the language of whoever is looking."""

from datetime import datetime

from kiosk.day.permissions import Page, Phase
from kiosk.election.definition import Purpose
from ui.views.chair import (
    BadgesView,
    DayView,
    DifferenceLine,
    DifferencesView,
    Equation,
    ExportView,
    HandView,
    ProtocolView,
    Step,
    StepName,
)
from ui.views.common import BoothPage, Counters, Devices, Named, Person, Place, Record, Said, Verdict
from ui.views.others import CheckLine, ComplaintRow, ComplaintsView, Mistake, Sample, Scenario, SetupView, TrainerView
from ui.views.voting import BoothView, DeskView, LockedView, LookUpView, Option, Row, VoterCard

__all__ = [
    "BadgesView",
    "BoothPage",
    "BoothView",
    "CheckLine",
    "ComplaintRow",
    "ComplaintsView",
    "Counters",
    "DayView",
    "DeskView",
    "Devices",
    "DifferenceLine",
    "DifferencesView",
    "Equation",
    "ExportView",
    "HandView",
    "LockedView",
    "LookUpView",
    "Mistake",
    "Named",
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
    "SetupView",
    "Step",
    "StepName",
    "TrainerView",
    "Verdict",
    "View",
    "VoterCard",
]


class View(Record, frozen=True, kw_only=True):
    """Everything there is to see. `notice`: a refusal or an error, shown as a sheet until it is dismissed."""

    page: Page = "starting"
    purpose: Purpose = "official"
    phase: Phase = "unconfigured"
    place: Place | None = None
    officer: Person | None = None
    now: datetime | None = None
    devices: Devices = Devices()
    counters: Counters = Counters()
    notice: Said | None = None
    two_screens: bool = False
    locked: LockedView = LockedView()
    lookup: LookUpView = LookUpView()
    desk: DeskView = DeskView()
    booth: BoothView = BoothView()
    day: DayView = DayView()
    badges: BadgesView = BadgesView()
    hand: HandView = HandView()
    differences: DifferencesView = DifferencesView()
    protocol: ProtocolView = ProtocolView()
    export: ExportView = ExportView()
    complaints: ComplaintsView = ComplaintsView()
    setup: SetupView = SetupView()
    trainer: TrainerView | None = None
