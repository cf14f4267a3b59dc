"""Every screen × language × size × contrast as a picture, with what is wrong with it. `make gallery`."""

import os
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from kiosk.settings import LANGUAGES
from kiosk.text import use_language
from tests.screens import checks
from tests.screens.samples import all_views
from ui import app as composition
from ui.intents import PrintPaper
from ui.look import tokens
from ui.look.scale import use_scale
from ui.look.theme import Look
from ui.look.tokens import PALETTES, Contrast, Scale
from ui.views import ComplaintsView, DeskView, DifferencesView, View
from ui.window import shell as shell_module
from ui.window.booth import BoothWindow
from ui.window.shell import Shell

# Pixels and the dots per inch they stand for: a 13-inch and a 22-inch screen, and the smallest, of 10 inches.
SIZES = {"1024x768": (1024, 768, 96.0), "1920x1080": (1920, 1080, 100.0)}
SMALL = {"10-inch": (1024, 768, 128.0)}
PLAIN = {"1280x800": (1280, 800, 96.0)}  # the size of the mocks and of the README's pictures
UPRIGHT = {"768x1024": (768, 1024, 96.0), "1080x1920": (1080, 1920, 100.0)}  # the voter's own screen, stood up
OUT = Path("build/gallery")
_PICTURES = (("desk-give", "ru"), ("day-open", "ru"), ("voter-ballot", "ky"), ("locked", "ru"))


def _screen(shell: Shell) -> Any:
    return shell.stack.currentWidget()


# What a touch opens over or in a screen: name → (the view below, what opens it).
SHEETS: dict[str, tuple[str, Callable[[Shell], object]]] = {
    "sheet-trainer": ("day-training", lambda shell: shell.open_trainer()),
    "sheet-close-polls": ("closing", lambda shell: _screen(shell)._sure()),
    "sheet-fewer": ("counting-alone", lambda shell: _screen(shell)._fewer()),
    "sheet-pause": ("day-open", lambda shell: _screen(shell)._pause()),
    "sheet-quit": ("day-morning", lambda shell: _screen(shell)._quit()),
    "sheet-open-polls": ("opening-ready", lambda shell: _screen(shell)._sure()),
    "sheet-more": ("desk-warning", lambda shell: _screen(shell).card._more()),
    "sheet-withdraw": ("desk-ballot-out", lambda shell: _screen(shell).booth.ask_withdraw()),
    "sheet-abandon": ("desk-ballot-out-chair", lambda shell: _screen(shell).booth.ask_abandon()),
    "sheet-act": (
        "differences-acts",
        lambda shell: _screen(shell)._write(all_views()["differences-acts"].of(DifferencesView).acts[0]),
    ),
    "sheet-author": ("complaints", lambda shell: _screen(shell)._who()),
    "sheet-category": ("complaints", lambda shell: _screen(shell)._what("voter")),
    "sheet-status": (
        "complaints",
        lambda shell: _screen(shell)._status(all_views()["complaints"].of(ComplaintsView).rows[0]),
    ),
    "protocol-enlarged": ("protocol", lambda shell: _screen(shell).larger.click()),
    "sheet-copies": ("export-done", lambda shell: _screen(shell)._copies()),
    "sheet-clerk-pin": ("voter-covered", lambda shell: _screen(shell)._face("covered").way._ask_pin()),
    "sheet-unseen": ("voter-ballot", lambda shell: _screen(shell)._ask_unseen()),
    "sheet-unmarked": ("voter-review-empty", lambda shell: _screen(shell)._ask_unmarked(PrintPaper())),
    "sheet-still-there": ("voter-ballot", lambda shell: _screen(shell)._ask()),
    "sheet-error": ("desk", lambda shell: shell.show_crash("ValueError-desk-42")),
}


class Painter:
    """One window of one size that shows any view in any language."""

    def __init__(self, size: str) -> None:
        self.size = size
        self.width, self.height, dpi = {**SIZES, **SMALL, **PLAIN}[size]
        scale = Scale(dpi, dense=self.height / dpi * 25.4 < tokens.DENSE_BELOW)
        use_scale(scale)
        composition.application()
        self.shell = Shell(Look("standard", scale), may_close=True)
        self.shell._clock.stop()
        self.shell.resize(self.width, self.height)
        self.shell.show()

    def show(self, view: View, language: str, contrast: Contrast = "standard") -> None:
        use_language(language)
        if self.shell.look.contrast != contrast:
            self.shell.wear(contrast)
        if view.page == "booth":
            booth = msgspec.structs.replace(view.booth, language=language, contrast=contrast)
            view = msgspec.structs.replace(view, booth=booth)
        if self.shell._sheet:
            self.shell._sheet.close_sheet()
        self.shell._notice = None
        self.shell.show_view(View(purpose=view.purpose))
        self.shell.resize(self.width, self.height)
        self.shell.show_view(view)
        if isinstance(view.screen, DeskView):
            self._type(view.screen.query)
        settle()

    def _type(self, text: str) -> None:
        """What somebody typed to see these rows."""
        field = self.shell.stack.currentWidget().field  # type: ignore[union-attr]
        field.blockSignals(True)
        field.setText(text)
        field.blockSignals(False)

    def open_sheet(self, name: str, language: str, contrast: Contrast = "standard") -> None:
        below, opens = SHEETS[name]
        self.show(all_views()[below], language, contrast)
        opens(self.shell)
        settle()

    def picture(self) -> QImage:
        return self.shell.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)

    def faults(self) -> list[str]:
        return checks.all_of(self.shell, (self.width, self.height))

    def close(self) -> None:
        app = QApplication.instance()
        if app:
            app.removeEventFilter(self.shell)
        self.shell.close()
        self.shell.deleteLater()
        QApplication.processEvents()
        use_language("en")


