"""The second screen: the voter's booth. The clerk's window stays at the desk meanwhile."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.text import _, speaking
from ui.look.scale import px
from ui.look.theme import Look, stylesheet
from ui.screens.voter.booth import Booth
from ui.views import BoothView, View
from ui.widgets import order
from ui.widgets.basic import Button, column, label, row
from ui.window.bars import Edge


class Veil(QWidget):
    """Instead of the ballot after the screen was off: it may be somebody else who stands before it now."""

    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title, self._note = label("display", name="veil-title"), label("title", "muted")
        for words in (self._title, self._note):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._go_on = Button("primary", icon="check", then=self.answered.emit, name="go-on")
        body = column(1, self._title, self._note, 1, row(1, self._go_on), spacing=6)
        body.setContentsMargins(px(11), px(7), px(11), px(6))
        self.setLayout(body)

    def say(self, booth: BoothView) -> None:
        """In the voter's language."""
        with speaking(booth.language):
            self._title.setText(_("The screen is on again"))
            self._note.setText(_("What you marked is kept. If this is not your ballot, call the clerk."))
            self._go_on.say(_("This is my ballot"))


class BoothWindow(QWidget):
    asked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._may_close = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("page", "plain")
        self.setStyleSheet(stylesheet(look.contrast, look.scale))
        self.booth = Booth()
        self.booth.asked.connect(self.asked)
        self.veil = Veil()
        self.veil.answered.connect(partial(self._veiled, False))
        self._frame = column(self.booth, self.veil, spacing=0)
        self.setLayout(self._frame)
        self._veiled(False)
        self.edge = Edge(self)
        self.booth.arrive()

    def cover(self) -> None:
        """Nothing of the ballot shows until the voter says that it is theirs."""
        self._veiled(True)

    def _veiled(self, yes: bool) -> None:
        """The ballot is taken off the glass, so that no key and no screen reader comes to it either. Never both at
        once: the window would grow."""
        goes, comes = (self.booth, self.veil) if yes else (self.veil, self.booth)
        goes.hide()
        comes.show()

    def show_view(self, view: View) -> None:
        if view.booth.page not in ("welcome", "ballot", "review", "paper"):
            self._veiled(False)  # nobody's ballot is on the screen
        self.veil.say(view.booth)
        self.edge.show_purpose(view.purpose)
        self._frame.setContentsMargins(*(Edge.margins() if view.purpose != "official" else (0, 0, 0, 0)))
        self.booth.show_view(view)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.edge.setGeometry(self.rect())
        self.edge.raise_()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        return order.step(self, forward)

    def leave(self) -> None:
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        event.setAccepted(self._may_close)
