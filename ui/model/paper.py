"""The protocol page as it will be printed, its equations, and the signatures."""

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.errors import Refusal
from kiosk.forms import pages
from kiosk.forms.printed import png
from kiosk.packet import content as c
from ui import intents as i
from ui import views as v
from ui.model.count import unexplained
from ui.model.terminal import Answer, Part, Terminal

_DPI = 110
_DRAFT = "KS1: draft, not signed"


class Paper(Part):
    def __init__(self, terminal: Terminal) -> None:
        super().__init__(terminal)
        self._drawn: c.Protocol | None = None
        self._pages: tuple[bytes, ...] = ()

    def handlers(self) -> Mapping[type[i.Intent], Callable[[Any], Answer]]:
        return {i.Sign: self._sign}

    def draw(self) -> None:
        """The form as it would be signed now."""
        t = self.t
        if t.station is None or t.phase != "counted":
            return
        drawn = t.open_station.draft()
        if isinstance(drawn, Refusal):
            self._drawn, self._pages = None, ()
            return
        t.progress("drawing", 0, 0)
        self._drawn = drawn
        self._pages = tuple(png("protocol", pages.protocol_data(drawn, _DRAFT), _DPI))

    def _sign(self, intent: i.Sign) -> Answer:
        self.t.progress("signing", 0, 0)
        signed = self.t.open_station.sign()
        if isinstance(signed, Refusal):
            return signed
        self.t.page = "export"
        self.t.parts.packet.look()
        return None

    def view(self) -> v.ProtocolView:
        t = self.t
        if t.station is None or t.page != "protocol":
            return v.ProtocolView()
        drawn = self._drawn
        if drawn is None:
            return v.ProtocolView(badges=t.parts.badges.view())
        equations = tuple(
            v.Equation(id=e.id, left=e.left, relation=e.relation, right=e.right, holds=e.holds) for e in drawn.equations
        )
        return v.ProtocolView(
            pages=self._pages, equations=equations, unexplained=unexplained(drawn), badges=t.parts.badges.view()
        )
