"""The screens: first paint, keystrokes, touches, changes of screen, memory."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import msgspec
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from kiosk.demo import training as tr
from kiosk.demo.nation import station_rows
from kiosk.roll.book import Book
from kiosk.roll.importing import Filler
from kiosk.roll.reading import RollReader
from kiosk.text import use_language
from tests.bench.measure import Row, percentile, row
from tests.screens.gallery import Painter
from tests.screens.samples import all_views
from tests.stage.world import example_source, roll_csv
from ui import app as composition
from ui import views
from ui.intents import Intent, Search
from ui.look.tokens import Scale
from ui.play import behind
from ui.play.keys import Keys
from ui.widgets.choice import Choice
from ui.widgets.rows import RowButton

_RUNS = 5

EMPTY = """
from PySide6.QtWidgets import QApplication, QWidget
from PySide6.QtCore import QTimer
app = QApplication([])
class W(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, lambda: (print("painted", flush=True), app.quit()))
w = W(); w.resize(1280, 800); w.show(); app.exec()
"""


def rows(folder: Path, small: bool) -> Iterator[Row]:
    base = folder / "training"
    tr.prepare(base, behind.example, 1021, lambda step, done, size: None)
    composition.application()
    yield _start(base)
    for count in (2_000, 100_000):
        yield _keystrokes(folder, count)
    yield _touch()
    yield _changes()
    yield _memory(folder, 120 if small else 500)


def _run(*command: str) -> float:
    """Milliseconds from the start of the process to what it painted first."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    started = perf_counter()
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"painted"
        return (perf_counter() - started) * 1000


def _start(base: Path) -> Row:
    _run("-c", EMPTY)
    _run("-m", "tests.bench.first_screen", str(base), "locked")
    ours = sorted(_run("-m", "tests.bench.first_screen", str(base), "starting") for _n in range(_RUNS))
    theirs = sorted(_run("-c", EMPTY) for _n in range(_RUNS))
    ready = sorted(_run("-m", "tests.bench.first_screen", str(base), "locked") for _n in range(_RUNS))
    return row(
        "process start to the first painted screen", (ours, theirs), "an empty PySide6 window", "≤ 2.5 × and ≤ 800 ms",
        lambda r: r.ratio is not None and r.ratio <= 2.5 and r.p50 <= 800,
        f"a badge can be shown after {percentile(ready, 0.5):.0f} ms",
    )  # fmt: skip


class _Painted(QObject):
    """When a widget that answers `wanted` was painted."""

    def __init__(self, wanted: Callable[[QWidget], bool]) -> None:
        super().__init__()
        self._wanted = wanted
        self.at = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint and not self.at and isinstance(watched, QWidget) and self._wanted(watched):
            QApplication.sendPostedEvents()
            self.at = perf_counter()
        return False


