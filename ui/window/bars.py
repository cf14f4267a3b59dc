"""The bars above and below every staff screen, and the striped edge of everything that is not official."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from kiosk.text import _
from ui import intents as i
from ui import words
from ui.look import tokens
from ui.look.scale import current_scale, exact, px
from ui.look.theme import look_of
from ui.views import View
from ui.widgets.basic import Button, column, label, retone, row, styled
from ui.widgets.languages import Languages
from ui.widgets.line import Line
from ui.widgets.picture import Picture
from ui.widgets.pills import Pill

TRAINING = "ОКУТУУ · ОБУЧЕНИЕ · TRAINING"
TEST = "СЫНОО · ПРОВЕРКА · TEST"


class TopBar(QFrame):
    """Which station, which phase, who is signed in, what time."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bar", "top")
        self._station = label("title", wrap=False)
        self._address = styled(Line(), "caption", "muted")
        self._address.setMinimumWidth(px(20))
        self._phase = Pill("good", dot=True)
        self._officer = Pill("act")
        self._clock, self._date = label("title", wrap=False, name="clock"), label("caption", "muted", wrap=False)
        for one in (self._clock, self._date):
            one.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.lock = Button("plain", icon="lock", then=lambda: self.asked.emit(i.SignOut()), name="sign-out")
        who = column(self._station, self._address, spacing=0)
        parts = (
            Picture("globe", "act", 10.5),
            who,
            self._phase,
            self._officer,
            self.lock,
            column(self._clock, self._date, spacing=0),
        )
        inside = row(*parts, spacing=4)
        inside.setStretch(1, 1)
        inside.setContentsMargins(px(7), px(1.5), px(7), px(1.5))
        self.setLayout(inside)
        self.setFixedHeight(max(px(19), exact(tokens.TARGET + 3)))

    def show_view(self, view: View) -> None:
        place = view.place
        self._station.setText(_("Station № {n}", n=place.number) if place else _("Terminal without a station"))
        where = [place.address.here, _("district {n}", n=place.district)] if place else [_("load a station package")]
        self._address.setText(words.dotted(*where))
        self._phase.say(_(words.PHASES[view.phase]), words.PHASE_TONES.get(view.phase, "act"))  # type: ignore[arg-type]
        officer = view.officer
        wide = self.window().width() > exact(300)  # the bar itself may not be laid out yet
        role = _(words.ROLES[officer.role]) if officer else ""
        self._officer.say(f"{role} · {words.short(officer.name.here)}" if officer and wide else role, "act")
        self.lock.setVisible(officer is not None)
        self.lock.say("", _("Lock the screen"))
        self._clock.setText(f"{view.now:%H:%M}" if view.now else "")
        self._date.setText(f"{view.now:%d.%m.%Y}" if view.now else "")  # a clock without a battery shows by its date


