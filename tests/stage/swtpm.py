"""A TPM 2.0 without hardware: swtpm, reached as the TSS library reaches a real one."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("TSS2_LOG", "all+none")  # the library speaks to standard error of what it also raises


def _free_ports() -> tuple[int, int]:
    """Two in a row: the library looks for the control channel right after the commands'."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            try:
                two.bind(("127.0.0.1", one.getsockname()[1] + 1))
            except OSError:
                continue
            return one.getsockname()[1], two.getsockname()[1]


class Chip:
    """What is soldered in: it keeps its state in a folder; `on` is the time between two power cuts."""

    def __init__(self, folder: Path) -> None:
        assert shutil.which("swtpm"), "swtpm is missing: `packaging/bootstrap.sh .venv tests` installs it"
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self.commands, self._control = _free_ports()

    @property
    def tcti(self) -> str:
        return f"swtpm:host=127.0.0.1,port={self.commands}"

    @contextmanager
    def on(self) -> Iterator[None]:
        command = [
            "swtpm", "socket", "--tpm2", "--tpmstate", f"dir={self._folder}", "--flags", "not-need-init,startup-clear",
            "--server", f"type=tcp,port={self.commands}", "--ctrl", f"type=tcp,port={self._control}",
        ]  # fmt: skip
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self._wait()
            yield
        finally:
            running.kill()
            running.wait()

    def _wait(self) -> None:
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._control)) == 0:
                    return
            time.sleep(0.01)
        raise TimeoutError("swtpm")
