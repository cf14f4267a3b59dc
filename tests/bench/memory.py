"""Megabytes after 20 voters and after all, in a window of its own: `python -m tests.bench.memory BASE VOTERS`."""

import gc
import os
import sys
from pathlib import Path

from kiosk.demo import training as tr
from kiosk.progress import silent
from ui import app as composition
from ui.play import behind
from ui.play.rehearsal import Rehearsal


def resident() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


def main(base: Path, voters: int) -> None:
    tr._VOTERS = 700
    if os.fork() == 0:  # the station was made by another process
        tr.prepare(base, behind.example, 1021, silent)
        os._exit(0)
    os.wait()
    training = tr.prepare(base, behind.example, 1021, silent)
    app = composition.application()
    root = composition.App(
        app, lambda told: behind.training(base, 1021, False, told), base, True, with_scale=composition.scale(app)
    )
    root.shell.resize(1280, 800)
    root.shell.show()
    root.start()
    day = Rehearsal(root, training)
    day.hand.wait(lambda: root.shell.view.page == "locked", "locked")
    day.open()
    marks: dict[int, float] = {}

    def tell(served: int) -> None:
        if served in (20, voters):
            marks[served] = resident()

    day.tell = tell
    day.serve(voters)
    print("memory", marks[20], marks[voters], flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
