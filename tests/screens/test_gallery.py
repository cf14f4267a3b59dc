"""Every screen, sheet, language, size, contrast and height of letters: nothing wrong with any of them."""

import gettext
from collections.abc import Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from kiosk import text
from tests.screens import checks, gallery
from tests.screens.gallery import (
    LANGUAGES,
    PLAIN,
    SHEETS,
    SIZES,
    SMALL,
    UPRIGHT,
    BoothPainter,
    Painter,
    booth_cases,
    cases,
)
from tests.screens.samples import all_views
from ui import app as composition
from ui.look.theme import look_of
from ui.look.tokens import BODY, GAP, PALETTES, PRIMARY, TARGET, VOTER_DEFAULT, Contrast, Scale, contrast, voter_em
from ui.widgets.choice import Choice
from ui.widgets.rows import RowButton

LEAST: dict[Contrast, tuple[float, float]] = {  # docs/screens.md, "Numbers to hold"
    "standard": (10, 21), "black_on_white": (20, 21), "white_on_black": (18, 21), "yellow_on_black": (17.5, 21),
    "low": (4.5, 8),
}  # fmt: skip


@pytest.fixture
def painter(request: pytest.FixtureRequest) -> Iterator[Painter]:
    made = Painter(request.param)
    yield made
    made.close()


