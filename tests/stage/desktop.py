"""The small election behind a real window: what journeys and screen tests stand on."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from PySide6.QtWidgets import QWidget

from kiosk.day.station import Station
from kiosk.devices.media import TrainingMedia
from kiosk.devices.printer import FolderPrinter
from kiosk.election.definition import Purpose
from kiosk.text import use_language
from tests.stage.world import HOME, World
from ui import app as composition
from ui.behind import terminal
from ui.look.tokens import Scale
from ui.model.setting import Setting
from ui.model.terminal import Terminal
from ui.play.fingers import Fingers
from ui.views import HandView, Said, View

SIZE = (1280, 800)
ORDINARY = Scale(96.0)


def code(said: Said | None) -> str:
    return said.code if said else ""


class Desktop:
    """One terminal of the small election, its window, and fingers to touch it.

    With `with`, so that a test that fails leaves no window behind for the next one to trip over.
    """

    def __init__(
        self,
        world: World,
        folder: Path,
        size: tuple[int, int] = SIZE,
        *,
        purpose: Purpose = "test",
        scale: Scale = ORDINARY,
        second_screen: bool = False,
        booth_scale: Scale = ORDINARY,
    ) -> None:
        self.world = world
        self.printer = FolderPrinter(folder / "printed", "test")
        self.media = TrainingMedia(folder / "stick", "test")
        self.setting = Setting(
            folder=world.folder,
            purpose=purpose,
            printer=self.printer,
            media=self.media,
            clock=world.clock,
            two_screens=second_screen,
        )
        self.setting.watch()
        self.terminal: Terminal
        self.crashes: list[BaseException] = []
        self.app = composition.App(
            composition.application(),
            self._build,
            folder,
            True,
            with_scale=scale,
            booth_scale=booth_scale if second_screen else None,
        )
        self.app.tasks.crashed.connect(self.crashes.append)
        self.app.shell.resize(*size)
        self.app.shell.show()
        self.hand = Fingers(self.app.shell, self.app.tasks, self.app.scanner)
        self.booth: Fingers | None = None
        if self.app.booth:
            self.app.booth.resize(*size)
            self.app.booth.show()
            self.booth = Fingers(self.app.booth, self.app.tasks, self.app.scanner)

    def __enter__(self) -> Self:
        self.app.start()
        self.app.shell.activateWindow()
        try:
            self._wait_for_the_first_screen()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: object, *_more: object) -> None:
        self.close()
        assert kind or not self.crashes

    def _wait_for_the_first_screen(self) -> None:
        self.hand.wait(self.app.shell.isActiveWindow, "the window with the focus")
        self.hand.wait(lambda: self.view.page != "starting", "the first screen")
        self.hand.settle()

    def _build(self, progress: Callable[[str, int, int], None]) -> Terminal:
        self.terminal = terminal(self.setting, progress)
        return self.terminal

    @property
    def view(self) -> View:
        return self.app.shell.view

    @property
    def window(self) -> QWidget:
        return self.app.shell

    @property
    def station(self) -> Station:
        """Behind the window: to look at in assertions, never to act through."""
        assert self.terminal.seat.station is not None
        return self.terminal.seat.station

    # -- what people do ----------------------------------------------------------------------------

    def badge(self, role: str) -> None:
        card, pin = self.world.card(role)
        self.hand.scan(card)
        self.hand.pin(pin)

    def sign_in(self, role: str) -> None:
        if self.view.page != "locked":
            self.hand.touch("sign-out")
        self.badge(role)

    def gather(self) -> None:
        for role in ("chair", "member-1", "member-2"):
            self.badge(role)

    def open_polls(self) -> None:
        self.sign_in("chair")
        self.hand.touch("next-step")
        self.gather()
        self.hand.touch("prepare")
        self.world.clock.set(self.world.opens)
        self.hand.touch("back")
        self.hand.touch("next-step")
        self.hand.touch("open-polls")
        self.hand.touch("answer-0")

    def at_the_desk(self) -> None:
        self.open_polls()
        self.sign_in("clerk-1")

    def give(self, pin: str) -> None:
        self.hand.scan(pin)
        self.hand.touch("give")

    def vote(self, choice: int) -> None:
        self.hand.touch("voter-ready")
        self.hand.touch("start-ballot")
        self.hand.touch(f"choice-{choice}")
        for name in ("review", "print-paper", "record", "voter-done"):
            self.hand.touch(name)

    def clerk_comes_back(self) -> None:
        self.badge("clerk-1")

    # -- the evening -------------------------------------------------------------------------------

    def serve(self, choices: list[int]) -> None:
        for pin, choice in zip(self.world.pins(HOME), choices, strict=False):
            self.give(pin)
            self.vote(choice)
            self.clerk_comes_back()

    def close_polls(self) -> None:
        self.sign_in("chair")
        self.world.clock.set(self.world.closes)
        self.hand.touch("to-desk")
        self.hand.touch("desk-day")
        self.close_together()

    def close_together(self) -> None:
        """From the chair's day: a member's badge, and the close."""
        self.hand.touch("next-step")
        self.badge("member-1")
        self.hand.touch("close-polls")
        self.hand.touch("answer-0")

    def open_box(self) -> None:
        self.hand.touch("next-step")
        self.gather()
        self.hand.touch("open-box")
        self.hand.touch("answer-0")

    def enter_count(self, role: str, votes: dict[int, int]) -> None:
        """Each figure on its own line, touched and typed."""
        self.sign_in(role)
        valid = sum(votes.values())
        figures = {f"vote:{option.number}": votes.get(option.number, 0) for option in self.view.of(HandView).options}
        figures |= {"portable": 0, "stationary": valid, "valid": valid, "invalid": 0}
        for key, value in figures.items():
            self.hand.touch(f"figure-{key}")
            for digit in str(value):
                self.hand.touch(f"figure-digit-{digit}")
        self.hand.touch("save-count")
        self.hand.touch("answer-0")

    def sign_protocol(self) -> None:
        """From two counts that agree to the page of the stick."""
        self.sign_in("chair")
        self.hand.touch("next-step")
        self.hand.touch("to-protocol")
        self.gather()
        self.hand.touch("sign")
        self.hand.touch("answer-0")

    def close(self) -> None:
        self.app.stop()
        self.app.app.processEvents()
        use_language("en")
