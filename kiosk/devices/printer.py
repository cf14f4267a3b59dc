"""The printer: CUPS through `lp` and `lpstat`; in training, a folder that keeps the sheets."""

import os
import re
import subprocess
from pathlib import Path
from time import monotonic, sleep
from typing import Literal, Protocol

import msgspec

from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError

PrinterState = Literal["ready", "printing", "no_paper", "stopped", "missing"]

_REFUSED = {"missing": "printer_missing", "no_paper": "printer_no_paper", "stopped": "printer_stopped"}
_SECONDS = 10  # a queue that does not answer in this time is taken for missing


class PrinterStatus(msgspec.Struct, frozen=True):
    state: PrinterState
    waiting: int = 0  # sheets sent and not yet printed


class Printer(Protocol):
    def status(self) -> PrinterStatus: ...

    def print(self, name: str, pdf: bytes, copies: int = 1, wait: float = 0) -> None:
        """Hand over a document; with `wait`, it is on paper when this returns, or it will never be: what is not done
        in so many seconds is cancelled. DeviceError `printer_missing`, `printer_no_paper`, `printer_stopped`,
        `printer_failed`."""
        ...


class CupsPrinter:
    """A CUPS queue; without a name, the system's default."""

    def __init__(self, queue: str = "") -> None:
        self._queue = queue

    def status(self) -> PrinterStatus:
        queue = self._queue or self._default()
        if not queue:
            return PrinterStatus("missing")
        code, text = _run("lpstat", "-l", "-p", queue)
        if code:
            return PrinterStatus("missing")
        waiting = len(_run("lpstat", "-o", queue)[1].splitlines())
        if "media-empty" in text or "media-needed" in text:
            return PrinterStatus("no_paper", waiting)
        if " disabled since " in text or "media-jam" in text or "door-open" in text or "offline" in text:
            return PrinterStatus("stopped", waiting)
        return PrinterStatus("printing" if waiting else "ready", waiting)

    def _default(self) -> str:
        """`system default destination: NAME`"""
        _code, text = _run("lpstat", "-d")
        return text.partition(":")[2].strip() if ":" in text else ""

    def print(self, name: str, pdf: bytes, copies: int = 1, wait: float = 0) -> None:
        """`name` becomes the job's title: never a voter or a choice."""
        status = self.status()
        if status.state in _REFUSED:
            raise DeviceError(_REFUSED[status.state])
        target = ["-d", self._queue] if self._queue else []
        before = self._jobs()
        words = ["lp", *target, "-n", str(copies), "-t", name, "-"]
        code, text = _run(*words, given=pdf)
        job = re.search(r"request id is (\S+)", text)
        if code or (wait and not job):
            for left in self._jobs() - before:  # it may have been queued and the answer lost
                _run("cancel", "-x", left)
            raise DeviceError("printer_failed", reason=text.strip()[:200])
        if wait and job:
            self._finish(job[1], wait)

    def _jobs(self) -> set[str]:
        """Of our queue. What the spooler does not tell is none: a job that is nobody's is never cancelled."""
        code, text = _run("lpstat", "-o", self._queue or self._default())
        return set() if code else {line.split(" ")[0] for line in text.splitlines() if line.strip()}

    def _finish(self, job: str, wait: float) -> None:
        """Until the spooler itself says that the job has left the queue; a spooler that does not answer says nothing.
        A sheet that comes out later would come out before somebody else."""
        queue = job.rpartition("-")[0]
        end = monotonic() + wait
        while True:
            code, text = _run("lpstat", "-o", queue)
            if not code and all(line.split(" ")[0] != job for line in text.splitlines()):
                return
            state = self.status().state
            if (state in _REFUSED and not code) or monotonic() > end:
                _run("cancel", "-x", job)
                raise DeviceError(_REFUSED.get(state, "printer_failed"), reason="cancelled")
            sleep(0.2)


class FolderPrinter:
    """Keeps each sheet as a file, for training and tests. Refuses to serve a real election."""

    def __init__(self, folder: Path, purpose: Purpose) -> None:
        if purpose == "official":
            raise DeviceError("fake_refused", device="printer")
        self._folder = folder
        self.out_of_paper = False
        self.printed = 0

    def status(self) -> PrinterStatus:
        return PrinterStatus("no_paper" if self.out_of_paper else "ready")

    def print(self, name: str, pdf: bytes, copies: int = 1, wait: float = 0) -> None:
        if self.out_of_paper:
            raise DeviceError("printer_no_paper")
        self._folder.mkdir(parents=True, exist_ok=True)
        self.printed += copies
        # the newest of a kind only: a pile of ballots would show their order
        (self._folder / f"{name}.pdf").write_bytes(pdf)


def _run(*command: str, given: bytes | None = None) -> tuple[int, str]:
    """Exit code and what was said, in English whatever the system speaks."""
    try:
        done = subprocess.run(  # noqa: S603 (our own words, no shell)
            command,
            input=given if given is not None else b"",
            capture_output=True,
            timeout=_SECONDS,
            env={**os.environ, "LC_ALL": "C", "LANG": "C"},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")