class _Desk:
    """The desk's look-up of a roll of any size, without a day around it."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.view = all_views()["desk"]

    def start(self, aside: object = None) -> views.View:
        return self.view

    def handle(self, intent: Intent) -> views.View:
        if isinstance(intent, Search):
            found = self._book.search(intent.text, 12).voters
            shown = tuple(views.Row(key=x.pin, name=x.name, year=x.birth_date[:4], line=x.line) for x in found)
            self.view = msgspec.structs.replace(self.view, screen=views.DeskView(query=intent.text, rows=shown, roll=1))
        return self.view

    def close(self) -> None:
        self._book.close()


def _keystrokes(folder: Path, count: int) -> Row:
    definition = example_source().definition
    people: list[object] = []
    for station in definition.stations:
        people += station_rows(definition, station.number)
        if len(people) >= count:
            break
    source, path = folder / f"roll-{count}.csv", folder / f"roll-{count}.sqlite"
    source.write_bytes(roll_csv(people[:count]))  # type: ignore[arg-type]
    filler = Filler(path, bytes(32))
    filler.fill(RollReader(source, lambda problem: None))
    filler.finish()
    root = composition.App(
        composition.application(), lambda told: _Desk(Book.open(path, bytes(32))), folder, True, with_scale=Scale(96.0)
    )
    shell, tasks, keys = root.shell, root.tasks, Keys(root.shell)
    shell._clock.stop()
    shell.resize(1280, 800)
    shell.show()
    shell.activateWindow()
    root.start()
    _until(lambda: shell.view.page == "desk" and tasks.idle)
    field = shell.stack.currentWidget().findChild(QLineEdit, "search")  # type: ignore[union-attr]
    times = []
    app = QApplication.instance()
    assert app is not None and field is not None
    for person in people[:: max(1, count // 60)][:60]:
        field.clear()
        field.setFocus()
        _until(lambda: tasks.idle)
        for letter in person[1][:5].lower():  # type: ignore[index]
            painted = _Painted(lambda w: isinstance(w, RowButton))
            app.installEventFilter(painted)
            started = perf_counter()
            keys.strike(letter, 200)  # through the scanner, which waits whether more follow
            _until(lambda p=painted: bool(p.at) and tasks.idle)  # type: ignore[misc]
            app.removeEventFilter(painted)
            times.append((painted.at - started) * 1000)
    root.stop()
    limit = 50 if count < 10_000 else 100
    return row(
        f"keystroke → rows painted, {count:,} voters", (sorted(times), []), "–", f"p95 ≤ {limit} ms",
        lambda r: r.p95 <= limit,
    )  # fmt: skip


def _until(done: Callable[[], bool]) -> None:
    end = perf_counter() + 10
    while not done() and perf_counter() < end:
        QApplication.processEvents()


def _touch() -> Row:
    painter = Painter("1920x1080")
    painter.show(all_views()["voter-ballot"], "ky")
    device = QTest.createTouchDevice()
    times = []
    app = QApplication.instance()
    assert app is not None
    tiles = [t for t in painter.shell.findChildren(Choice) if t.isVisible()]
    for n in range(200):
        tile = tiles[n % len(tiles)]
        place = tile.mapTo(painter.shell, QPoint(40, 20))
        QTest.touchEvent(painter.shell, device).press(0, place, painter.shell).commit()
        QApplication.processEvents()
        painted = _Painted(lambda w, t=tile: w is t)  # type: ignore[misc]
        app.installEventFilter(painted)
        started = perf_counter()
        QTest.touchEvent(painter.shell, device).release(0, place, painter.shell).commit()
        _until(lambda p=painted: bool(p.at))  # type: ignore[misc]
        app.removeEventFilter(painted)
        times.append((painted.at - started) * 1000)
    painter.close()
    return row(
        "touch on a candidate → painted mark", (sorted(times), [1000 / 60]), "one 60 Hz frame", "p95 ≤ 16 ms",
        lambda r: r.p95 <= 16,
    )  # fmt: skip


def _changes() -> Row:
    painter = Painter("1920x1080")
    use_language("ky")
    named = [(name, view) for name, view in all_views().items() if name not in ("starting",)]
    times: list[float] = []
    for _round in range(3):
        for _name, view in named:
            started = perf_counter()
            painter.shell.show_view(view)
            painter.shell.repaint()
            QApplication.processEvents()
            times.append((perf_counter() - started) * 1000)
    painter.close()
    return row(
        "change of screen, any to any, 1920 × 1080", (sorted(times), []), "–", "p95 ≤ 100 ms", lambda r: r.p95 <= 100
    )


def _memory(folder: Path, voters: int) -> Row:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.memory", str(folder / "memory"), str(voters)],
        capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith("memory"))
    early, late = (float(part) for part in line.split()[1:])
    made = row(
        f"memory after {voters} voters by screen, MB", ([late], [early]), "after 20 voters", "growth ≤ 5 MB, ≤ 180 MB",
        lambda r: late - early <= 5 and late <= 180, f"growth {late - early:.1f} MB",
    )  # fmt: skip
    assert percentile([late], 0.5) == late
    return made
