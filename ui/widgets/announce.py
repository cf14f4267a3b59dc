"""A change is told to a screen reader: another page, a verdict, a message, a mark, how many were found."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget

_LARGE = ("giant", "display", "title")


def announce(widget: QWidget, *said: str) -> None:
    """Spoken, as sentences, if somebody listens; costs nothing otherwise."""
    words = ". ".join(part.rstrip(".") for part in said if part)
    if words and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


def heading(page: QWidget) -> str:
    """What a page is called, for somebody who cannot see it: its title, else its first large words."""
    labels = [label for label in page.findChildren(QLabel) if label.isVisibleTo(page) and label.text()]
    titles = [label.text() for label in labels if label.objectName() == "title"]
    large = [label.text() for label in labels if label.property("kind") in _LARGE]
    return next(iter(titles + large), "")
