"""What one role does at the terminal: a part. It has the seat, handlers of its intents, and its pages."""

from collections.abc import Callable, Mapping
from typing import Any

from ui import intents as i
from ui import views as v
from ui.model.happened import Happened
from ui.model.seat import Answer, Seat

Screens = Mapping[v.Page, Callable[[], v.Screen]]
Handlers = Mapping[type[i.Intent], Callable[[Any], Answer]]


class Part:
    def __init__(self, seat: Seat) -> None:
        self.seat = seat

    def handlers(self) -> Handlers:
        return {}

    def screens(self) -> Screens:
        """What stands on a page of this part, made when it stands."""
        return {}

    def hear(self, happened: Happened) -> None:
        """Something happened elsewhere at the terminal."""

    def left(self) -> None:
        """Somebody else is at the terminal now: forget."""
