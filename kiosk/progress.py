"""How long work tells how far it is, the same everywhere."""

from collections.abc import Callable

# The step (words, or a code that the screens have words for), how much of it is done, and of how much: 0, not known.
Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, size: int) -> None:
    """For who does not want to know."""
