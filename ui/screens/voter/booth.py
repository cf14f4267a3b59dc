"""The voter's screen: how to read, the ballot, the review, the paper, the thanks; and covered in between.

It speaks the voter's language and wears the voter's size and contrast, whatever the staff's screens do. It holds
nothing: every face is drawn from the view, and a face that is left is emptied.
"""

from time import monotonic

from PySide6.QtCore import QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedLayout

from kiosk.text import _, speaking
from ui import intents as i
from ui import words
from ui.look.scale import current_scale
from ui.look.theme import Look, stylesheet
from ui.look.tokens import voter_em
from ui.screens.voter.ballot import Ballot, Unseen
from ui.screens.voter.covered import Covered
from ui.screens.voter.face import Face
from ui.screens.voter.paper import Paper
from ui.screens.voter.recorded import Recorded
from ui.screens.voter.review import Review
from ui.screens.voter.welcome import Welcome
from ui.views import BoothView, Said, View
from ui.widgets.announce import announce, heading
from ui.widgets.basic import Role, label
from ui.widgets.progress import ProgressSheet
from ui.widgets.screen import Screen
from ui.widgets.sheet import Question

QUIET_SECONDS = 1.5  # after a new page: the second tap of a hurried finger must not answer it unread
IDLE_SECONDS = 120  # docs/screens.md: a question after two minutes,
ANSWER_SECONDS = 30  # half a minute to answer, then the clerk is called
_THANKS_SECONDS = 12


class _Faces(QStackedLayout):
    """Insists on no more room than the face that is up."""

    def minimumSize(self) -> QSize:  # noqa: N802
        current = self.currentWidget()
        return current.minimumSizeHint() if current else QSize()