class BoothPainter:
    """The voter's own window, on a screen that lies or stands."""

    def __init__(self, size: str) -> None:
        self.size = size
        self.width, self.height, dpi = {**SIZES, **SMALL, **UPRIGHT}[size]
        scale = Scale(dpi, dense=self.height / dpi * 25.4 < tokens.DENSE_BELOW)
        use_scale(scale)
        composition.application()
        self.window = BoothWindow(Look("standard", scale))
        self.window.resize(self.width, self.height)
        self.window.show()

    def show(self, view: View, language: str, contrast: Contrast = "standard", veiled: bool = False) -> None:
        booth = msgspec.structs.replace(view.booth, language=language, contrast=contrast)
        self.window.show_view(View(purpose=view.purpose))
        self.window.resize(self.width, self.height)
        self.window.show_view(msgspec.structs.replace(view, booth=booth, two_screens=True))
        if veiled:
            self.window.cover()
        settle()

    def picture(self) -> QImage:
        return self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)

    def faults(self) -> list[str]:
        return checks.all_of(self.window, (self.width, self.height))

    def close(self) -> None:
        self.window.leave()
        self.window.deleteLater()
        QApplication.processEvents()


def settle() -> None:
    for _n in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def booth_cases() -> Iterator[tuple[str, View, str, bool]]:
    """(name, view, language, veiled): the voter's pages with every size of letters, and what covers them."""
    for name, view in all_views().items():
        if view.page != "booth":
            continue
        for language, letters in product(LANGUAGES, range(len(tokens.VOTER_CAPITALS))):
            larger = msgspec.structs.replace(view, booth=msgspec.structs.replace(view.booth, size=letters))
            yield f"{name}-letters-{letters}", larger, language, False
    for language in LANGUAGES:
        yield "voter-veil", all_views()["voter-ballot"], language, True


def cases(size: str = "1024x768") -> Iterator[tuple[str, View, str, Contrast]]:
    """(name, view, language, contrast): every screen in every contrast, and the voter's with every size of letters."""
    contrasts: tuple[Contrast, ...] = tuple(PALETTES) if size in SIZES else ("standard",)
    for contrast in contrasts:  # outermost: a change of colours takes time
        for name, view in all_views().items():
            for language in LANGUAGES:
                yield name, view, language, contrast
                if view.page == "booth" and contrast == "standard":
                    for letters in (0, 2, 3) if size in SIZES else (0, 2):
                        booth = msgspec.structs.replace(view.booth, size=letters)
                        larger = msgspec.structs.replace(view, booth=booth)
                        yield f"{name}-letters-{letters}", larger, language, contrast


def sheet(pictures: list[Path], out: Path, wide: int = 480, columns: int = 5) -> None:
    """A contact sheet of many pictures."""
    images = [QImage(str(path)).scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation) for path in pictures]
    high = max(image.height() for image in images)
    lines = -(-len(images) // columns)
    whole = QImage(columns * (wide + 8), lines * (high + 8), QImage.Format.Format_RGB32)
    whole.fill(Qt.GlobalColor.darkGray)
    painter = QPainter(whole)
    for place, image in enumerate(images):
        painter.drawImage(place % columns * (wide + 8) + 4, place // columns * (high + 8) + 4, image)
    painter.end()
    whole.save(str(out))


def _booths(size: str) -> int:
    """Paint the voter's own window; how much is wrong with it."""
    painter, made, bad = BoothPainter(size), [], 0
    for name, view, language, veiled in booth_cases():
        painter.show(view, language, veiled=veiled)
        path = OUT / f"{name}.{language}.{size}.png"
        painter.picture().save(str(path))
        made.append(path)
        for fault in painter.faults():
            bad += 1
            sys.stdout.write(f"{path.name}: {fault}\n")
    painter.close()
    sheet(made, OUT / f"contact.booth.{size}.png", wide=240, columns=12)
    return bad


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    shell_module.IDLE_LOCK_SECONDS = 10**9
    bad = 0
    for name, language in _PICTURES:
        painter = Painter("1280x800")
        painter.show(all_views()[name], language)
        painter.picture().save(str(OUT / f"{name}.{language}.1280x800.png"))
        painter.close()
    for size in (*SIZES, *SMALL):
        painter = Painter(size)
        made: dict[str, list[Path]] = {language: [] for language in LANGUAGES}
        for name, view, language, contrast in cases(size):
            painter.show(view, language, contrast)
            path = OUT / f"{name}.{language}.{size}{'' if contrast == 'standard' else '.' + contrast}.png"
            painter.picture().save(str(path))
            if contrast == "standard" and "letters" not in name:
                made[language].append(path)
            for fault in painter.faults():
                bad += 1
                sys.stdout.write(f"{path.name}: {fault}\n")
        kinds: tuple[Contrast, ...] = tuple(PALETTES) if size in SIZES else ("standard",)
        for contrast, name, language in product(kinds, SHEETS, LANGUAGES):
            painter.open_sheet(name, language, contrast)
            path = OUT / f"{name}.{language}.{size}{'' if contrast == 'standard' else '.' + contrast}.png"
            painter.picture().save(str(path))
            if contrast == "standard":
                made[language].append(path)
            for fault in painter.faults():
                bad += 1
                sys.stdout.write(f"{path.name}: {fault}\n")
        for language, pictures in made.items():
            sheet(pictures, OUT / f"contact.{language}.{size}.png")
        painter.close()
    for size in UPRIGHT:
        bad += _booths(size)
    sys.stdout.write(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}, {bad} faults\n")
    return bool(bad)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
