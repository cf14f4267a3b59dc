"""A sheet for work that takes longer than a moment: what is done, how far, never frozen."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from kiosk.text import N_, _, language, speaking
from ui.look.scale import px
from ui.widgets.announce import announce
from ui.widgets.basic import label
from ui.widgets.sheet import Sheet

_WORKS = {
    "unlocking": N_("Opening the station's files…"),
    "self_test": N_("Comparing the roll and the counters…"),
    "making_box": N_("Making the ballot box and its key…"),
    "opening_box": N_("Opening the box and counting…"),
    "drawing": N_("Drawing up the protocol…"),
    "signing": N_("Signing…"),
    "writing": N_("Writing to the stick…"),
    "releasing": N_("Letting the stick go…"),
    "printing": N_("Printing…"),
    "checking": N_("Checking the package…"),
    "loading": N_("Copying and checking…"),
    "testing": N_("Testing the devices…"),
    "training": N_("Making the training station…"),
}


class ProgressSheet(Sheet):
    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._title = label("title", name="progress-title")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._note = label("body", "muted", wrap=False)
        self.card.inside.addWidget(self._title)
        self.card.inside.addSpacing(px(2))
        self.card.inside.addWidget(self._bar)
        self.card.inside.addWidget(self._note)
        self._seconds = 0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._second)
        self._size = 0
        self._language = language()  # whoever waits before it: the voter, or the staff
        self.hide()

    def show_step(self, code: str, done: int, size: int) -> None:
        self._language = language()
        self._title.setText(_(_WORKS[code]) if code in _WORKS else _("Working…"))
        self._size = size
        self._bar.setRange(0, max(size, 0))
        self._bar.setValue(done)
        if self.isVisible() and self._title.text() != self._bar.accessibleName():
            announce(self, self._title.text())
        self._bar.setAccessibleName(self._title.text())
        if size:
            self._note.setText(f"{100 * done // size} %")

    def open_sheet(self) -> None:
        self._seconds = 0
        self._timer.start()
        self.setAccessibleName(self._title.text())
        super().open_sheet()

    def escape(self) -> None:
        """Nothing can be called off half-way."""

    def close_progress(self) -> None:
        """Hidden, and ready for the next work."""
        self._timer.stop()
        self._note.setText("")
        self.hide()

    def _second(self) -> None:
        self._seconds += 1
        if not self._size:
            with speaking(self._language):
                self._note.setText(_("{n} s", n=self._seconds))
