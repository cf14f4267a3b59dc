"""A whole training day through the screens: badges, opening, voters, closing, count, signatures, the packet.

The same touches a newcomer would make; nothing behind the window is called.
"""

import random
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import msgspec

from kiosk.demo.training import Document, Training
from kiosk.packet import package
from kiosk.packet.verify import Verdict, verify_file
from kiosk.trust import election_file
from ui.app import App
from ui.play.fingers import Fingers
from ui.views import HandView

_MEMBERS = 3
_TYPED = 0.2  # of the voters, whose number the clerk types
_WEIGHTS = 20  # candidates that get a vote in the rehearsal


class ScreenDay(msgspec.Struct, frozen=True, kw_only=True):
    """What the day came to."""

    served: int
    refused: int
    touches: int
    packet: Path
    seconds: float
    verdict: Verdict


class Rehearsal:
    """`training`: whose badges and documents are shown. `tell`: voters served so far."""

    def __init__(
        self, app: App, training: Training, seed: int = 7, tell: Callable[[int], None] = lambda n: None
    ) -> None:
        self.app = app
        self.training = training
        self.hand = Fingers(app.shell, app.tasks, app.scanner)
        self.dice = random.Random(f"screen {seed}")  # noqa: S311 (whom the players vote for)
        self.tell = tell
        self.served = self.refused = 0
        self.number = training.station
        app.hurry()

    def run(self, voters: int) -> ScreenDay:
        started = monotonic()
        self.hand.wait(lambda: self.app.shell.view.page == "locked", "the locked screen")
        self.open()
        self.serve(voters)
        self.close_and_count()
        self.hand_counts()
        packet = self.sign_and_export()
        election = election_file.read((self.training.folder / package.ELECTION).read_bytes())
        seconds = round(monotonic() - started, 1)
        return ScreenDay(
            served=self.served,
            refused=self.refused,
            touches=self.hand.touches,
            packet=packet,
            seconds=seconds,
            verdict=verify_file(packet, election),
        )

    # -- badges ------------------------------------------------------------------------------------------

    def sign_in(self, role: str) -> None:
        if self.app.shell.view.page != "locked":
            at_count = self.app.shell.view.page == "hand"  # whose count is saved locks with the primary button
            lock = "back" if self.hand.see("back") else "save-count"
            self.hand.touch(lock if at_count else "sign-out")
        self._badge(role)

    def _badge(self, role: str) -> None:
        badge = self.training.badge(f"{self.number}-{role}")
        self.hand.scan(badge.text)
        self.hand.pin(badge.pin)

    def gather(self) -> None:
        """The chair and the members, each with badge and PIN."""
        for role in ("chair", *(f"member-{n}" for n in range(1, _MEMBERS + 1))):
            self._show_badge(role)

    def _show_badge(self, role: str) -> None:
        badge = self.training.badge(f"{self.number}-{role}")
        self.hand.touch(f"badge-{badge.id}")
        self.hand.pin(badge.pin)

    def clock(self, to: str) -> None:
        self.hand.touch("trainer")
        self.hand.touch(f"time-{to}")

    # -- the day -------------------------------------------------------------------------------------------

    def open(self) -> None:
        self.sign_in("chair")
        self.hand.touch("next-step")
        self.gather()
        self.hand.touch("prepare")
        self.clock("opening")
        self.hand.touch("open-polls")
        self.hand.touch("answer-0")

    def serve(self, voters: int) -> None:
        self.sign_in("clerk-1")
        for document in self.training.queue:
            if self.served >= voters:
                return
            self._visit(document)
            self.tell(self.served)

    def _visit(self, document: Document) -> None:
        if document.story == "votes" and self.dice.random() < _TYPED:
            if self.hand.see("not-this-person"):  # somebody was refused before
                self.hand.touch("not-this-person")
            self.hand.type_number(document.pin)  # a document that the scanner does not read
        else:
            self.hand.scan(document.scan)
        if self.hand.see("give") is None:
            self.refused += 1
            return
        self.hand.touch("give")
        if document.story == "wrong_person":
            self.clerk_comes_back()
            self.hand.touch("withdraw")
            self.hand.touch("pick-wrong_person")
            self.hand.touch("answer-0")
            self.refused += 1
            return
        self.vote()
        self.clerk_comes_back()
        self.served += 1

    def clerk_comes_back(self) -> None:
        """Nothing but the clerk's PIN opens the desk after a voter; the badge asks for it."""
        badge = self.training.badge(f"{self.number}-clerk-1")
        self.hand.scan(badge.text)
        self.hand.pin(badge.pin)

    def vote(self) -> None:
        """A voter who now and then changes their mind, or the language, or the size of the letters."""
        hand = self.hand
        hand.touch("voter-ready")
        if self.dice.random() < 0.3:
            hand.touch(f"speak-{self.dice.choice(('ky', 'ru', 'en'))}")
        hand.touch("start-ballot")
        if self.dice.random() < 0.1:
            hand.touch("text-size")
        numbers = [option.number for option in self.app.shell.view.booth.options]
        for choice in self.dice.choices(numbers, k=self.dice.choice((1, 1, 1, 2, 3))):
            self.choose(choice)
        hand.touch("review")
        if hand.see("answer-1"):  # pages that were not seen are asked for: some voters want to see no more
            hand.touch("answer-1")
        hand.touch("print-paper")
        hand.touch("record")
        hand.touch("voter-done")

    def choose(self, choice: int) -> None:
        """Turn pages until the tile is there; touching the marked one would take the mark away."""
        if self.app.shell.view.booth.choice == choice:
            return
        while self.hand.see("previous-page"):
            self.hand.touch("previous-page")
        while self.hand.see(f"choice-{choice}") is None:
            self.hand.touch("next-page")
        self.hand.touch(f"choice-{choice}")

    def close_and_count(self) -> None:
        if self.app.shell.view.page == "booth":
            self.clerk_comes_back()
        self.sign_in("chair")
        self.clock("closing")
        self.hand.touch("next-step")
        self._show_badge("member-1")
        self.hand.touch("close-polls")
        self.hand.touch("answer-0")
        self.hand.touch("next-step")
        self.gather()
        self.hand.touch("open-box")
        self.hand.touch("answer-0")

    def hand_counts(self) -> None:
        """Two members, each line by line, from the papers that the trainer shows."""
        trainer = self.app.shell.view.trainer
        papers = [count for _name, count in trainer.papers] if trainer else []
        valid, invalid = sum(papers[:-1]), papers[-1]
        lines = {"portable": 0, "stationary": valid + invalid, "valid": valid, "invalid": invalid}
        for member in ("member-1", "member-2"):
            self.sign_in(member)
            hand = self.app.shell.view.of(HandView)
            votes = [str(n) for n in papers[:-1]]
            for figure in (*votes, *(str(lines[key]) for key, _name in hand.lines)):
                for digit in figure:
                    self.hand.touch(f"figure-digit-{digit}")
                self.hand.touch("figure-next")
            self.hand.touch("save-count")
            self.hand.touch("answer-0")

    def sign_and_export(self) -> Path:
        self.sign_in("chair")
        self.hand.touch("next-step")
        self.hand.touch("to-protocol")
        self.gather()
        self.hand.touch("sign")
        self.hand.touch("answer-0")
        self.hand.touch("stick-stick")
        self.hand.touch("release")
        return next((Path(self.training.base) / "stick").glob("*.packet.zip"))
