"""The packet on a stick: found, written, read back, verified; then the stick may be pulled out."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look.scale import px
from ui.views import ExportView, View
from ui.widgets.band import Band
from ui.widgets.basic import Button, Card, empty, label, row
from ui.widgets.kit import ask, choose, frame, halves, write
from ui.widgets.picture import Picture
from ui.widgets.screen import Screen


class Export(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.band = Band()
        self._title, self._file = label("title"), label("body", "muted")
        self._media = QVBoxLayout()
        self._media.setSpacing(px(3))
        sticks = Card(self._title, self._file, margin=6, spacing=3)
        sticks.inside.addLayout(self._media)
        sticks.inside.addStretch(1)
        self._result, self._print = label("strong"), label("display", wrap=True, name="fingerprint")
        self._hint = label("body", "muted")
        result = Card(1, margin=6, spacing=4)
        result.inside.addWidget(Picture("stick", "act", 30), 0, Qt.AlignmentFlag.AlignCenter)
        for words_ in (self._result, self._print, self._hint):
            words_.setAlignment(Qt.AlignmentFlag.AlignCenter)
            result.inside.addWidget(words_)
        result.inside.addStretch(1)
        self.back = Button("tall", icon="back", then=lambda: self.asked.emit(i.Go("day")), name="back")
        self.look = Button("tall", icon="search", then=lambda: self.asked.emit(i.Go("export")), name="look-again")
        self.copies = Button("tall", icon="printer", then=self._copies, name="copies")
        self.correct = Button("tall", icon="", then=self._why, name="correct-protocol")
        self.release = Button("primary", icon="stick", then=lambda: self.asked.emit(i.Release()), name="release")
        both = halves(sticks, result)
        frame(self, self.band, both, row(row(self.back, self.look, self.copies), self.correct, 1, self.release))

    def part(self, view: View) -> object:
        return view.of(ExportView), view.officer, view.phase

    def render_view(self, view: View) -> None:
        export = view.of(ExportView)
        self._say(export)
        self._title.setText(_("Sticks that are plugged in"))
        self._file.setText(f"{export.file} · {words.size(export.size)}")
        self._sticks(export)
        written = bool(export.written_to)
        self._result.setText(
            _("verified: fingerprint") if written else _("The packet is signed and safe on this terminal.")
        )
        self._print.setText(export.fingerprint)
        self._print.setVisible(written)
        self._hint.setText(_("Write these characters on the receipt of the protocol.") if written else "")
        self.back.say(_("Back"))
        self.look.say(_("Look again"))
        self.look.setVisible(not written or not export.media)  # more sticks come up by themselves
        self.copies.say(_("Print copies"))
        self.correct.say(_("Correct…"))
        self.correct.setVisible(view.phase == "exported")
        self.release.say(_("Eject the stick"))
        self.release.setVisible(written and not export.released)

    def _say(self, export: ExportView) -> None:
        if export.trouble:
            said = words.say(export.trouble)
            self.band.say(export.trouble.tone, said.title, f"{said.sentence} {said.next_step}")
        elif export.released:
            self.band.say(
                "good", _("You may pull the stick out"), _("Carry it to the commission. More sticks can be written.")
            )
        elif export.written_to:
            self.band.say(
                "good", _("Written, read back and verified"), _("The packet is on “{name}”.", name=export.written_to)
            )
        elif export.media:
            self.band.say("act", _("Choose the stick"), _("The packet is written, read back and verified."))
        else:
            self.band.say("warn", _("No stick"), _("Plug a stick in, then touch “Look again”."))

    def _sticks(self, export: ExportView) -> None:
        empty(self._media)
        for name, free in export.media:
            button = Button(
                "primary" if not export.written_to else "tall",
                icon="stick",
                then=partial(self.asked.emit, i.Export(name)),
                name=f"stick-{name}",
            )
            fits = free > export.size + (1 << 16)
            button.say(words.dotted(name, _("free: {size}", size=words.size(free))))
            button.setEnabled(fits)
            self._media.addWidget(button)
            if not fits:
                note = label("body", "bad")
                note.setText(_("This stick is full; {size} are needed.", size=words.size(export.size)))
                self._media.addWidget(note)

    def _why(self) -> None:
        """A signed figure was wrong: the reason first, then once more with the verb."""
        hint = _("Which figure is wrong, and why. The reason stands on the next version of the protocol.")
        write(self, _("Correct the signed protocol"), hint, verb=_("Go on"), then=self._sure)

    def _sure(self, reason: str) -> None:
        sentences = [
            _("Two members count again and enter their counts; then the chair and the members sign the next version."),
            _("The version that is signed now stays, and the centre takes the latest."),
        ]
        ask(self, "warn", _("Correct the protocol?"), sentences, yes=_("Correct the protocol"),
            then=lambda: self.asked.emit(i.CorrectProtocol(reason)), role="danger")  # fmt: skip

    def _copies(self) -> None:
        options = tuple((str(n), _("copies: {n}", n=n)) for n in (1, 2, 3, 5, 10))
        choose(
            self,
            _("Copies of the protocol"),
            options,
            then=lambda n: self.asked.emit(i.PrintForm("copy", int(n))),
            note=_("Each observer may have one."),
        )
