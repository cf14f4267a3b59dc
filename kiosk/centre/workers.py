"""Processes beside this one, for work on all cores."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from kiosk.errors import DeviceError


def cores() -> int:
    return len(os.sched_getaffinity(0))


def _begin(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that somebody talks to
    if begin:
        begin(*given)


@contextmanager
def workers(
    count: int | None = None, begin: Callable[..., None] | None = None, given: tuple[Any, ...] = ()
) -> Iterator[Executor]:
    """`begin(*given)` runs first in each. Started afresh rather than forked: this process may have threads, of a window
    or of Typst. DeviceError `worker_lost` where one dies, of too little memory for instance."""
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count or cores(), context, initializer=_begin, initargs=(begin, given))
    try:
        yield executor
    except BrokenProcessPool as error:
        raise DeviceError("worker_lost") from error
    finally:
        executor.shutdown(cancel_futures=True)
