"""The first face: how to read."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.text import _
from ui import intents as i
from ui.look import tokens
from ui.look.scale import px
from ui.screens.voter.face import Face, Reading, page, stand_up
from ui.views import BoothView, View
from ui.widgets.basic import Button, Part, column, label, row
from ui.widgets.languages import LANGUAGES
from ui.widgets.sheet import scrolled


class Welcome(Face):
    """Language first, as large buttons in the languages themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = Reading()
        self.reading.asked.connect(self.asked)
        self.reading.language.hide()
        self._election = label("caption", "muted")
        self._title = label("display", name="title")
        self._how = [label("strong") for _n in range(3)]
        self._buttons: dict[str, Button] = {}
        for code, _sign, name in LANGUAGES:
            button = Button("tall", then=partial(self.asked.emit, i.Present(language=code)), name=f"speak-{code}")
            button.setCheckable(True)
            button.say(name)
            self._buttons[code] = button
        self.start = Button(
            "primary", icon="next", then=lambda: self.asked.emit(i.StartBallot()), name="start-ballot", icon_after=True
        )
        self.start.setMinimumWidth(px(80))
        head = row(self._election, self.reading, spacing=4)
        head.setStretch(0, 1)
        steps: list[Part] = []
        for number, line in enumerate(self._how, 1):
            figure = label("title", "act", wrap=False)
            figure.setText(str(number))
            steps.append(row(figure, line, spacing=5))
            steps[-1].setStretch(1, 1)  # type: ignore[union-attr]
        body = QWidget()
        self._languages = row(*self._buttons.values(), spacing=4)
        body.setLayout(column(self._title, self._languages, *steps, 1, spacing=5))
        page(self, head, scrolled(body), row(1, self.start))

    def show_booth(self, booth: BoothView, view: View) -> None:
        self.reading.show_booth(booth)
        self._election.setText(booth.election.here)
        self._title.setText(_("Choose your language"))
        for code, button in self._buttons.items():
            button.setChecked(code == booth.language)
        lines = (
            _("Touch one candidate, or “against all”. You can change your mind."),
            _("Look at your choice once more and print it."),
            _("Check the paper, record your vote, and put the paper into the box."),
        )
        for line, text in zip(self._how, lines, strict=True):
            line.setText(text)
        self.start.say(_("To the ballot"))
        self.lay_out_again()

    def lay_out_again(self) -> None:
        stand_up(self._languages, (self.parentWidget() or self).width() - 2 * px(11) - px(tokens.SCROLLBAR))

    def arrive(self) -> None:
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)
