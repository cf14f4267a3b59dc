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

    def __init__(self, ended: Callable[["_Lane", bool], None]) -> None:
        """`ended`: a job failed by its medium (False), or one that brings the mirror up to date is over (True)."""
        self.open = True  # once false, what is queued is not done any more
        self._jobs: SimpleQueue[tuple[Callable[[], Any], Future[Any], bool] | None] = SimpleQueue()
        self._ended = ended
        self.thread = threading.Thread(target=self._work, name="mirror", daemon=True)
        self.thread.start()

    def put(self, job: Callable[[], Any], future: "Future[Any]", *, brings: bool) -> None:
        self._jobs.put((job, future, brings))

    def end(self) -> None:
        """The thread goes when its queue is empty."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (next_ := self._jobs.get()) is not None:
            job, future, brings = next_
            if not self.open:
                _cancel(future)
                continue
            future.set_running_or_notify_cancel()
            try:
                answer = job()
            except (KioskError, *MEDIUM_ERRORS) as error:
                if isinstance(error, MEDIUM_ERRORS):
                    self._ended(self, False)
                future.set_exception(error)
            except BaseException as error:
                self._ended(self, False)  # a fault of ours: whoever waits goes on with one copy, and it shows
                future.set_exception(DeviceError("disk_error", file="mirror", reason=type(error).__name__))
                raise
            else:
                if brings:
                    self._ended(self, True)
                future.set_result(answer)


def _cancel(future: "Future[Any]") -> None:
    """And wake whoever waits for it."""
    future.cancel()
    future.set_running_or_notify_cancel()


# Threads that were given up and still hang on their medium, by its folder: until the last is gone nothing else touches
# what they hold. Beside the mirrors, which are made anew whenever the terminal is locked.
_HANGING: dict[Path, list[threading.Thread]] = {}


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
        self._turn = threading.Lock()  # of state and lane, which two threads change

    @property
    def lost(self) -> bool:
        """There is one copy only, for now."""
        return self.state != "kept"

    def begin(self, job: Callable[[], T], *, brings: bool = False) -> "Future[T]":
        """Queue `job`; the answer says when it is over. Cancelled where the mirror is lost. `brings`: with its end the
        mirror is kept, unless it was given up meanwhile."""
        future: Future[T] = Future()
        with self._turn:
            if self.state == "lost":
                _cancel(future)
                return future
            if self._lane is None:
                self._lane = _Lane(self._ended)
            self._lane.put(job, future, brings=brings)
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
        if self._lane:
            self._ended(self._lane, False)
        self.state = "lost"

    def end(self) -> None:
        with self._turn:
            lane, self._lane = self._lane, None
        if lane:
            lane.end()

    @property
    def hangs(self) -> bool:
        """A thread that was given up has not come back from the medium."""
        alive = [thread for thread in _HANGING.get(self.folder, ()) if thread.is_alive()]
        _HANGING[self.folder] = alive
        return bool(alive)

    def try_again(self) -> bool:
        """From lost to behind, unless the medium still hangs: whoever calls this brings everything over anew."""
        if self.hangs:
            self.state = "lost"
        elif self.state == "lost":
            self.state = "behind"
        return self.state != "lost"

    def write_file(self, name: str, content: bytes) -> None:
        """The twin of a small file."""
        self.also(lambda: write_file(self.folder / name, content))

    def also(self, job: Callable[[], T]) -> T | None:
        """`do`; where the mirror is being brought up to date the job comes after that, and nobody waits for it."""
        future = self.begin(job)
        return self.wait(future) if self.state == "kept" else None

    def _ended(self, lane: _Lane, good: bool) -> None:
        with self._turn:
            if lane is not self._lane:  # given up while it hung: what it says now is of no use
                return
            if good:
                self.state = "kept"
                return
            self.state = "lost"
            self._lane = None
            if lane.thread is not threading.current_thread():
                _HANGING.setdefault(self.folder, []).append(lane.thread)
        lane.open = False
        lane.end()