class Alarm(QFrame):
    """There is one copy only: on every screen but a voter's, until it is so no more."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("band", "bad")
        self._what = styled(Line(), "strong", "bad")
        self._what.setObjectName("one-copy")
        self._what.setMinimumWidth(px(20))
        inside = row(Picture("copy", "bad", 6), self._what, spacing=3)
        inside.setStretch(1, 1)
        inside.setContentsMargins(px(7), px(1), px(7), px(1))
        self.setLayout(inside)
        self.hide()

    def show_view(self, view: View) -> None:
        copy = view.devices.copy
        self._what.setText(
            _("The second copy is being brought up to date. Leave its medium in.")
            if copy == "behind"
            else _("The second copy is lost: there is only one. Put its medium back, or call the technician.")
        )
        self.setVisible(copy in ("behind", "lost") and view.page != "booth")


class BottomBar(QFrame):
    """Printer, second copy, power, counters, colours, language."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("bar", "bottom")
        self._signs: dict[str, tuple[QLabel, QLabel]] = {}
        parts: list[QWidget | int] = []
        self.coach = Button("plain", then=lambda: self.asked.emit(i.OpenTrainer()), name="trainer")
        self.coach.hide()
        parts.append(self.coach)
        for name in ("printer", "copy", "power"):
            what, how = label("caption", "muted", wrap=False), label("caption", "good", wrap=False)
            how.setProperty("weight", "strong")
            sign = QWidget()
            sign.setLayout(row(Picture(name, "muted", 5), what, how, spacing=1.6))
            self._signs[name] = (what, how)
            parts.append(sign)
        self._counters = label("caption", wrap=False, name="counters")
        self.colours = Button("link", icon="contrast", then=lambda: self.asked.emit(i.NextColours()), name="colours")
        self.languages = Languages()
        self.languages.asked.connect(self.asked)
        self._inside = row(*parts, 1, self._counters, row(self.colours, self.languages), spacing=4.5)
        self._inside.setContentsMargins(px(7), px(0.8), px(5), px(0.8))
        self.setLayout(self._inside)
        self.setFixedHeight(px(16))

    def show_view(self, view: View) -> None:
        devices = view.devices
        needed = 360 if view.trainer else 300  # the trainer's button stands there too
        wide = self.window().width() > exact(needed)  # the bar itself may not be laid out yet
        self._inside.setSpacing(px(4.5 if wide else tokens.GAP))
        titles = {"printer": _("Printer"), "copy": _("Second copy"), "power": _("Power")}
        found = {"printer": words.printer(devices), "copy": words.copy(devices), "power": words.power(devices)}
        for name, (what, how) in self._signs.items():
            text, tone = found[name]
            what.setText(titles[name] if wide else "")
            what.setVisible(wide)
            how.setText(text)
            how.setAccessibleName(f"{titles[name]}: {text}")
            retone(how, tone=tone)
        c = view.counters
        crowded = current_scale().dense and view.trainer is not None
        shown = not crowded and view.officer is not None and view.phase not in ("posting", "ready", "unconfigured")
        given, recorded = words.number(c.given), words.number(c.recorded)
        self._counters.setText(_("Given {given} · Voted {recorded}", given=given, recorded=recorded) if shown else "")
        self.languages.show_language()
        self.colours.say("", _("Colours"))
        self.coach.setVisible(view.trainer is not None)
        self.coach.say(_("Trainer"))


class Edge(QWidget):
    """Diagonal stripes round the window, and the word for training in all languages. Lets touches through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._word = ""
        self.hide()

    @staticmethod
    def margins() -> tuple[int, int, int, int]:
        side = px(2.2)
        return side, px(6), side, side

    def show_purpose(self, purpose: str) -> None:
        word = {"demo": TRAINING, "test": TEST}.get(purpose, "")
        if word != self._word:
            self._word = word
            self.setVisible(bool(word))
            self.setAccessibleName(word)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if not self._word:
            return
        look = look_of(self)
        painter = QPainter(self)
        left, top, right, bottom = self.margins()
        w, h = self.width(), self.height()
        amber, stripe = QColor(tokens.EDGE), QBrush(QColor(tokens.EDGE_STRIPE), Qt.BrushStyle.BDiagPattern)
        for part in (
            QRect(0, 0, w, top), QRect(0, h - bottom, w, bottom), QRect(0, 0, left, h), QRect(w - right, 0, right, h),
        ):  # fmt: skip
            painter.fillRect(part, amber)
            painter.fillRect(part, stripe)
        font = look.font(tokens.CAPTION * 0.95, 700)
        painter.setFont(font)
        wide = painter.fontMetrics().horizontalAdvance(self._word) + px(8)
        box = QRect((w - wide) // 2, px(0.5), wide, top - px(1))
        painter.fillRect(box, QColor(tokens.EDGE_GROUND))
        painter.setPen(QColor(tokens.EDGE_WORD))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._word)
        painter.end()
