"""Pills: a word or two in a rounded wash, for the bars."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

from ui.look.scale import px
from ui.widgets.basic import Tone, label, retone, row


class Pill(QFrame):
    def __init__(self, tone: Tone, dot: bool = False) -> None:
        super().__init__()
        self.setProperty("pill", tone)
        self.words: QLabel = label("body", tone, wrap=False)
        self._dot = label("body", tone, wrap=False)
        self._dot.setText("●")
        if not dot:
            self._dot.hide()
        self._dot.setAccessibleName(" ")
        inside = row(self._dot, self.words, spacing=1.6)
        inside.setContentsMargins(px(4.2), px(1.2), px(4.2), px(1.2))
        self.setLayout(inside)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(px(9.4))
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def say(self, words: str, tone: Tone = "act") -> None:
        self.words.setText(words)
        if self.parentWidget() or not words:  # before it stands anywhere it would show as a window of its own
            self.setVisible(bool(words))
        retone(self.words, tone=tone)
        retone(self._dot, tone=tone)
        retone(self, pill=tone)
