"""The protocol as it will be printed, its control equations with ticks, and the signatures."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.text import _
from ui import intents as i
from ui.look.scale import current_scale, px
from ui.screens.badges import Badges
from ui.views import ProtocolView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, empty, row
from ui.widgets.kit import ask, frame
from ui.widgets.screen import Screen
from ui.widgets.sheet import scrolled


class Sheet(QWidget):
    """A page as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._page = QPixmap()
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def load(self, png: bytes) -> None:
        self._page.loadFromData(png)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return width * self._page.height() // max(self._page.width(), 1)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(px(100), self.heightForWidth(px(100)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QRect(0, 0, self.width(), self.heightForWidth(self.width())), self._page)
        painter.end()


class Protocol(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.band = Band()
        self._pages = QVBoxLayout()
        self._pages.setSpacing(px(4))
        self._pages.setContentsMargins(0, 0, 0, 0)
        inside = QWidget()
        inside.setLayout(self._pages)
        self._area = scrolled(inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.badges = Badges()
        self.badges.asked.connect(self.asked)
        self.sign = Button("primary", icon="check", then=self._sure, name="sign")
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("differences")), name="back")
        self.larger = Button("tall", icon="size", then=self._enlarge, name="enlarge")
        self._enlarged = False
        both = row(self._area, self.badges, spacing=6)
        both.setStretch(0, 6)
        both.setStretch(1, 6 if current_scale().dense else 4)
        frame(self, self.band, both, row(self.back, self.larger, 1, self.sign), spacing=4, rim=5)
        self._pictures: tuple[bytes, ...] = ()

    def part(self, view: View) -> object:
        return view.of(ProtocolView), view.badges, view.officer

    def render_view(self, view: View) -> None:
        protocol = view.of(ProtocolView)
        badges = view.badges
        enough = badges.chair and badges.members >= badges.quorum
        self.badges.show_badges(badges, view)
        self._equations(protocol, enough)
        self.sign.say(_("Sign the protocol"))
        self.sign.setEnabled(enough and bool(protocol.pages) and not protocol.unexplained)
        self.back.say(_("Back"))
        self._widths()
        if protocol.pages != self._pictures:
            self._pictures = protocol.pages
            self._draw(protocol.pages)

    def _equations(self, protocol: ProtocolView, enough: bool) -> None:
        held = sum(e.holds for e in protocol.equations)
        figures = _("Control equations that hold: {n} of {all}", n=held, all=len(protocol.equations))
        if protocol.unexplained:
            self.band.say("warn", _("Acts are missing"), figures)
        elif enough:
            self.band.say("good", _("The protocol can be signed"), figures)
        else:
            self.band.say("act", _("Read the protocol; then show the badges to sign"), figures)

    def _draw(self, pages: tuple[bytes, ...]) -> None:
        empty(self._pages)
        for number, png in enumerate(pages, 1):
            sheet = Sheet()
            sheet.load(png)
            sheet.setAccessibleName(_("page {n} of {all}", n=number, all=len(pages)))
            self._pages.addWidget(sheet)
        self._pages.addStretch(1)

    def _enlarge(self) -> None:
        self._enlarged = not self._enlarged
        self._widths()

    def _widths(self) -> None:
        """Enlarged, the page takes the whole width, to be read to the last line."""
        self.badges.setVisible(not self._enlarged)
        self.larger.say(_("Smaller, with the badges") if self._enlarged else _("Larger"))

    def _sure(self) -> None:
        sentences = [_("Everybody who showed the badge signs. Afterwards nothing in it can be changed.")]
        ask(
            self,
            "act",
            _("Sign the protocol?"),
            sentences,
            yes=_("Sign the protocol"),
            no=_("Read it again"),
            then=lambda: self.asked.emit(i.Sign()),
        )

    def leave(self) -> None:
        super().leave()
        self._pictures = ()
        self._enlarged = False
        empty(self._pages)
