"""One worker thread in front of the station. The window posts intents and is handed views; it never waits.

A keystroke's search is dropped when a newer one is already waiting: an answer on every keystroke, never a queue of
stale ones.
"""

import queue
from collections.abc import Callable
from threading import Thread
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from kiosk.errors import KioskError
from kiosk.progress import Progress
from ui.intents import Dismiss, Intent, Search, SignOut, Tick
from ui.views import Said, View

Aside = Callable[[Callable[[], Intent]], None]  # run this beside the worker; the intent it returns is handled next


class Behind(Protocol):
    """What the tasks drive: `ui.model.terminal.Terminal`, or a stand-in of a test."""

    def start(self, aside: Aside | None = None) -> View: ...

    def handle(self, intent: Intent) -> View: ...

    def close(self) -> None: ...


class Tasks(QObject):
    viewed = Signal(object)  # View
    progressed = Signal(str, int, int)  # code of the work, done, in all (0: not known)
    crashed = Signal(object)  # the exception: a bug
    _answered = Signal()
    _came_back = Signal(object)  # the intent of what ran aside; None: it broke

    def __init__(self, build: Callable[[Progress], Behind]) -> None:
        """`build` makes what is behind the screens, on the worker thread: everything slow is imported there."""
        super().__init__()
        self._queue: queue.SimpleQueue[Intent | None] = queue.SimpleQueue()
        self._build = build
        self._waiting = 0  # searches in the queue
        self._ticking = False
        self._open = 1  # asked and not yet answered; the start is the first
        self._answered.connect(self._one_answered)
        self._beside: list[Thread] = []
        self._came_back.connect(self._back)
        self._thread = Thread(target=self._run, name="station", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether everything that was asked has been answered and shown."""
        return self._open == 0 and not self._beside

    def _one_answered(self) -> None:
        self._open -= 1

    def post(self, intent: Intent) -> None:
        if isinstance(intent, Tick):
            if self._ticking:
                return  # the worker is busy; one tick waiting is enough
            self._ticking = True
        if isinstance(intent, Search):
            self._waiting += 1
        self._open += 1
        self._queue.put(intent)

    def stop(self, seconds: float = 10) -> None:
        """Let the worker finish what it is doing."""
        self._queue.put(None)
        self._thread.join(seconds)

    def _aside(self, work: Callable[[], Intent]) -> None:
        """Something that waits for a device: nobody else waits with it."""

        def run() -> None:
            try:
                self._came_back.emit(work())
            except Exception as error:  # noqa: BLE001
                self.crashed.emit(error)
                self._came_back.emit(None)

        thread = Thread(target=run, name="aside", daemon=True)
        self._beside.append(thread)
        thread.start()

    def _back(self, intent: Intent | None) -> None:
        if intent is not None:
            self.post(intent)
        self._beside.pop()

    def _begin(self) -> Behind | None:
        try:
            behind = self._build(self.progressed.emit)
            self.viewed.emit(behind.start(self._aside))
        except KioskError as error:  # no station can be shown here at all: told, with the way out
            self.viewed.emit(View(notice=Said(error.code, dict(error.facts))))
            return None
        except Exception as error:  # noqa: BLE001 (whatever it is, the window says so)
            self.crashed.emit(error)
            return None
        finally:
            self._answered.emit()
        return behind

    def _run(self) -> None:
        behind = self._begin()
        while behind is None:  # the one button there is tries again
            intent = self._queue.get()
            if intent is None:
                return
            self._ticking = False
            if isinstance(intent, SignOut | Dismiss):
                behind = self._begin()
            else:
                self._answered.emit()
        while (intent := self._queue.get()) is not None:
            if isinstance(intent, Tick):
                self._ticking = False
            if isinstance(intent, Search):
                self._waiting -= 1
                if self._waiting:
                    self._answered.emit()
                    continue
            try:
                self.viewed.emit(behind.handle(intent))
            except Exception as error:  # noqa: BLE001
                self.crashed.emit(error)
            self._answered.emit()
        behind.close()