class Booth(Screen):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("page", "plain")
        self.look = Look("standard", current_scale())
        self._faces: dict[str, Face] = {}
        self._stack = _Faces(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._booth = BoothView()
        self._question: Question | None = None
        self._seconds: QLabel | None = None  # until nobody is waited for any more
        self._progress = ProgressSheet(self)
        self._touched = monotonic()
        self.quiet_seconds = QUIET_SECONDS
        self._quiet_until = 0.0
        self._idle = QTimer(self, interval=1000)
        self._idle.timeout.connect(self._second)
        self._thanks = QTimer(self, singleShot=True, interval=_THANKS_SECONDS * 1000)
        self._thanks.timeout.connect(lambda: self.asked.emit(i.VoterDone()))

    def part(self, view: View) -> object:
        return view.booth, view.trainer is not None, view.two_screens

    def render_view(self, view: View) -> None:
        booth = view.booth
        changed = booth.page != self._booth.page
        troubled = booth.trouble if booth.trouble != self._booth.trouble else None
        self._booth = booth
        self._wear(booth)
        with speaking(booth.language):
            face = self._face(booth.page)
            face.show_booth(booth, view)
        before = self._stack.currentWidget()
        if before is not face:
            self._stack.setCurrentWidget(face)
            if isinstance(before, Face):
                before.empty_face()
            face.arrive()
        if changed:
            announce(face, heading(face))
            self._quiet_until = monotonic() + self.quiet_seconds
            self._touched = monotonic()
            self._close_question()
            self._thanks.stop()
            if booth.page == "recorded":
                self._thanks.start()
        if troubled and booth.page in ("welcome", "ballot", "paper"):
            self._tell(troubled)
        if booth.printing and not self._progress.isVisible():
            with speaking(booth.language):
                self._progress.show_step("printing", 0, 0)
            self._progress.open_sheet()
        elif not booth.printing:
            self._progress.close_progress()
        self._idle.start() if booth.page in ("welcome", "ballot", "review", "paper") else self._idle.stop()

    def _wear(self, booth: BoothView) -> None:
        """The voter's contrast, and letters of the height that the voter chose."""
        scale = current_scale()._replace(em=voter_em(booth.size))
        if booth.page in ("covered", "left"):
            scale = current_scale()
        if (self.look.contrast, self.look.scale) != (booth.contrast, scale) or not self.styleSheet():
            self.look = Look(booth.contrast, scale)
            self.setStyleSheet(stylesheet(booth.contrast, scale))

    def _face(self, page: str) -> Face:
        if page not in self._faces:
            made = {
                "welcome": Welcome, "ballot": Ballot, "review": Review, "paper": Paper, "recorded": Recorded,
                "covered": Covered, "left": Covered,
            }[page]()  # fmt: skip
            made.asked.connect(self._asked)
            made.again.connect(self._again)
            self._faces[page] = made
            self._stack.addWidget(made)
        return self._faces[page]

    def _again(self) -> None:
        """The face that is up, with other words or on another page of it."""
        face = self._stack.currentWidget()
        if isinstance(face, Face):
            with speaking(self._booth.language):
                face.lay_out_again()

    @property
    def quiet(self) -> bool:
        """A page has just come up; touches wait until it can have been read."""
        return monotonic() < self._quiet_until

    def _asked(self, intent: i.Intent) -> None:
        if self.quiet and not isinstance(intent, i.Present | i.Mark):
            return
        if isinstance(intent, Unseen):
            self._ask_unseen()
        elif isinstance(intent, i.PrintPaper) and self._booth.choice is None:
            self._ask_unmarked(intent)
        else:
            self.asked.emit(intent)

    def _ask_unseen(self) -> None:
        ballot = self._face("ballot")
        assert isinstance(ballot, Ballot)
        with speaking(self._booth.language):
            sentences = [_("There are candidates, and “against all”, on pages that were not on the screen yet.")]
            answers: list[tuple[str, Role]] = [(_("Show them"), "primary"), (_("Check"), "tall")]
            question = self._question = Question(
                self, "act", _("You have not seen the whole ballot"), sentences, answers=answers
            )
        question.answered.connect(
            lambda place: self.asked.emit(i.Review()) if place else ballot.turn_to(ballot.unseen or 0)
        )
        question.closed.connect(self._answered)
        question.open_sheet()

    def _ask_unmarked(self, intent: i.Intent) -> None:
        with speaking(self._booth.language):
            sentences = [_("A ballot without a mark is invalid: it counts for nobody.")]
            answers: list[tuple[str, Role]] = [
                (_("Choose a candidate"), "primary"),
                (_("Print it without a mark"), "tall"),
            ]
            question = self._question = Question(
                self, "warn", _("Print a ballot without a mark?"), sentences, answers=answers
            )
        question.answered.connect(lambda place: self.asked.emit(intent if place else i.Change()))
        question.closed.connect(self._answered)
        question.open_sheet()

    # -- the idle rule ------------------------------------------------------------------------------

    def arrive(self) -> None:
        self.window().installEventFilter(self)
        self._touched = monotonic()

    def leave(self) -> None:
        super().leave()
        self._booth = BoothView()
        self._close_question()
        self._idle.stop()
        for face in self._faces.values():
            face.empty_face()

    def touched(self) -> None:
        self._touched = monotonic()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin):
            self.touched()
        return False

    def _second(self) -> None:
        idle = monotonic() - self._touched
        if idle > IDLE_SECONDS + ANSWER_SECONDS:
            self._close_question()
            self._touched = monotonic()
            self.asked.emit(i.Leave())
        elif idle > IDLE_SECONDS and self._question is None:
            self._ask()
        self._count_down(idle)

    def _tell(self, trouble: Said) -> None:
        """What the voter asked for did not happen: said in the voter's language."""
        with speaking(self._booth.language):
            said = words.say(trouble)
            answers: list[tuple[str, Role]] = [(_("Understood"), "primary")]
            sheet = Question(self, trouble.tone, said.title, [said.sentence, said.next_step], answers=answers)
        sheet.open_sheet()

    def _ask(self) -> None:
        """Where nobody sits any more, nobody else may read what was marked: the question hides the page."""
        self._seconds = label("giant", wrap=False, name="seconds")
        with speaking(self._booth.language):
            sentences = [_("If nobody answers, the ballot is covered and the clerk comes. Seconds left:")]
            question = Question(
                self,
                "act",
                _("Are you still there?"),
                sentences,
                answers=[(_("Yes, I go on"), "primary")],
                extra=self._seconds,
            )
        question.hides = True
        self._count_down(IDLE_SECONDS)
        self._question = question
        question.answered.connect(lambda _place: self.touched())
        question.closed.connect(self._answered)
        question.open_sheet()

    def _count_down(self, idle: float) -> None:
        if self._seconds is not None:
            left = IDLE_SECONDS + ANSWER_SECONDS - idle
            self._seconds.setText(words.number(max(0, round(left))))

    def _answered(self) -> None:
        self._seconds = None
        self._question = None

    def _close_question(self) -> None:
        if self._question:
            self._question.close_sheet()
            self._question = self._seconds = None

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._again()
