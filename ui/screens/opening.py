"""The opening: badges, self-test, zero report, and at the hour the polls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.screens.badges import Badges
from ui.views import OpeningView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, empty, label, row
from ui.widgets.kit import ask, frame, halves
from ui.widgets.screen import Screen


class Opening(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.badges = Badges()
        self.badges.asked.connect(self.asked)
        self.band = Band()
        self._title, self._note = label("title"), label("body", "muted")
        self._zero = QGridLayout()
        self._zero.setSpacing(px(4))
        zero = Card(self._title, self._note, margin=6, spacing=3)
        zero.inside.addLayout(self._zero)
        zero.inside.addStretch(1)
        self.prepare = Button("primary", icon="shield", then=lambda: self.asked.emit(i.Prepare()), name="prepare")
        self.print = Button(
            "tall", icon="printer", then=lambda: self.asked.emit(i.PrintForm("zero")), name="print-zero"
        )
        self.open = Button("primary", icon="next", then=self._sure, name="open-polls", icon_after=True)
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="back")
        both = halves(self.badges, zero)
        foot = row(self.back, self.print, 1, self.prepare, self.open, spacing=4)
        frame(self, self.band, both, foot)

    def part(self, view: View) -> object:
        return view.badges, view.phase, view.of(OpeningView)

    def render_view(self, view: View) -> None:
        badges, from_ = view.badges, view.of(OpeningView).from_
        ready = view.phase == "ready"
        enough = badges.chair and badges.members >= badges.quorum
        self.badges.show_badges(badges, view)
        if ready and from_:
            self.band.say("act", _("Ready"), _("The polls can be opened at {time}.", time=from_))
        elif ready:
            self.band.say("good", _("Ready"), _("Every counter stands at zero. The polls can be opened."))
        elif enough:
            self.band.say("act", _("Enough members are here"), _("Run the self-test and the zero report."))
        else:
            self.band.say(
                "act",
                _("The commission opens the polls together"),
                _("Let the chair and the members show their badges."),
            )
        self._title.setText(_("Zero report"))
        self._note.setText(
            _("The roll is the one of the election; no ballot was given or recorded.")
            if badges.zero
            else _("Not made yet.")
        )
        self._counters(badges.zero)
        self.prepare.say(_("Self-test and zero report"))
        self.prepare.setVisible(not ready)
        self.prepare.setEnabled(enough)
        self.print.say(_("Print the zero report"))
        self.print.setVisible(bool(badges.zero))
        self.open.say(_("Open the polls"))
        self.open.setVisible(ready)
        self.open.setEnabled(not from_)
        self.back.say(_("Back"))

    def _counters(self, zero: tuple[tuple[str, int], ...]) -> None:
        empty(self._zero)
        names = {
            "given": _("Ballots given"),
            "cast": _("Ballots in the box"),
            "envelopes": _("Envelopes of other districts"),
        }
        for line, (name, value) in enumerate(zero):
            what, figure = label("strong"), label("display", "good", wrap=False)
            what.setText(names[name])
            figure.setText(words.number(value))
            self._zero.addWidget(what, line, 0)
            self._zero.addWidget(figure, line, 1, Qt.AlignmentFlag.AlignRight)

    def _sure(self) -> None:
        sentences = [_("The ballot box and its key are made now; the key is split among the members.")]
        ask(
            self,
            "act",
            _("Open the polls?"),
            sentences,
            yes=_("Open the polls"),
            then=lambda: self.asked.emit(i.OpenPolls()),
        )
