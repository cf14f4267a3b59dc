"""The verdict band: a filled strip with an icon, a title and a sentence."""

from PySide6.QtWidgets import QFrame

from ui.look.scale import px
from ui.look.tokens import RADIUS
from ui.widgets.announce import announce
from ui.widgets.basic import Tone, column, label, retone, row
from ui.widgets.picture import Picture

_ICONS = {"good": "good", "warn": "warn", "bad": "bad", "act": "info"}


class Band(QFrame):
    def __init__(self, rounded: bool = True, low: bool = False) -> None:
        """`low`: above a page that needs its height for other things."""
        super().__init__()
        self.title = label("title", name="band-title")
        self.sentence = label("body", name="band-sentence")
        self._icon = Picture("info", "act", 8 if low else 11)
        words = column(self.title, self.sentence, spacing=0.6)
        inside = row(self._icon, words, spacing=5)
        inside.setStretch(1, 1)
        inside.setContentsMargins(px(6), px(1 if low else 4), px(6), px(1 if low else 4))
        self.setLayout(inside)
        radius = px(RADIUS)
        self._shape = (
            f"border-radius: {radius}px;"
            if rounded
            else (f"border-top-left-radius: {radius}px; border-top-right-radius: {radius}px;")
        )
        self.setStyleSheet(f"Band {{ {self._shape} }}")

    def forget(self) -> None:
        """What is said next is spoken, even if it is the same."""
        self.setAccessibleName("")

    def say(self, tone: Tone, title: str, sentence: str = "") -> None:
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self._icon.show_icon(_ICONS.get(tone, "info"), tone)
        retone(self, band=tone)
        said = f"{title}. {sentence}"
        if said != self.accessibleName():
            self.setAccessibleName(said)
            announce(self, title, sentence)
