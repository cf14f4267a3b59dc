"""The technician: stick → package → every check as a line; the fingerprint from paper; device tests; the report."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look.scale import current_scale, px
from ui.views import CheckLine, SetupView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, column, empty, label, row
from ui.widgets.fields import Field
from ui.widgets.hexpad import HexPad
from ui.widgets.kit import frame
from ui.widgets.screen import Screen
from ui.widgets.sheet import scrolled
from ui.widgets.steps import Dot


class Setup(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.band = Band()
        self._title = label("title")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(2.4))
        lines = QWidget()
        lines.setLayout(column(self._lines, 1))
        left = Card(self._title, scrolled(lines), margin=6, spacing=3)
        left.inside.setStretch(1, 1)
        self._paper, self._hint = label("title"), label("body", "muted")
        self._groups = QHBoxLayout()
        self._groups.setSpacing(px(2.4))
        self._fields: list[Field] = []
        self.pad = HexPad()
        self.compare = Button("primary", icon="check", then=self._compare, name="compare")
        self.right = Card(self._paper, self._hint, self._groups, 1, self.pad, margin=6, spacing=3)
        self.look = Button("tall", icon="search", then=lambda: self.asked.emit(i.Go("setup")), name="look-again")
        self.leave_ = Button("tall", icon="lock", then=lambda: self.asked.emit(i.SignOut()), name="back")
        self.test = Button("tall", icon="gear", then=lambda: self.asked.emit(i.TestDevices()), name="test-devices")
        self.report = Button("tall", icon="printer", then=lambda: self.asked.emit(i.PrintReadiness()), name="readiness")
        self.diagnostics = Button(
            "tall", icon="stick", then=lambda: self.asked.emit(i.Diagnostics()), name="diagnostics"
        )
        self.load = Button("primary", icon="shield", then=lambda: self.asked.emit(i.LoadPackage()), name="load-package")
        both = row(left, self.right, spacing=6)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        before, after = (self.leave_, self.look, self.diagnostics, self.report, self.test), (self.compare, self.load)
        foot = row(*before, 1, *after, spacing=3)
        frame(self, self.band, both, foot)
        self._shown_groups: tuple[str | None, ...] = ()

    def part(self, view: View) -> object:
        return view.of(SetupView), view.officer, view.phase

    def render_view(self, view: View) -> None:
        setup = view.of(SetupView)
        self._say(setup)
        empty(self._lines)
        if setup.tests:
            self._title.setText(_("Device tests"))
            self._checks(setup.tests)
        elif setup.checks:
            self._title.setText(_("What was checked"))
            self._checks(setup.checks)
        else:
            self._title.setText(_("What is on the sticks"))
            self._packages(setup)
        self._fingerprint(setup)
        self.look.say(_("Look again"))
        self.look.setVisible(not setup.configured)
        self.leave_.say(_("To the locked screen"))
        self.leave_.setVisible(setup.configured)
        self.test.say(_("Test the devices"))
        self.report.say(_("Print the readiness report"))
        self.report.setVisible(bool(setup.tests) and setup.configured)
        self.diagnostics.say(_("Diagnostics onto the stick"))
        self.load.say(_("Take over the day") if setup.taking_over else _("Load the package"))
        self.load.setVisible(not setup.configured and setup.compared)
        self.compare.setVisible(bool(setup.fingerprint) and not setup.configured and not setup.compared)
        self.diagnostics.setVisible(setup.configured)

    def _say(self, setup: SetupView) -> None:
        if setup.trouble:
            said = words.say(setup.trouble)
            self.band.say("bad", said.title, f"{said.sentence} {said.next_step}")
        elif any(test.state == "failed" for test in setup.tests):
            self.band.say(
                "warn", _("Something needs attention"), _("Look at the red lines, put it right, and test again.")
            )
        elif setup.tests:
            self.band.say("good", _("Everything works"), _("Print the readiness report and have it signed."))
        elif setup.loaded and setup.taking_over:
            self.band.say(
                "good",
                _("The day goes on at this terminal"),
                _("Keep the broken one switched off. Go to the locked screen, sign in and compare the counters."),
            )
        elif setup.loaded or setup.configured:
            self.band.say("good", _("The station is set up"), _("Test the devices, then print the readiness report."))
        elif setup.compared:
            next_step = (
                _("Switch the broken terminal off for good, then take over.")
                if setup.taking_over
                else _("Load the package now.")
            )
            self.band.say("good", _("The fingerprint is the one on paper"), next_step)
        elif setup.taking_over and not setup.configured:
            self.band.say(
                "warn",
                _("Look when the copy was last written"),
                _("If the broken terminal worked on after that, call the commission: the last ballots are not in it."),
            )
        elif setup.checks:
            self.band.say(
                "act", _("Compare the fingerprint"), _("Type the two missing groups from the commission's paper.")
            )
        elif setup.copies:
            self.band.say(
                "act",
                _("A station's second copy is here"),
                _("Choose it if this terminal takes over from one that broke; choose the package for a new station."),
            )
        elif setup.packages:
            self.band.say("act", _("Choose the station's package"), _("Every signature and every hash is checked."))
        else:
            self.band.say("act", _("Plug in the stick with the station package"), _("Then touch “Look again”."))

    def _checks(self, checks: tuple[CheckLine, ...]) -> None:
        for number, check in enumerate(checks, 1):
            name, found = label("strong"), label("body", "muted")
            name.setText(_(check.name))
            found.setText(words.found(check.found))
            line = row(Dot(number, check.state), column(name, found, spacing=0), spacing=4)
            line.setStretch(1, 1)
            holder = QWidget()
            holder.setLayout(line)
            holder.setAccessibleName(f"{name.text()}: {check.found}")
            self._lines.addWidget(holder)

    def _packages(self, setup: SetupView) -> None:
        for name in setup.packages:
            self._choice("stick", f"package-{name}", name, name)
        for name in setup.copies:
            self._choice("shield", f"copy-{name}", name, _("Second copy: {name}", name=name))

    def _choice(self, icon: str, id_: str, name: str, words_: str) -> None:
        button = Button("tall", icon=icon, then=partial(self.asked.emit, i.ChoosePackage(name)), name=id_)
        button.say(words_)
        self._lines.addWidget(button)

    def _fingerprint(self, setup: SetupView) -> None:
        self._paper.setText(_("Fingerprint of the central commission"))
        self._hint.setText(
            _("Read it from the paper that came apart from the stick. Two groups are left out on purpose.")
        )
        groups = setup.fingerprint if not setup.configured else ()
        self._hint.setVisible(not current_scale().dense)
        self.right.setVisible(bool(groups))
        self.compare.say(_("Compare"))
        if groups == self._shown_groups:
            return
        self._shown_groups = groups
        empty(self._groups)
        self._fields = []
        for place, group in enumerate(groups):
            self._groups.addWidget(self._group(place, group))
        if self._fields:
            self.pad.type_into(self._fields)
            self._fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _group(self, place: int, group: str | None) -> QWidget:
        if group is not None:
            shown = label("strong", wrap=False)
            shown.setText(group)
            return shown
        field = Field()
        field.setMaxLength(4)
        field.setObjectName(f"group-{place}")
        field.setAccessibleName(_("group {n} of the fingerprint", n=place + 1))
        field.setFixedWidth(px(27))
        field.textChanged.connect(self._filled)
        self._fields.append(field)
        return field

    def _filled(self, text: str) -> None:
        """A whole group leads to the next one; only whole groups are compared: a half one is no foreign one."""
        self.compare.setEnabled(all(len(field.text()) == field.maxLength() for field in self._fields))
        here = self.sender()
        if isinstance(here, Field) and here in self._fields and len(text) == here.maxLength():
            after = self._fields.index(here) + 1
            following = self._fields[after] if after < len(self._fields) else self.compare
            following.setFocus(Qt.FocusReason.OtherFocusReason)

    def _compare(self) -> None:
        self.asked.emit(i.CompareFingerprint(tuple(field.text() for field in self._fields)))
