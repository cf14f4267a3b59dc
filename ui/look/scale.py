"""The scale in which a layout is made just now: that of the screen its window stands on.

A window enters its own scale whenever it builds or shows something; two windows on two screens never meet in one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from ui.look.tokens import Scale

_scale = Scale()


@contextmanager
def scaled(scale: Scale) -> Iterator[None]:
    """Millimetres of what is laid out inside; the scale before comes back, whatever happens."""
    global _scale
    before, _scale = _scale, scale
    try:
        yield
    finally:
        _scale = before


def use_scale(scale: Scale) -> None:
    """Millimetres of layouts made from here on, until another window's turn."""
    global _scale
    _scale = scale


def current_scale() -> Scale:
    return _scale


def px(mm: float) -> int:
    return _scale.px(mm)


def exact(mm: float) -> int:
    """Millimetres as they are on the glass, dense or not: for comparing with the room there is."""
    return _scale.exact(mm)
