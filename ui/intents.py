"""What somebody at a screen may ask for: one frozen value each. `ui.model` answers with a new view."""

from typing import Literal

import msgspec

from kiosk.day.vocabulary import AbandonReason, Author, Category, PauseReason, Status, WithdrawReason
from ui.look.tokens import Contrast
from ui.views import Page


class Intent(msgspec.Struct, frozen=True):
    """Base of all intents. Their `repr` never shows what was typed, scanned or chosen."""

    def __repr__(self) -> str:
        return type(self).__name__


# -- anywhere ---------------------------------------------------------------------------------------


class Tick(Intent, frozen=True):
    """A second has passed."""


class BoothScreen(Intent, frozen=True):
    """The voter's screen was plugged in or pulled out."""

    there: bool


class Go(Intent, frozen=True):
    page: Page


class Scanned(Intent, frozen=True):
    """A scanner typed this: a badge or a document, depending on what it is."""

    text: str


class EnterPin(Intent, frozen=True):
    """The PIN of the badge that was just shown; `badge`: whose it was when the PIN was typed."""

    pin: str
    badge: str = ""


class ForgetCard(Intent, frozen=True):
    pass


class Dismiss(Intent, frozen=True):
    """The notice was read."""


class SignOut(Intent, frozen=True):
    pass


class LookUp(Intent, frozen=True):
    pin: str


# -- desk --------------------------------------------------------------------------------------------


class Search(Intent, frozen=True):
    """On each keystroke; fourteen digits are a personal number."""

    text: str


class Choose(Intent, frozen=True):
    """A row of the result list."""

    key: str


class Give(Intent, frozen=True):
    """`key`: the number of the voter whom the clerk saw when touching; anybody else is not given a ballot."""

    key: str


class NextVoter(Intent, frozen=True):
    pass


class BackToSearch(Intent, frozen=True):
    """Not this person, or a digit was wrong: what was typed and found stays."""


class Withdraw(Intent, frozen=True):
    reason: WithdrawReason


class Abandon(Intent, frozen=True):
    reason: AbandonReason


class BackToBooth(Intent, frozen=True):
    """The voter goes on with the ballot in progress."""


class StrikeOff(Intent, frozen=True):
    reason: str


class AskHomeVote(Intent, frozen=True):
    pass


class SettleHomeVote(Intent, frozen=True):
    voted: bool


class PrintBlank(Intent, frozen=True):
    """Once more the paper ballot of the last voter, in an election marked with a pen."""


# -- booth -------------------------------------------------------------------------------------------


class VoterReady(Intent, frozen=True):
    """The screen was turned to the voter."""


class Present(Intent, frozen=True):
    """How the voter wants to read: None leaves it as it is."""

    language: str | None = None
    size: int | None = None
    contrast: Contrast | None = None


class StartBallot(Intent, frozen=True):
    pass


class Mark(Intent, frozen=True):
    """None: the mark is taken away."""

    choice: int | None


class Review(Intent, frozen=True):
    pass


class Change(Intent, frozen=True):
    """Back to the ballot."""


class PrintPaper(Intent, frozen=True):
    pass


class Record(Intent, frozen=True):
    """The paper says what the voter chose."""


class PaperWrong(Intent, frozen=True):
    pass


class Leave(Intent, frozen=True):
    """Nobody touched the screen and nobody answered: cover the ballot and call the clerk."""


class VoterDone(Intent, frozen=True):
    """The thanks were read (or their time is over)."""


# -- chair and members ---------------------------------------------------------------------------------


class Prepare(Intent, frozen=True):
    pass


class OpenPolls(Intent, frozen=True):
    pass


class Pause(Intent, frozen=True):
    reason: PauseReason


class Resume(Intent, frozen=True):
    pass


class TakeDayOver(Intent, frozen=True):
    """A copy of another terminal's day goes on here."""


class Unblock(Intent, frozen=True):
    """A badge that was shut out after too many wrong PINs."""

    badge: str


class ExplainCounts(Intent, frozen=True):
    """What the chair has to say of counts that do not add up."""

    text: str


class ClosePolls(Intent, frozen=True):
    pass


class OpenBox(Intent, frozen=True):
    pass


class AskRecovery(Intent, frozen=True):
    """Fewer than k members are back: a request to the central commission, onto a stick."""


class OpenRecovered(Intent, frozen=True):
    """With the commission's answer, from a stick."""


class EnterHand(Intent, frozen=True):
    lines: dict[str, int]
    votes: dict[int, int]


class KeepFigures(Intent, frozen=True):
    """What somebody who counts has typed so far, by field."""

    figures: dict[str, int]


class WriteAct(Intent, frozen=True):
    field: str
    text: str


class Sign(Intent, frozen=True):
    pass


class CorrectProtocol(Intent, frozen=True):
    """A figure of the signed protocol was wrong: why."""

    reason: str


class ObeyOrder(Intent, frozen=True):
    """The commission's order to vote on, from a stick."""


class PrintForm(Intent, frozen=True):
    """`zero`, `protocol`, `copy` (for an observer), `list` (for posting), `slip` (where the day stands)."""

    form: Literal["zero", "protocol", "copy", "list", "slip"]
    copies: int = 1


class Export(Intent, frozen=True):
    medium: str


class Release(Intent, frozen=True):
    """The stick may be pulled out."""


class Complain(Intent, frozen=True):
    author: Author
    category: Category
    text: str


class Decide(Intent, frozen=True):
    number: int
    status: Status
    decision: str


# -- technician ----------------------------------------------------------------------------------------


class ChoosePackage(Intent, frozen=True):
    name: str


class CompareFingerprint(Intent, frozen=True):
    """The groups typed from paper, in order."""

    groups: tuple[str, ...]


class LoadPackage(Intent, frozen=True):
    pass


class TestDevices(Intent, frozen=True):
    pass


class PrintReadiness(Intent, frozen=True):
    """The report of the device tests."""


class Diagnostics(Intent, frozen=True):
    """Onto the first stick: what a technician needs, without personal data."""


# -- of the window, which answers them itself ------------------------------------------------------------


class Quit(Intent, frozen=True):
    """Leave the full screen; only the chair may."""


class Speak(Intent, frozen=True):
    """The staff's language from here on."""

    language: str


class NextColours(Intent, frozen=True):
    pass


class OpenTrainer(Intent, frozen=True):
    pass


# -- trainer --------------------------------------------------------------------------------------------


class PlaySample(Intent, frozen=True):
    key: str


class PlayBadge(Intent, frozen=True):
    id: str


class PlayScenario(Intent, frozen=True):
    key: str


Moment = Literal["ten_minutes", "hour", "opening", "closing"]


class SetTime(Intent, frozen=True):
    to: Moment


class Restart(Intent, frozen=True):
    """A new training day: everything that this one made is thrown away."""


OF_WINDOW = (Quit, Speak, NextColours, OpenTrainer)
OF_TRAINING = (PlaySample, PlayBadge, PlayScenario, SetTime, Restart)

# What only a voter may ask; what goes wrong with it is told in the booth, not at the desk.
OF_THE_BOOTH = (
    VoterReady, Present, StartBallot, Mark, Review, Change, PrintPaper, Record, PaperWrong, Leave, VoterDone,
)  # fmt: skip
