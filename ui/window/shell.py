"""The one window: which screen stands in it is a function of the view. Sheets, progress, idle lock, crash screen."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from kiosk.text import _, language, speaking, use_language
from ui import intents as i
from ui import words
from ui.look.theme import Look, stylesheet
from ui.look.tokens import Contrast, next_contrast
from ui.screens.error import ErrorSheet
from ui.screens.voter.booth import Booth
from ui.views import AtBoothView, ExportView, OfPage, Said, View
from ui.widgets import focus, order
from ui.widgets.announce import announce, heading
from ui.widgets.basic import column
from ui.widgets.progress import ProgressSheet
from ui.widgets.screen import Screen
from ui.widgets.sheet import Question, Sheet
from ui.widgets.writing import Writing
from ui.window.bars import Alarm, BottomBar, Edge, TopBar
from ui.window.coach import Coach
from ui.window.pages import BARE, screen_for

IDLE_LOCK_SECONDS = 300  # staff screens lock themselves
_PATIENT = 6  # times longer, where somebody counts paper or writes a text
_PROGRESS_AFTER_MS = 400


class Stack(QStackedWidget):
    """Insists on no more room than the screen that is up."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        current = self.currentWidget()
        return current.minimumSizeHint() if current else QSize()


class Shell(QWidget):
    asked = Signal(object)  # an Intent
    closed = Signal()

    def __init__(self, look: Look, may_close: bool = False) -> None:
        super().__init__()
        self.look = look
        self._may_close = may_close
        self.view = View()
        self.setProperty("page", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.wear(look.contrast)
        self.top, self.alarm, self.coach, self.bottom = TopBar(), Alarm(), Coach(), BottomBar()
        self.stack = Stack()
        self._frame = column(self.top, self.alarm, self.stack, self.coach, self.bottom, spacing=0)
        self._frame.setStretch(2, 1)
        self.setLayout(self._frame)
        self.edge = Edge(self)
        self._screens: dict[type[OfPage], Screen] = {}
        self._sheet: Sheet | None = None
        self._notice: Said | None = None
        self._spoken: tuple[str, ...] = ()
        self._message: Sheet | None = None  # that only tells something
        self._broken: ErrorSheet | None = None
        self._progress = ProgressSheet(self)
        self._busy = QTimer(self, singleShot=True, interval=_PROGRESS_AFTER_MS)
        self._busy.timeout.connect(self._progress.open_sheet)
        self._touched = monotonic()
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        self.top.asked.connect(self.ask)
        self.bottom.asked.connect(self.ask)
        app = QApplication.instance()
        if app:
            app.installEventFilter(self)
        self._clock.start()
        self.show_view(self.view)

    # -- out and in -------------------------------------------------------------------------------

    def ask(self, intent: i.Intent) -> None:
        """What is the window's own it does; everything else is asked."""
        match intent:
            case i.Speak(chosen):
                self.speak(chosen)
            case i.NextColours():
                self.next_colours()
            case i.OpenTrainer():
                self.open_trainer()
            case _:
                self.asked.emit(intent)

    def scanned(self, text: str) -> None:
        """A document or a badge, whatever stands in the window. It closes a message; a question wants its answer first,
        and says so by staying."""
        self._touched = monotonic()
        if self._sheet is self._message and self._sheet is not None:
            self._sheet.close_sheet()
            self._notice = None  # the same refusal once more is told once more
        if self._sheet is None:
            self.ask(i.Scanned(text))
        else:
            QApplication.beep()
            self._sheet.remind()

    def show_view(self, view: View) -> None:
        """Everything on the window follows from the view."""
        self._busy.stop()
        self._progress.close_progress()
        over = view.trainer is not None and _released(view) and not _released(self.view)
        self.view = view
        bare = type(view.screen) in BARE
        if bare:
            self._show_bars(False)
        self.edge.show_purpose(view.purpose)
        striped = view.purpose != "official"
        self._frame.setContentsMargins(*(Edge.margins() if striped else (0, 0, 0, 0)))
        self._place_edge()
        screen = self._screen(type(view.screen))
        if self.stack.currentWidget() is not screen:
            self._change(screen, view)
        else:
            screen.show_view(view)
        if not bare:
            self._show_bars(True)
        self._speak_up(screen)
        self.coach.show_view(view)
        self.alarm.show_view(view)
        self._show_notice(view.notice)
        if over:
            self.open_trainer()  # the training day is over: what went wrong, and a new day

    def _show_bars(self, shown: bool) -> None:
        """Away before a screen that fills the window comes, and back after it has gone: never both."""
        for bar in (self.top, self.bottom):
            if shown:
                bar.show_view(self.view)
            bar.setVisible(shown and not (bar is self.top and self._cramped()))

    def _cramped(self) -> bool:
        """On a small screen, the one page that needs the room of the top bar and has nothing to say in it."""
        return self.look.scale.dense and self.view.page == "setup"

    def _screen(self, kind: type[OfPage]) -> Screen:
        if kind not in self._screens:
            made = screen_for(kind)
            made.asked.connect(self.ask)
            self._screens[kind] = made
            self.stack.addWidget(made)
        return self._screens[kind]

    def _change(self, screen: Screen, view: View) -> None:
        before = self.stack.currentWidget()
        if self._sheet:
            self._sheet.close_sheet()
        screen.show_view(view)
        self.stack.setCurrentWidget(screen)
        if isinstance(before, Screen):
            before.leave()
        screen.arrive()

    def _speak_up(self, screen: Screen) -> None:
        """A screen reader says what has come up: another page, or another step on the same. The booth says its own."""
        view = self.view
        said = (view.page, heading(screen), _(words.PHASES[view.phase]), view.officer.name.here if view.officer else "")
        if said != self._spoken and view.page != "booth":
            announce(self, *said[1:])
        self._spoken = said

    def speak(self, chosen: str) -> None:
        """The language of everything from here on; nothing is asked, the window just says it again."""
        use_language(chosen)
        self.show_view(self.view)

    def wear(self, contrast: Contrast) -> None:
        """The colours of the staff's screens from here on; the voter chooses their own."""
        self.look = Look(contrast, self.look.scale)
        self.setStyleSheet(stylesheet(contrast, self.look.scale))

    def next_colours(self) -> None:
        self.wear(next_contrast(self.look.contrast))

    # -- sheets ---------------------------------------------------------------------------------------

    def _show_notice(self, notice: Said | None) -> None:
        if notice == self._notice:
            return
        self._notice = notice
        if notice is None:
            return
        if self._sheet:
            self._sheet.closed.connect(lambda: self._tell(notice))  # nobody's question is closed by it
            return
        self._tell(notice)

    def _tell(self, notice: Said) -> None:
        if notice != self._notice:
            return
        said = words.say(notice)
        sheet = Question(
            self, notice.tone, said.title, [said.sentence, said.next_step], answers=[(_("Understood"), "primary")]
        )
        sheet.answered.connect(lambda _place: self.ask(i.Dismiss()))
        self.put_up(sheet)
        self._message = sheet

    def put_up(self, sheet: Sheet) -> None:
        """One sheet at a time."""
        if self._sheet:
            self._sheet.close_sheet()
        self._sheet = sheet
        sheet.closed.connect(lambda: self._gone(sheet))
        sheet.open_sheet()

    def _gone(self, sheet: Sheet) -> None:
        if self._sheet is sheet:
            self._sheet = self._broken = None

    def open_trainer(self) -> None:
        from ui.screens.trainer import TrainerSheet

        if self.view.trainer:
            sheet = TrainerSheet(self, self.view)
            sheet.asked.connect(self.ask)
            self.put_up(sheet)

    def show_progress(self, code: str, done: int, size: int) -> None:
        """Something takes longer: after a moment a sheet says what, with a number."""
        voters = self.view.page == "booth"  # on the one screen it is the voter who waits
        with speaking(self.view.booth.language if voters else language()):
            self._progress.show_step(code, done, size)
        if not self._progress.isVisible() and not self._busy.isActive():
            self._busy.start()

    def show_crash(self, code: str) -> None:
        """Whatever broke: what is safe, whom to call, and a way on."""
        self._busy.stop()
        self._progress.close_progress()
        if self._broken and self._broken.code == code:
            return  # the finger is on its way to the button
        sheet = ErrorSheet(self, code)
        sheet.restart.connect(lambda: self.ask(i.SignOut()))
        self.put_up(sheet)
        self._broken = sheet

    # -- time -------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        if self._broken is None:  # what broke once a second would break again
            self.ask(i.Tick())
        idle = monotonic() - self._touched
        limit = IDLE_LOCK_SECONDS * (_PATIENT if isinstance(self._sheet, Writing) or self.view.page == "hand" else 1)
        if self.view.officer and self.view.page not in ("booth", "handover") and idle > limit:
            self._touched = monotonic()
            self.ask(i.SignOut())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin):
            focus.noted(event)
            here = isinstance(watched, QWidget) and watched.window() is self  # not the voter's, on the other screen
            self._touched = monotonic() if here else self._touched
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        return order.step(self, forward)

    # -- the window itself --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(1280, 800)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._place_edge()
        self.top.show_view(self.view)
        self.bottom.show_view(self.view)

    def _place_edge(self) -> None:
        self.edge.setGeometry(self.rect())
        self.edge.raise_()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Full screen has no way out but the chair's badge."""
        if self._may_close:
            event.accept()
            self.closed.emit()
        else:
            event.ignore()

    def rest(self) -> None:
        """No clock and no ear any more."""
        self._clock.stop()
        self._busy.stop()
        app = QApplication.instance()
        if app:
            app.removeEventFilter(self)

    def voters_screen(self) -> Booth:
        """The one that stands when the screen is handed over."""
        made = self._screen(AtBoothView)
        assert isinstance(made, Booth)
        return made

    def leave(self, quit_: Callable[[], None] = lambda: None) -> None:
        self._may_close = True
        self.close()
        quit_()


def _released(view: View) -> bool:
    return isinstance(view.screen, ExportView) and view.screen.released
