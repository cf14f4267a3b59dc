"""A real X server, and the station's real window on it, watched from outside."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ui.screens.voter.booth import QUIET_SECONDS


def x_server(size: tuple[int, int], folder: Path) -> Iterator[str]:
    """The name of a display of its own."""
    server, tool = shutil.which("Xvfb"), shutil.which("xdotool")
    if not server or not tool:
        pytest.skip("Xvfb and xdotool are not installed")
    number = f":{100 + os.getpid() % 900}"
    glass = f"{size[0]}x{size[1]}x24"
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [server, number, "-screen", "0", glass, "-nolisten", "tcp", "-noreset"], stdout=log, stderr=log
        )
    answers = {**os.environ, "DISPLAY": number}
    for _try in range(100):
        if subprocess.run([tool, "getdisplaygeometry"], env=answers, capture_output=True).returncode == 0:
            break
        assert process.poll() is None, (folder / "server.log").read_text()
        time.sleep(0.1)
    yield number
    process.terminate()
    process.wait(10)


class WatchedWindow:
    """tests.stage.watched_window as a process. With `with`."""

    def __init__(self, display: str, station: Path, folder: Path, *options: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self._said, self._log = folder / "said.json", folder / "window.log"
        command = [sys.executable, "-m", "tests.stage.watched_window", str(station), str(self._said), *options]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def __enter__(self) -> "WatchedWindow":
        return self

    def __exit__(self, *_how: object) -> None:
        self.process.terminate()
        self.process.wait(10)

    def tool(self, *words: str) -> None:
        subprocess.run(words, env=self.environment, check=True, capture_output=True)

    def tap(self, name: str) -> None:
        """The mouse is the finger. Waits until it can be touched, and as long as it takes to read."""
        self._wait(lambda found: name in found.get("touch", {}), f"{name} to be touched")
        time.sleep(QUIET_SECONDS + 0.1)
        x, y = json.loads(self._said.read_text())["touch"][name]
        self.tool("xdotool", "mousemove", str(x), str(y), "click", "1")

    def until(self, **wanted: object) -> None:
        """Until the window shows this; AssertionError after half a minute."""
        self._wait(lambda found: all(found.get(key) == value for key, value in wanted.items()), str(wanted))

    def _wait(self, so: Callable[[dict[str, Any]], bool], wanted: str) -> None:
        end = time.monotonic() + 30
        found: dict[str, Any] = {}
        while time.monotonic() < end:
            if self._said.exists():
                found = json.loads(self._said.read_text())
                if so(found):
                    return
            time.sleep(0.05)
        raise AssertionError(f"wanted {wanted}, the window says {found}; {self._log.read_text()[-2000:]}")
