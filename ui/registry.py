"""Page → screen. Each is imported when it first comes up: the first screen must be there at once."""

import importlib

from ui.views import Page
from ui.widgets.screen import Screen

_SCREENS: dict[Page, tuple[str, str]] = {
    "starting": ("starting", "Starting"),
    "setup": ("setup", "Setup"),
    "locked": ("locked", "Locked"),
    "lookup": ("lookup", "LookUp"),
    "desk": ("desk", "Desk"),
    "handover": ("handover", "HandOver"),
    "booth": ("booth", "Booth"),
    "day": ("day", "Day"),
    "opening": ("opening", "Opening"),
    "counting": ("counting", "Counting"),
    "hand": ("hand", "Hand"),
    "differences": ("differences", "Differences"),
    "protocol": ("protocol", "Protocol"),
    "export": ("export", "Export"),
    "complaints": ("complaints", "Complaints"),
}

# Screens that fill the window: they say by themselves what the bars would say.
BARE: frozenset[Page] = frozenset({"starting", "locked", "lookup", "handover", "booth"})


def screen_for(page: Page) -> Screen:
    module, name = _SCREENS[page]
    made: Screen = getattr(importlib.import_module(f"ui.screens.{module}"), name)()
    return made
