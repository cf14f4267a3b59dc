"""The printer: CUPS through `lp` and `lpstat`; in training, a folder that keeps the sheets."""

import os
import re
import shlex
import subprocess
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Literal, NamedTuple, Protocol

import msgspec

from kiosk.election.definition import Purpose
from kiosk.errors import DeviceError

PrinterState = Literal["ready", "printing", "no_paper", "stopped", "missing"]

# of a sheet: finished jobs are listed, a log grows, or the queue is on another machine and nobody knows
Kept = Literal["history", "log", "elsewhere"]

_LOGS = {"AccessLog": "access_log", "ErrorLog": "error_log", "PageLog": "page_log"}
_TEST_SECONDS, _LOG_SECONDS = 30.0, 0.5
_TEST_PAGE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 35>>stream
BT /F 24 Tf 60 760 Td (TEST) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""

_REFUSED = {"missing": "printer_missing", "no_paper": "printer_no_paper", "stopped": "printer_stopped"}
_SECONDS = 10  # a queue that does not answer in this time is taken for missing


class PrinterStatus(msgspec.Struct, frozen=True):
    state: PrinterState
    waiting: int = 0  # sheets sent and not yet printed
    reason: str = ""  # of a printer that does not print: the word of the printer itself, "cover-open"


class _Attributes(NamedTuple):
    """Of a queue, as IPP has them (RFC 8011, 5.4.11, 5.4.12 and 5.4.23)."""

    stopped: bool  # by state, or because no job is taken
    reasons: tuple[str, ...]


_STATE_STOPPED = "5"
_NO_PAPER = frozenset({"media-empty", "media-needed", "media-tray-empty", "input-tray-missing"})
# Those without a word on how bad they are that keep a sheet from coming out; all others are news of no weight.
_STOPS = _NO_PAPER | {
    "media-jam", "cover-open", "door-open", "interlock-open", "offline", "paused", "shutdown", "stopped", "timed-out",
    "toner-empty", "marker-supply-empty", "output-area-full", "output-tray-missing", "spool-area-full",
    "fuser-over-temp",
}  # fmt: skip


def _severity(reason: str) -> tuple[str, Literal["error", "none"]]:
    """`cover-open-error` → what, and whether it keeps a sheet from coming out: a warning or a report never does."""
    base, _dash, last = reason.rpartition("-")
    if last in ("error", "warning", "report"):
        return base, "error" if last == "error" else "none"
    return reason, "error" if reason in _STOPS else "none"


def _attributes(queue: str) -> _Attributes | None:
    """What the spooler has of this queue; None where there is no such queue. `lpoptions` prints the attributes as they
    are; `lpstat` has the reasons in a line of their own and says the state in words."""
    code, text = _run("lpstat", "-l", "-p", queue)
    if code:
        return None
    with suppress(ValueError):
        found = dict(
            word.partition("=")[::2] for word in shlex.split(_run("lpoptions", "-p", queue)[1].replace("\\'", ""))
        )
        if state := found.get("printer-state"):
            stopped = state == _STATE_STOPPED or found.get("printer-is-accepting-jobs") == "false"
            return _Attributes(stopped, tuple(found.get("printer-state-reasons", "").split(",")))
    alerts = re.search(r"^\s*Alerts: (.*)$", text, re.M)
    return _Attributes(" disabled since " in text, tuple(alerts[1].split()) if alerts else ())


class Printer(Protocol):
    def status(self) -> PrinterStatus: ...

    def print(self, name: str, pdf: bytes, copies: int = 1, wait: float = 0) -> None:
        """Hand over a document; with `wait`, it is on paper when this returns, or it will never be: what is not done
        in so many seconds is cancelled. DeviceError `printer_missing`, `printer_no_paper`, `printer_stopped`,
        `printer_failed`."""
        ...

    def keeps(self) -> "tuple[Kept, ...]":
        """What of a sheet stays behind after it was printed; nothing, if all is well."""
        ...


class CupsPrinter:
    """A CUPS queue; without a name, the system's default."""

    def __init__(self, queue: str = "", config: Path = Path("/etc/cups")) -> None:
        self._queue = queue
        self._config = config

    def status(self) -> PrinterStatus:
        queue = self._queue or self._default()
        if not queue:
            return PrinterStatus("missing")
        found = _attributes(queue)
        if found is None:
            return PrinterStatus("missing")
        waiting = len(_run("lpstat", "-o", queue)[1].splitlines())
        errors = [base for base, severity in map(_severity, found.reasons) if severity == "error"]
        if _NO_PAPER.intersection(errors):
            return PrinterStatus("no_paper", waiting, errors[0])
        if errors or found.stopped:
            return PrinterStatus("stopped", waiting, errors[0] if errors else "")
        return PrinterStatus("printing" if waiting else "ready", waiting)

    def _default(self) -> str:
        """`system default destination: NAME`"""
        _code, text = _run("lpstat", "-d")
        return text.partition(":")[2].strip() if ":" in text else ""

    def print(self, name: str, pdf: bytes, copies: int = 1, wait: float = 0) -> None:
        """`name` becomes the job's title: never a voter or a choice."""
        status = self.status()
        if status.state in _REFUSED:
            raise DeviceError(_REFUSED[status.state], reason=status.reason)
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

    def keeps(self) -> tuple[Kept, ...]:
        """Send a sheet, and see what the queue kept of it. DeviceError as `print`."""
        if not _is_here(os.environ.get("CUPS_SERVER", ""), self._config):
            return ("elsewhere",)
        logs = _logs(self._config)
        before = {log: _size(log) for log in logs}
        self.print("test", _TEST_PAGE, wait=_TEST_SECONDS)
        found: list[Kept] = []
        if _run("lpstat", "-W", "completed", "-o", self._queue or self._default())[1].strip():
            found.append("history")
        sleep(_LOG_SECONDS)  # it writes a little later
        if any(_size(log) != before[log] for log in logs):
            found.append("log")
        return tuple(found)


def _is_here(server: str, config: Path) -> bool:
    """A queue on another machine keeps what it likes."""
    if not server:
        with suppress(OSError):
            found = re.search(r"^\s*ServerName\s+(\S+)", (config / "client.conf").read_text("utf-8", "replace"), re.M)
            server = found[1] if found else ""
    return server.startswith("/") or server.partition(":")[0] in ("", "localhost", "127.0.0.1")


def _logs(config: Path) -> list[Path]:
    """Where this CUPS writes what it does."""
    found = {name: Path("/var/log/cups") / file for name, file in _LOGS.items()}
    with suppress(OSError):
        for line in (config / "cups-files.conf").read_text("utf-8", "replace").splitlines():
            words = line.split()
            if words and words[0] in found:
                found[words[0]] = Path(words[1]) if len(words) > 1 else Path(os.devnull)
    return [path for path in found.values() if path != Path(os.devnull)]


def _size(log: Path) -> int:
    """Without being allowed to read it."""
    try:
        return log.stat().st_size
    except OSError:
        return 0


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

    def keeps(self) -> tuple[Kept, ...]:
        return ()

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