@pytest.mark.parametrize("painter", [*SIZES, *SMALL, *PLAIN], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_clipped_overlapping_too_small_or_without_a_name(painter: Painter, language: str) -> None:
    found = []
    for name, view, spoken, kind in cases(painter.size):
        # other colours move nothing but the frames of the bands: one language shows whether those still fit
        if spoken == language and (kind == "standard" or spoken == "ky" or view.page == "booth"):
            painter.show(view, spoken, kind)
            found += [f"{name} {kind}: {fault}" for fault in painter.faults()]
    for name in SHEETS:
        painter.open_sheet(name, language)
        found += [f"{name}: {fault}" for fault in painter.faults()]
    assert found == []


@pytest.mark.parametrize("size", [*UPRIGHT, "1024x768"])
def test_the_voters_own_window_lying_or_standing(size: str, qtbot: object) -> None:
    painter, found = BoothPainter(size), []
    for name, view, language, veiled in booth_cases():
        painter.show(view, language, veiled=veiled)
        found += [f"{name}.{language}: {fault}" for fault in painter.faults()]
    painter.close()
    assert found == []


@pytest.mark.parametrize("painter", ["1024x768"], indirect=True)
def test_contrast_as_the_eye_gets_it(painter: Painter) -> None:
    """From the pixels of every label, button, tile, row and field: the ground against the ink."""
    found = []
    for name, view, spoken, kind in cases():
        if spoken != "ky" or "letters" in name:
            continue
        painter.show(view, spoken, kind)
        if isinstance(field := QApplication.focusWidget(), QLineEdit):
            field.clearFocus()  # its caret is no ink
        image = _pillow(painter.picture())
        for widget, words, area in _written(painter.shell):
            ratio = _ratio(image.crop((area.left(), area.top(), area.right() + 1, area.bottom() + 1)))
            least, most = LEAST[look_of(widget).contrast]
            if not least <= ratio <= most + 0.01:
                found.append(f"{name} {kind}: “{words}” {ratio:.1f}")
    assert found == []


def _written(window: QWidget) -> Iterator[tuple[QWidget, str, QRect]]:
    """Everything with words: where they stand, without the frame around them."""
    for widget in checks.shown(window):
        area = checks.seen(widget, window)
        match widget:
            case QLabel():
                words = "" if widget.pixmap() else widget.text()
            case QLineEdit():
                words = widget.text() or widget.placeholderText()
            case QAbstractButton():
                words = widget.text() if widget.isEnabled() else ""  # what cannot be touched may be pale
            case _:
                continue
        frame = 0 if isinstance(widget, QLabel) else min(area.height() // 6, 8)
        area = area.adjusted(frame, frame, -frame, -frame)
        if not words.strip() or area.width() < 4 or area.height() < 8:
            continue
        if isinstance(widget, Choice | RowButton):  # a name, and below it a paler note: each for itself
            half = area.height() // 2
            left = area.adjusted(0, 0, -area.width() // 4, 0)
            yield widget, words, left.adjusted(0, 0, 0, -half)
            yield widget, f"note of {words}", left.adjusted(0, half + 4, 0, 0)
        else:
            yield widget, words, area


def _pillow(image: QImage) -> Image.Image:
    raw = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes("RGBA", (raw.width(), raw.height()), bytes(raw.constBits())).convert("RGB")


def _ratio(piece: Image.Image) -> float:
    colours = piece.getcolors(piece.width * piece.height) or []
    _count, ground = max(colours)
    return max(contrast(_hex(ground), _hex(colour)) for _n, colour in colours)


def _hex(colour: object) -> str:
    assert isinstance(colour, tuple)
    return "#" + "".join(f"{part:02X}" for part in colour[:3])


@pytest.mark.parametrize("kind", PALETTES)
def test_the_palettes_hold_the_numbers(kind: Contrast) -> None:
    p = PALETTES[kind]
    least, most = LEAST[kind]
    pairs = [
        (p.ink, p.page), (p.ink, p.surface), (p.ink, p.tint), (p.muted, p.page), (p.muted, p.surface),
        (p.muted, p.tint), (p.on_act, p.act), (p.act, p.surface), (p.act, p.tint), (p.act, p.page),
        (p.good, p.good_wash), (p.warn, p.warn_wash), (p.bad, p.bad_wash), (p.good, p.surface), (p.bad, p.surface),
    ]  # fmt: skip
    assert {f"{a} on {b}": round(contrast(a, b), 2) for a, b in pairs if not least <= contrast(a, b) <= most} == {}
    assert contrast(p.edge, p.surface) >= 3  # the outline of a control (WCAG 1.4.11)


class _Windows(QObject):
    """Notes every widget that comes up as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.add(type(watched).__name__)
        return False


def test_there_is_one_window(qtbot: object) -> None:
    """A face that is built without a parent flashes as a window of its own, and takes the focus with it."""
    app, windows = composition.application(), _Windows()
    app.installEventFilter(windows)
    painter = Painter("1024x768")
    for view in all_views().values():
        painter.show(view, "en")
    for name in SHEETS:
        painter.open_sheet(name, "en")
    app.removeEventFilter(windows)
    painter.close()
    assert windows.seen == {"Shell"}


def test_on_a_small_screen_everything_shrinks_but_targets_and_the_gaps_between_them() -> None:
    ordinary, dense = Scale(128), Scale(128, dense=True)
    for mm in (TARGET, PRIMARY, GAP):
        assert dense.px(mm) == ordinary.px(mm)
    assert dense.px(8) < ordinary.px(8) and dense.px(3) >= dense.px(GAP)
    em = voter_em(VOTER_DEFAULT)  # what a voter reads keeps its height
    assert Scale(128, em, dense=True).type_px(BODY) == Scale(128, em).type_px(BODY)


class _Pseudo(gettext.NullTranslations):
    """English made a third longer, with marks above the letters: what is clipped in no language yet shows here."""

    def gettext(self, message: str) -> str:
        return f"{message} {'ŵøřđ' * (len(message) // 14)}".strip()


@pytest.mark.parametrize("painter", ["1920x1080"], indirect=True)
def test_a_language_that_needs_a_third_more_room_still_fits(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_catalogue", lambda language: _Pseudo())
    found = []
    for name, view in all_views().items():
        painter.show(view, "en")
        found += [f"{name}: {fault}" for fault in painter.faults()]
    assert found == []


def test_the_checks_find_what_they_look_for(qtbot: object) -> None:
    """A clipped label, a target that is too small, two that overlap, one without a name."""
    painter = Painter("1024x768")
    painter.show(all_views()["desk-give"], "en")
    card = painter.shell.stack.currentWidget().card  # type: ignore[union-attr]
    card.give.setFixedSize(30, 30)
    card.wrong.setText("")
    card.wrong.setAccessibleName("")
    card.next_step.setFixedSize(40, 8)
    gallery.settle()
    faults = "\n".join(painter.faults())
    painter.close()
    for expected in ("is only 30×30", "has no accessible name", "label “Compare"):
        assert expected in faults
