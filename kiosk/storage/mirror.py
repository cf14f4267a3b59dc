"""The folder on the second medium, and the one thread that touches it: a medium that hangs is left behind."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal, TypeVar

import sqlcipher3

from kiosk.errors import DeviceError, KioskError
from kiosk.storage.files import write_file

T = TypeVar("T")

DEADLINE_S = 3.0  # a voter stands there; a healthy stick answers in a tenth of it


MEDIUM_ERRORS = (OSError, DeviceError, sqlcipher3.dbapi2.Error)


class _Lane:
    """A thread and what it has to do, one job after the other."""

    def __init__(self, failed: Callable[["_Lane"], None]) -> None:
        self.open = True  # while false, what is queued is not done any more
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        self._failed = failed
        threading.Thread(target=self._work, name="mirror", daemon=True).start()

    def put(self, job: Callable[[], Any], future: "Future[Any]") -> None:
        self._jobs.put((job, future))

    def end(self) -> None:
        """The thread goes when its queue is empty."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (next_ := self._jobs.get()) is not None:
            job, future = next_
            if not self.open:
                _cancel(future)
                continue
            future.set_running_or_notify_cancel()
            try:
                answer = job()
            except (KioskError, *MEDIUM_ERRORS) as error:
                if isinstance(error, MEDIUM_ERRORS):
                    self._failed(self)
                future.set_exception(error)
            else:
                future.set_result(answer)


def _cancel(future: "Future[Any]") -> None:
    """And wake whoever waits for it."""
    future.cancel()
    future.set_running_or_notify_cancel()


class Mirror:
    """`kept`: everything that was acknowledged is here too. `behind`: it is being brought up to date while the day goes
    on. `lost`: it failed or did not answer in time; the day goes on with one copy.

    Jobs run one after the other in a thread of their own, so that file and twin are written at once and nobody waits
    longer than the deadline. A job that fails, or is not over in time, loses the mirror.
    """

    def __init__(self, folder: Path, deadline_s: float = DEADLINE_S) -> None:
        self.folder = folder
        self.deadline_s = deadline_s
        self.state: Literal["kept", "behind", "lost"] = "behind"
        self._lane: _Lane | None = None

    @property
    def lost(self) -> bool:
        """There is one copy only, for now."""
        return self.state != "kept"

    def begin(self, job: Callable[[], T]) -> "Future[T]":
        """Queue `job`; the answer says when it is over. Cancelled where the mirror is lost."""
        future: Future[T] = Future()
        if self.state == "lost":
            _cancel(future)
            return future
        if self._lane is None:
            self._lane = _Lane(self._failed)
        self._lane.put(job, future)
        return future

    def wait(self, future: "Future[T]", seconds: float | None = None) -> T | None:
        """The job's answer; None where the mirror is lost, now or before. What is no fault of the medium is raised."""
        try:
            return future.result(self.deadline_s if seconds is None else seconds)
        except TimeoutError:
            self.give_up()
        except (CancelledError, *MEDIUM_ERRORS):
            pass
        return None

    def do(self, job: Callable[[], T], seconds: float | None = None) -> T | None:
        return self.wait(self.begin(job), seconds)

    def give_up(self) -> None:
        """What is queued is not done any more; a thread that hangs on the medium ends when the medium lets it."""
        self.state = "lost"
        if self._lane:
            self._lane.open = False
        self.end()

    def end(self) -> None:
        if self._lane:
            self._lane.end()
            self._lane = None

    def try_again(self) -> None:
        """From lost to behind: whoever calls this brings everything over anew."""
        if self.state == "lost":
            self.state = "behind"

    def write_file(self, name: str, content: bytes) -> None:
        """The twin of a small file."""
        self.do(lambda: write_file(self.folder / name, content))

    def _failed(self, lane: _Lane) -> None:
        lane.open = False
        if lane is self._lane:
            self.state = "lost"
            self.end()
