"""What a page is put together with: its frame, two halves, and the three sheets that ask for something."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.text import _
from ui.look.scale import px
from ui.widgets.basic import Part, Role, Tone, column, row
from ui.widgets.choose import Choosing
from ui.widgets.pin_sheet import PinSheet
from ui.widgets.sheet import Question, put_up
from ui.widgets.writing import Writing


def frame(page: QWidget, *parts: Part, fill: int = 1, spacing: float = 5, rim: float = 6) -> None:
    """Lay a page out: parts below each other, of which `fill` takes the room that is left; `spacing` and `rim` (above
    and below) in mm."""
    inside = column(*parts, spacing=spacing)
    inside.setStretch(fill, 1)
    inside.setContentsMargins(px(7), px(rim), px(7), px(rim))
    page.setProperty("page", "true")
    page.setLayout(inside)


def halves(left: QWidget, right: QWidget) -> QHBoxLayout:
    """Two cards of one width."""
    both = row(left, right, spacing=6)
    both.setStretch(0, 1)
    both.setStretch(1, 1)
    return both


def ask(
    widget: QWidget,
    tone: Tone,
    title: str,
    sentences: list[str],
    *,
    yes: str,
    then: Callable[[], object],
    no: str = "",
    role: Role = "primary",
) -> None:
    """Are you sure? `yes` is the verb, and `then` what it does; a stray Enter finds `no` ("Cancel")."""
    sheet = Question(widget.window(), tone, title, sentences, answers=[(yes, role), (no or _("Cancel"), "plain")])
    sheet.agreed.connect(then)
    put_up(widget, sheet)


def choose(
    widget: QWidget,
    title: str,
    options: Sequence[tuple[str, str]],
    *,
    then: Callable[[Any], object],
    note: str = "",
) -> None:
    """One of a few: (key, words). `then` is told the key."""
    sheet = Choosing(widget.window(), title, options, note)
    sheet.picked.connect(then)
    put_up(widget, sheet)


def write(widget: QWidget, title: str, hint: str, *, verb: str, then: Callable[[str], object], text: str = "") -> None:
    """A few sentences, with the keyboard on the screen; `text`: what was written before."""
    sheet = Writing(widget.window(), title, hint, verb, text=text)
    sheet.written.connect(then)
    put_up(widget, sheet)


def ask_pin(widget: QWidget, title: str, note: str, then: Callable[[str], object]) -> PinSheet:
    """The PIN of a badge."""
    sheet = PinSheet(widget.window(), title, note)
    sheet.pad.entered.connect(then)
    put_up(widget, sheet)
    return sheet
