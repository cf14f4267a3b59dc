"""The protocol page as it will be printed, its equations, and the signatures."""

from kiosk.errors import Refusal
from kiosk.forms import pages
from kiosk.forms.printed import png
from kiosk.packet import content as c
from ui import intents as i
from ui import views as v
from ui.model.happened import Arrived, Attended, Happened
from ui.model.part import Handlers, Part, Screens
from ui.model.seat import Answer, Seat

_DPI = 110
_DRAFT = "KS1: draft, not signed"


class Paper(Part):
    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self._drawn: c.Protocol | None = None
        self._pages: tuple[bytes, ...] = ()

    def screens(self) -> Screens:
        return {"protocol": self._protocol}

    def handlers(self) -> Handlers:
        return {i.Sign: self._sign}

    def hear(self, happened: Happened) -> None:
        if isinstance(happened, Arrived | Attended) and self.seat.page == "protocol":
            self._draw()

    def _draw(self) -> None:
        """The form as it would be signed now."""
        drawn = self.seat.open_station.draft()
        if isinstance(drawn, Refusal):
            self._drawn, self._pages = None, ()
            return
        self.seat.progress("drawing", 0, 0)
        self._drawn = drawn
        self._pages = tuple(png("protocol", pages.protocol_data(drawn, _DRAFT), _DPI))

    def _sign(self, intent: i.Sign) -> Answer:
        self.seat.progress("signing", 0, 0)
        signed = self.seat.open_station.sign()
        if isinstance(signed, Refusal):
            return signed
        self.seat.go("export")
        return None

    def _protocol(self) -> v.ProtocolView:
        drawn = self._drawn
        if drawn is None:
            return v.ProtocolView()
        equations = tuple(v.Equation(id=e.id, left=e.left, right=e.right, holds=e.holds) for e in drawn.equations)
        return v.ProtocolView(
            pages=self._pages, equations=equations, unexplained=self.seat.open_station.unexplained(drawn)
        )
