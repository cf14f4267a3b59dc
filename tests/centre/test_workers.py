"""Processes beside this one: one that dies is told, and nobody waits for it."""

import os

import pytest

from kiosk.centre.workers import cores, workers
from kiosk.errors import DeviceError


def test_a_worker_that_dies_is_told_and_not_waited_for() -> None:
    with pytest.raises(DeviceError, match="worker_lost"), workers(2) as executor:
        running = [executor.submit(os._exit, 9), *(executor.submit(os.getpid) for _n in range(6))]
        for future in running:
            future.result()


def test_workers_begin_with_what_they_are_given() -> None:
    with workers(cores(), os.chdir, ("/",)) as executor:
        assert executor.submit(os.getcwd).result() == "/"
