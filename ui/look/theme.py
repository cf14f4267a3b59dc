"""Tokens → one stylesheet, and the few painted things a stylesheet can't do (icons).

Widgets say what they are through properties (`role`, `text`, `card`, `tone`); how that looks is decided here.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.settings import RESOURCES
from ui.look import tokens
from ui.look.tokens import PALETTES, Contrast, Palette, Scale

FAMILIES = ("Inter", "Noto Sans", "DejaVu Sans")

Text = Literal["caption", "body", "strong", "title", "display", "name", "giant"]
SIZES: dict[Text, float] = {
    "caption": tokens.CAPTION, "body": tokens.BODY, "strong": tokens.STRONG, "title": tokens.TITLE,
    "display": tokens.DISPLAY, "name": tokens.NAME, "giant": tokens.GIANT,
}  # fmt: skip
WEIGHTS: dict[Text, int] = {
    "caption": 400,
    "body": 400,
    "strong": 600,
    "title": 700,
    "display": 700,
    "name": 700,
    "giant": 700,
}


class Look:
    """How one window looks at the moment: a palette and a scale. Widgets that paint themselves ask it."""

    def __init__(self, contrast: Contrast = "standard", scale: Scale | None = None) -> None:
        self.contrast: Contrast = contrast
        self.palette: Palette = PALETTES[contrast]
        self.scale = scale or Scale()

    def px(self, mm: float) -> int:
        return self.scale.px(mm)

    def colour(self, role: str) -> QColor:
        return QColor(getattr(self.palette, role))

    def font(self, em_mm: float, weight: int = 400) -> QFont:
        """Tabular figures: numbers and clocks don't jump."""
        font = QFont(list(FAMILIES))
        font.setPixelSize(self.scale.type_px(em_mm))
        font.setWeight(QFont.Weight(weight))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def icon(self, name: str, role: str, mm: float) -> QPixmap:
        return icon(name, getattr(self.palette, role), self.px(mm))


def look_of(widget: QWidget) -> Look:
    """The look of the window or frame a widget stands in."""
    above: QWidget | None = widget
    while above is not None:
        found = getattr(above, "look", None)
        if isinstance(found, Look):
            return found
        above = above.parentWidget()
    return Look()


def prepare(app: QApplication) -> None:
    """Once: the style every stylesheet builds on, and the bundled kind of type."""
    if app.property("prepared"):
        return  # another style object would pull the old one from under the widgets that still live
    app.setProperty("prepared", True)
    app.setStyle("Fusion")
    for family in FAMILIES:
        if family in QFontDatabase.families():
            app.setFont(QFont(family))
            break


@cache
def _drawing(name: str) -> str:
    return (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8")


@cache
def icon(name: str, colour: str, size: int) -> QPixmap:
    """resources/icons/NAME.svg in one colour."""
    svg = _drawing(name).replace("currentColor", colour)
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


@cache
def stylesheet(contrast: Contrast, scale: Scale) -> str:
    """resources/style.qss for one palette and scale, and the rules that come in rows."""
    p, px = PALETTES[contrast], scale.px
    thick = max(2, px(0.5))
    named = {
        **p._asdict(),
        "thick": f"{thick}px",
        "thicker": f"{thick + 1}px",
        "inner": f"{px(tokens.TARGET) - 2 * thick}px",
        "families": ", ".join(f'"{name}"' for name in FAMILIES),
    }

    def fill(found: re.Match[str]) -> str:
        kind, size = found[1], found[2]
        if size is None:
            return str(named[kind])
        mm = float(size) if size[0].isdigit() else getattr(tokens, size)
        return str(px(mm) if kind == "mm" else scale.type_px(mm))

    rules = re.sub(r"@(\w+)(?:\(([\w.]+)\))?", fill, (RESOURCES / "style.qss").read_text("utf-8"))
    return rules + "\n".join(_rows(contrast, p, scale))


def _rows(contrast: Contrast, p: Palette, scale: Scale) -> Iterator[str]:
    """Kinds of text, tones, bands: one rule each."""
    for name, em in SIZES.items():
        size = scale.type_px(em)
        yield f'QLabel[kind="{name}"] {{ font-size: {size}px; font-weight: {WEIGHTS[name]}; }}'
    if p.tint == p.surface:  # without a colour for what is pressed or chosen, it is turned round
        yield f"QPushButton:pressed, QPushButton:checked {{ background: {p.act}; color: {p.on_act}; }}"
    for tone in ("muted", "act", "on_act", "good", "warn", "bad"):
        yield f'*[tone="{tone}"] {{ color: {getattr(p, tone)}; }}'
    for tone, wash in (("good", p.good_wash), ("warn", p.warn_wash), ("bad", p.bad_wash), ("act", p.tint)):
        yield f'QFrame[band="{tone}"] {{ background: {wash}; border: {_border(contrast, p, tone)}; }}'
        yield f'QFrame[band="{tone}"] QLabel {{ color: {getattr(p, tone)}; }}'


def _border(contrast: Contrast, p: Palette, tone: str) -> str:
    """Where washes have no colour, a frame keeps the band a band."""
    return "none" if contrast == "standard" else f"2px solid {getattr(p, tone)}"
