"""Processes beside this one: one that dies is told, and nobody waits for it."""

import os
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from kiosk.centre.intake import run as intake
from kiosk.centre.intake.check import Against
from kiosk.centre.provision.run import ELECTION_FILE
from kiosk.centre.workers import cores, workers
from kiosk.errors import DeviceError
from tests.stage.world import World


def test_a_worker_that_dies_is_told_and_not_waited_for() -> None:
    with pytest.raises(DeviceError, match="worker_lost"), workers(2) as executor:
        running: list[Future[Any]] = [executor.submit(os._exit, 9), *(executor.submit(os.getpid) for _n in range(6))]
        for future in running:
            future.result()


def test_workers_begin_with_what_they_are_given() -> None:
    with workers(cores(), os.chdir, ("/",)) as executor:
        assert executor.submit(os.getcwd).result() == "/"


class Deadly(type(Path())):  # type: ignore[misc]
    """A file that kills the process that is handed it, as one that needs all the memory would."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (9,)


def signed(world: World) -> bytes:
    return (world.out / ELECTION_FILE).read_bytes()


def test_a_file_that_kills_a_process_is_refused_and_the_night_goes_on(world: World, tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.zip" for n in range(20)]
    for file in files:
        file.write_bytes(b"x")
    paths = [Deadly(file) if file.name == "7.zip" else file for file in files]
    found = {c.file: c.code for c in intake.check_all(paths, Against(signed(world), root=tmp_path), workers=2)}
    assert found.pop("7.zip") == "packet_unchecked"
    assert set(found) == {f.name for f in files} - {"7.zip"} and set(found.values()) == {"archive_malformed"}


def test_where_every_process_dies_the_files_are_not_blamed(world: World, tmp_path: Path) -> None:
    paths = [Deadly(tmp_path / f"{n}.zip") for n in range(12)]
    with pytest.raises(DeviceError, match="worker_lost"):
        list(intake.check_all(paths, Against(signed(world), root=tmp_path), workers=2))
