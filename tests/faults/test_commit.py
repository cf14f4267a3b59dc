"""An error out of COMMIT: the file is looked at, and what is there counts. Every file of the day, every outcome.

`done`: the disk complains after the commit was final (SQLite's last sync). `not done`: it complains before. `unknown`:
nothing of the file can be read any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
import sqlcipher3

from kiosk.day.desk import Eligible
from kiosk.day.station import Station
from kiosk.errors import DeviceError, Refusal, must
from kiosk.storage import database as db
from kiosk.storage import mirror as m
from tests.stage.desktop import Desktop
from tests.stage.desktop import code as shown
from tests.stage.world import HOME, World, code, give, marked, serve, vote

Outcome = Literal["done", "not done", "unknown"]
DAY = ("register.sqlite", "envelopes.sqlite", "box.sqlite", "journal.sqlite")


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, file: str, outcome: Outcome) -> Iterator[list[str]]:
    """The next COMMIT of `file` fails, once; what failed is noted in the list."""
    failed: list[str] = []
    real_execute, real_connect = db._Cursor.execute, db.connect

    def execute(self: Any, sql: str, *values: Any) -> Any:
        if failed or sql != "COMMIT" or self.connection.file != file:
            return real_execute(self, sql, *values)
        failed.append(file)
        if outcome == "done":
            real_execute(self, sql)
        raise DeviceError("disk_error", file=file, reason="disk I/O error")

    def connect(path: Any, key: bytes, mode: db.Mode) -> Any:
        if failed and outcome == "unknown" and path.name == file:
            raise sqlcipher3.dbapi2.OperationalError("disk I/O error")
        return real_connect(path, key, mode)

    with monkeypatch.context() as patched:
        patched.setattr(db._Cursor, "execute", execute)
        patched.setattr("kiosk.storage.mirror.connect", connect)
        yield failed


def restarted(world: World, station: Station) -> Station:
    station.close()
    return world.unlock("clerk-1")


def finish(world: World, station: Station, paper: int) -> None:
    """No dead end: whatever happened before, the polls can be closed, and the equation holds."""
    if station.pending:
        vote(station, station.pending, 1)
    assert station._session.in_progress("home") == station._session.in_progress("remote") == 0
    assert len(station._session.files.box or ()) == paper
    world.closed(station)
    assert station._session.journal.count("ballot_cast", "home") == paper  # what was late came along
    world.attend(station)
    must(station.count())


@pytest.mark.parametrize("outcome", ["done", "not done", "unknown"])
@pytest.mark.parametrize("file", ["register.sqlite", "journal.sqlite"])
def test_giving(world: World, monkeypatch: pytest.MonkeyPatch, file: str, outcome: Outcome) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    pin = world.pins(HOME)[3]
    eligible = must(station.desk.identify(pin))
    assert isinstance(eligible, Eligible)
    with failing(monkeypatch, file, outcome) as failed:
        try:
            given = station.desk.give(eligible)
        except DeviceError as error:
            assert error.code == ("disk_error" if outcome == "not done" else "disk_doubtful")
            given = None
    assert failed
    if file == "register.sqlite" and outcome == "not done":
        given = station.desk.give(eligible)  # a second touch gives it
    assert station.doubtful == (file == "journal.sqlite" and outcome == "unknown")
    if outcome == "unknown":
        station = restarted(world, station)
        given = give(station, pin) if file == "register.sqlite" else station.pending
    assert given and not isinstance(given, Refusal)
    vote(station, given, 1)
    assert code(station.desk.identify(pin)) == "already_given"
    serve(world, station, [1], first=4)
    finish(world, station, 4)


@pytest.mark.parametrize("outcome", ["done", "not done", "unknown"])
@pytest.mark.parametrize("file", ["box.sqlite", "journal.sqlite"])
def test_recording(world: World, monkeypatch: pytest.MonkeyPatch, file: str, outcome: Outcome) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    marked(station, give(station, world.pins(HOME)[3]), 1)
    with failing(monkeypatch, file, outcome) as failed:
        try:
            assert station.booth.record() is None
            recorded = True
        except DeviceError as error:
            assert error.code == ("disk_error" if outcome == "not done" else "disk_doubtful")
            recorded = False
    assert failed
    assert recorded == (file == "journal.sqlite" or outcome == "done")
    if not recorded and outcome == "not done":
        assert station.booth.record() is None  # a second touch records it, once
    station.booth.cover()
    if outcome == "unknown":
        station = restarted(world, station)
        assert (station.pending is None) == recorded
    finish(world, station, 3)


@pytest.mark.parametrize("outcome", ["done", "not done", "unknown"])
def test_closing(world: World, monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    world.sign_in(station, "chair")
    world.clock.set(world.closes)
    with failing(monkeypatch, "journal.sqlite", outcome) as failed:
        try:
            assert station.close_polls() is None
        except DeviceError:
            assert outcome != "done"
    assert failed
    if outcome == "unknown":
        station.close()
        station = world.unlock("chair")
    if outcome != "done":
        assert station.close_polls() is None
    assert station.state.name == "closed"
    assert [e.event for e in station._session.journal.entries()].count("phase_changed") == 3


@pytest.mark.parametrize("file", DAY)
def test_every_file_says_so_when_nobody_knows(world: World, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """Every later use of it is the same error with a sentence, never a raw one of the database."""
    station = world.opened()
    files = station._session.files
    holders: dict[str, Any] = {
        "register.sqlite": files.register,
        "envelopes.sqlite": files.envelopes,
        "box.sqlite": files.box,
        "journal.sqlite": files.journal,
    }
    database = holders[file]._database
    with (
        failing(monkeypatch, file, "unknown"),
        pytest.raises(DeviceError, match="disk_doubtful"),
        m.transaction(database, file),
    ):
        pass
    for use in (
        lambda: database.execute("SELECT 1"),
        lambda: database.conn.execute("SELECT 1"),
        lambda: m.transaction(database, file).__enter__(),
    ):
        with pytest.raises(DeviceError, match="disk_doubtful"):
            use()
    station.close()


def test_an_entry_of_another_program_locks_instead_of_crashing(world: World) -> None:
    station = world.opened()
    station._session.journal._last = station._session.journal.entries()[-2]
    given = give(station, world.pins(HOME)[0])  # the ballot is out whatever the journal does
    assert station.doubtful
    station = restarted(world, station)
    assert station.pending and station.pending.kind == given.kind
    finish(world, station, 1)


def test_the_window_locks_and_the_ballot_is_still_there(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.opened().close()
    with Desktop(world, tmp_path) as desk:
        desk.badge("clerk-1")
        desk.hand.scan(world.pins(HOME)[0])
        with failing(monkeypatch, "journal.sqlite", "unknown"):
            desk.hand.touch("give")
        assert desk.view.page == "locked" and shown(desk.view.notice) == "disk_doubtful"
        desk.badge("clerk-1")
        assert desk.station.pending and desk.station.pending.kind == "home"
