"""What a view carries → the screen that shows it. Each is imported when it first comes up: the first screen must be
there at once."""

import importlib

from ui import views as v
from ui.widgets.screen import Screen

_SCREENS: dict[type[v.OfPage], tuple[str, str]] = {
    v.StartingView: ("starting", "Starting"),
    v.SetupView: ("setup", "Setup"),
    v.LockedView: ("locked", "Locked"),
    v.LookUpView: ("lookup", "LookUp"),
    v.DeskView: ("desk", "Desk"),
    v.HandOverView: ("handover", "HandOver"),
    v.AtBoothView: ("voter.booth", "Booth"),
    v.DayView: ("day", "Day"),
    v.OpeningView: ("opening", "Opening"),
    v.ClosingView: ("closing", "Closing"),
    v.UnblockingView: ("unblocking", "Unblocking"),
    v.TakingOverView: ("taking_over", "TakingOver"),
    v.CountingView: ("counting", "Counting"),
    v.HandView: ("hand", "Hand"),
    v.DifferencesView: ("differences", "Differences"),
    v.ProtocolView: ("protocol", "Protocol"),
    v.ExportView: ("export", "Export"),
    v.ComplaintsView: ("complaints", "Complaints"),
}

# Screens that fill the window: they say by themselves what the bars would say.
BARE: frozenset[type[v.OfPage]] = frozenset({v.StartingView, v.LockedView, v.LookUpView, v.HandOverView, v.AtBoothView})


def screen_for(kind: type[v.OfPage]) -> Screen:
    module, name = _SCREENS[kind]
    made: Screen = getattr(importlib.import_module(f"ui.screens.{module}"), name)()
    return made
