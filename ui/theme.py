"""Tokens → one stylesheet, and the few painted things a stylesheet can't do (icons).

Widgets say what they are through properties (`role`, `text`, `card`, `tone`); how that looks is decided here.
"""

from functools import cache
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.settings import RESOURCES
from ui import tokens
from ui.tokens import PALETTES, Contrast, Palette, Scale

FAMILIES = ("Inter", "Noto Sans", "DejaVu Sans")

Text = Literal["caption", "body", "strong", "title", "display", "giant"]
SIZES: dict[Text, float] = {
    "caption": tokens.CAPTION, "body": tokens.BODY, "strong": tokens.STRONG, "title": tokens.TITLE,
    "display": tokens.DISPLAY, "giant": tokens.GIANT,
}  # fmt: skip
WEIGHTS: dict[Text, int] = {"caption": 400, "body": 400, "strong": 600, "title": 700, "display": 700, "giant": 700}


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
    app.setStyle("Fusion")
    for family in FAMILIES:
        if family in QFontDatabase.families():
            app.setFont(QFont(family))
            break


def family_found() -> str:
    return QFontInfo(QApplication.font()).family()


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


def button_icon(name: str, colour: str, size: int) -> QIcon:
    return QIcon(icon(name, colour, size))


@cache
def stylesheet(contrast: Contrast, scale: Scale) -> str:
    """Everything a stylesheet decides, for one palette and scale."""
    p, px = PALETTES[contrast], scale.px
    families = ", ".join(f'"{name}"' for name in FAMILIES)
    thick = max(2, px(0.5))
    texts = "\n".join(
        f'QLabel[kind="{name}"] {{ font-size: {scale.type_px(SIZES[name])}px; font-weight: {WEIGHTS[name]}; }}'
        for name in SIZES
    )
    tones = "\n".join(
        f'*[tone="{tone}"] {{ color: {getattr(p, tone)}; }}' for tone in ("muted", "act", "good", "warn", "bad")
    )
    washes = "\n".join(
        f'QFrame[band="{tone}"] {{ background: {wash}; border: {_border(contrast, p, tone)}; }}'
        f' QFrame[band="{tone}"] QLabel {{ color: {getattr(p, tone)}; }}'
        for tone, wash in (("good", p.good_wash), ("warn", p.warn_wash), ("bad", p.bad_wash), ("act", p.tint))
    )
    return f"""
    * {{ font-family: {families}; color: {p.ink}; font-size: {scale.type_px(tokens.BODY)}px; }}
    QWidget {{ background: transparent; }}
    QWidget[page="true"] {{ background: {p.page}; }}
    QWidget[page="plain"] {{ background: {p.surface}; }}
    QFrame[bar="top"] {{ background: {p.surface}; border-bottom: 1px solid {p.line}; }}
    QFrame[bar="bottom"] {{ background: {p.surface}; border-top: 1px solid {p.line}; }}
    QFrame[card="true"] {{ background: {p.surface}; border: 1px solid {p.line}; border-radius: {px(tokens.RADIUS)}px; }}
    QFrame[rule="true"] {{ background: {p.line}; max-height: 1px; min-height: 1px; }}
    QFrame[pill="good"] {{ background: {p.good_wash}; border-radius: {px(4.7)}px; }}
    QFrame[pill="act"] {{ background: {p.tint}; border-radius: {px(4.7)}px; }}
    QFrame[pill="warn"] {{ background: {p.warn_wash}; border-radius: {px(4.7)}px; }}
    {texts}
    {tones}
    {washes}
    QAbstractButton {{ font-size: {scale.type_px(tokens.STRONG)}px; font-weight: 600; }}
    QPushButton {{
      background: {p.surface}; border: {thick}px solid {p.edge}; border-radius: {px(3.2)}px;
      min-height: {px(tokens.TARGET) - 2 * thick}px; padding: 0 {px(3.4)}px;
    }}
    QPushButton:pressed, QPushButton:checked {{ background: {p.tint}; border-color: {p.act}; color: {p.act}; }}
    QPushButton:focus {{ border: {thick + 1}px solid {p.act}; }}
    QPushButton:disabled {{ background: {p.page}; color: {p.muted}; border: {thick}px dashed {p.edge}; }}
    QPushButton[role="primary"] {{
      background: {p.act}; color: {p.on_act}; border-color: {p.act}; min-height: {px(tokens.PRIMARY)}px;
    }}
    QPushButton[role="primary"]:pressed {{ background: {p.surface}; color: {p.act}; }}
    QPushButton[role="primary"]:focus {{ border: {thick + 1}px solid {p.ink}; }}
    QPushButton[role="primary"]:disabled {{
      background: {p.page}; color: {p.muted}; border: {thick}px dashed {p.edge};
    }}
    QPushButton[role="danger"] {{
      background: {p.bad_wash}; color: {p.bad}; border-color: {p.bad}; min-height: {px(tokens.PRIMARY)}px;
    }}
    QPushButton[role="tall"] {{ min-height: {px(tokens.PRIMARY)}px; }}
    QPushButton[role="link"] {{ background: transparent; border-color: transparent; color: {p.act}; }}
    QPushButton[role="link"]:focus {{ border: {thick + 1}px solid {p.act}; }}
    QPushButton[role="link"]:checked {{ background: {p.act}; color: {p.on_act}; }}
    QPushButton[role="key"] {{
      font-size: {px(5.6)}px; font-weight: 400; padding: 0; border-width: {max(1, px(0.3))}px; border-color: {p.edge};
    }}
    QPushButton[role="pad"] {{ font-size: {px(7.4)}px; font-weight: 700; padding: 0; }}
    QPushButton[role="small"] {{ font-size: {px(tokens.CAPTION)}px; padding: 0; }}
    QLineEdit, QPlainTextEdit {{
      background: {p.surface}; border: {thick}px solid {p.act}; border-radius: {px(3.2)}px;
      font-size: {scale.type_px(tokens.TITLE)}px; padding: 0 {px(4)}px; min-height: {px(tokens.PRIMARY)}px;
      selection-background-color: {p.act}; selection-color: {p.on_act};
    }}
    QPlainTextEdit {{ padding: {px(2)}px {px(3)}px; font-size: {scale.type_px(tokens.STRONG)}px; }}
    QScrollArea {{ border: none; }}
    QScrollBar:vertical {{ width: {px(tokens.TARGET)}px; background: {p.page}; margin: 0; }}
    QScrollBar::handle:vertical {{
      background: {p.edge}; min-height: {px(tokens.TARGET)}px; border-radius: {px(2)}px; margin: 0 {px(3)}px;
    }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
    QProgressBar {{
      background: {p.surface}; border: {thick}px solid {p.edge}; border-radius: {px(2)}px; min-height: {px(6)}px;
      max-height: {px(6)}px; text-align: center;
    }}
    QProgressBar::chunk {{ background: {p.act}; }}
    """


def _border(contrast: Contrast, p: Palette, tone: str) -> str:
    """Where washes have no colour, a frame keeps the band a band."""
    return "none" if contrast == "standard" else f"2px solid {getattr(p, tone)}"
