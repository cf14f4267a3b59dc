"""The training station's real window as a process of its own; what it shows goes into a file, for tests from outside.

`python -m tests.stage.watched_window FOLDER SAID [--full-screen]`
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui import app as composition
from ui.command import second_screen
from ui.play.behind import training
from ui.views import DeskView, LockedView


def place(window: QWidget | None) -> list[int]:
    """x, y, width, height on the glass; empty if it can't be seen."""
    if window is None or not window.isVisible():
        return []
    there = window.geometry()
    return [there.x(), there.y(), there.width(), there.height()]


def touchable(window: QWidget) -> dict[str, list[int]]:
    """Name → where on the glass the middle of a control is that a finger would hit."""
    found = {}
    for control in window.findChildren(QAbstractButton):
        middle = control.mapTo(window, control.rect().center())
        hit = window.childAt(middle)
        usable = control.objectName() and control.isVisible() and control.isEnabled()
        if usable and hit is not None and (hit is control or control.isAncestorOf(hit)):
            glass = control.mapToGlobal(control.rect().center())
            found[control.objectName()] = [glass.x(), glass.y()]
    return found


def main(base: Path, said: Path, windowed: bool) -> None:
    app = composition.application()
    second = second_screen()
    root = composition.App(
        app,
        lambda told: training(base, 1021, False, told, second=second),
        base,
        True,
        with_scale=composition.scale(app),
        booth_scale=composition.booth_scale(app),
    )

    def tell() -> None:
        view = root.shell.view
        holder = view.screen.holder if isinstance(view.screen, LockedView) else None
        verdict = view.screen.verdict if isinstance(view.screen, DeskView) else None
        found = {
            "page": view.page,
            "holder": holder.id if holder else "",
            "verdict": verdict.code if verdict else "",
            "notice": view.notice.code if view.notice else "",
            "voter": view.booth.page,
            "recorded": view.counters.recorded,
            "touch": touchable(root.shell),
            "desk": place(root.shell),
            "booth": place(root.booth),
        }
        said.with_suffix(".part").write_text(json.dumps(found))
        said.with_suffix(".part").replace(said)

    timer = QTimer(app, interval=50)
    timer.timeout.connect(tell)
    timer.start()
    root.show(windowed)
    root.shell.move(0, 0)
    root.start()
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "--full-screen" not in sys.argv)
