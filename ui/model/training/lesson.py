"""What a training day has taught so far: who was served, which exercises are mastered, what went wrong. Kept beside the
clock, so that a station that is closed (or loses its power, as in an exercise) goes on where it was."""

from pathlib import Path

import msgspec

from kiosk.demo.training import LESSON
from ui import views as v


class Lesson(msgspec.Struct, kw_only=True):
    next: int = 0  # place in the queue
    served: list[str] = msgspec.field(default_factory=list)  # personal numbers
    running: list[str] = msgspec.field(default_factory=list)  # exercises
    passed: list[str] = msgspec.field(default_factory=list)
    mistakes: list[v.Mistake] = msgspec.field(default_factory=list)


def read(base: Path) -> Lesson:
    """A new lesson where none was kept."""
    try:
        return msgspec.json.decode((base / LESSON).read_bytes(), type=Lesson)
    except (OSError, msgspec.DecodeError):
        return Lesson()


def keep(base: Path, lesson: Lesson) -> None:
    (base / LESSON).write_bytes(msgspec.json.encode(lesson))
