"""A training window up to one of its first pages, as a process: `python -m tests.bench.first_screen BASE PAGE`."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from kiosk.progress import Progress
from ui import app as composition
from ui.threads.tasks import Behind
from ui.views import View


def main(base: Path, page: str) -> None:
    app = composition.application()

    def build(told: Progress) -> Behind:
        from ui.play.behind import training

        return training(base, 1021, False, told)

    root = composition.App(app, build, base, True, with_scale=composition.scale(app))
    root.shell.resize(1280, 800)
    root.shell.show()

    def painted() -> None:
        root.shell.repaint()
        print("painted", flush=True)
        app.quit()

    def viewed(view: View) -> None:
        if view.page == page:
            QTimer.singleShot(0, painted)

    root.tasks.viewed.connect(viewed)
    if page == "starting":
        root.shell.repaint()
        print("painted", flush=True)
        sys.exit()
    root.start()
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
