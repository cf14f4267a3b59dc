"""An error out of COMMIT: the file is looked at, and what is there counts. Every outcome.

`done`: the disk complains after the commit was final (SQLite's last sync). `not done`: it complains before. `unknown`:
nothing of the file can be read any more.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import pytest
import sqlcipher3

from kiosk.day.desk import Eligible
from kiosk.day.folder import DAY
from kiosk.day.station import Station
from kiosk.errors import DeviceError, Refusal, must
from kiosk.storage import database as db
from kiosk.storage.commit import transaction
from tests.stage.desktop import Desktop
from tests.stage.desktop import code as shown
from tests.stage.world import AWAY, HOME, World, code, give, marked, serve, vote

Outcome = Literal["done", "not done", "unknown"]
OUTCOMES: tuple[Outcome, ...] = ("done", "not done", "unknown")


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> Iterator[list[str]]:
    """The next COMMIT of the day's file fails, once; that it did is noted in the list."""
    failed: list[str] = []
    real_execute, real_connect = db._Cursor.execute, db.connect

    def execute(self: Any, sql: str, *values: Any) -> Any:
        if failed or sql != "COMMIT" or self.connection.file != DAY:
            return real_execute(self, sql, *values)
        failed.append(sql)
        if outcome == "done":
            real_execute(self, sql)
        raise DeviceError("disk_error", file=DAY, reason="disk I/O error")

    def connect(path: Any, key: bytes, mode: db.Mode, *, in_place: bool = False) -> Any:
        if failed and outcome == "unknown" and path.name == DAY:
            raise sqlcipher3.dbapi2.OperationalError("disk I/O error")
        return real_connect(path, key, mode, in_place=in_place)

    with monkeypatch.context() as patched:
        patched.setattr(db._Cursor, "execute", execute)
        patched.setattr("kiosk.storage.commit.connect", connect)
        yield failed


def finish(world: World, station: Station, paper: int) -> None:
    """No dead end: whatever happened before, the polls can be closed, and the equation holds."""
    if station.pending:
        vote(station, station.pending, 1)
    assert station._session.in_progress("home") == station._session.in_progress("remote") == 0
    assert len(station._session.files.box) == paper
    world.closed(station)
    assert station._session.journal.count("ballot_cast", "home") == paper
    world.attend(station)
    must(station.count())


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_giving(world: World, monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    pin = world.pins(HOME)[3]
    eligible = must(station.desk.identify(pin))
    assert isinstance(eligible, Eligible)
    with failing(monkeypatch, outcome) as failed:
        try:
            given = station.desk.give(eligible)
        except DeviceError as error:
            assert error.code == ("disk_error" if outcome == "not done" else "disk_doubtful")
            given = None
    assert failed
    if outcome == "not done":
        given = station.desk.give(eligible)  # a second touch gives it
    if outcome == "unknown":
        station.close()
        station = world.unlock("clerk-1")
        given = give(station, pin)
    assert given and not isinstance(given, Refusal)
    vote(station, given, 1)
    assert code(station.desk.identify(pin)) == "already_given"
    serve(world, station, [1], first=4)
    finish(world, station, 4)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("kind", ["home", "remote"])
def test_recording(world: World, monkeypatch: pytest.MonkeyPatch, outcome: Outcome, kind: str) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    marked(station, give(station, world.pins(HOME if kind == "home" else AWAY)[3]), 1)
    with failing(monkeypatch, outcome) as failed:
        try:
            assert station.booth.record() is None
            recorded = True
        except DeviceError as error:
            assert error.code == ("disk_error" if outcome == "not done" else "disk_doubtful")
            recorded = False
    assert failed
    assert recorded == (outcome == "done")
    if outcome == "not done":
        assert station.booth.record() is None  # a second touch records it, once
    station.booth.cover()
    if outcome == "unknown":
        station.close()
        station = world.unlock("clerk-1")
        assert (station.pending is None) == recorded
    if station.pending:
        vote(station, station.pending, 1)
    assert len(station._session.files.envelopes) == (kind == "remote")
    finish(world, station, 3 if kind == "home" else 2)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_opening(world: World, monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> None:
    """The box, its key and the phase are one commit."""
    world.set_up()
    station = world.unlock("chair")
    world.attend(station)
    must(station.prepare())
    world.clock.set(world.opens)
    with failing(monkeypatch, outcome) as failed:
        try:
            assert station.open_polls() is None
        except DeviceError:
            assert outcome != "done"
            assert station.state.name == "ready"
    assert failed
    if outcome == "unknown":
        station.close()
        station = world.unlock("chair")
    if outcome != "done":
        assert station.open_polls() is None
    world.sign_in(station, "clerk-1")
    serve(world, station, [1])
    finish(world, station, 1)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_closing(world: World, monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> None:
    station = world.opened()
    serve(world, station, [1, 2])
    world.sign_in(station, "chair")
    world.clock.set(world.closes)
    world.attend(station, ("member-1",))
    with failing(monkeypatch, outcome) as failed:
        try:
            assert station.close_polls() is None
        except DeviceError:
            assert outcome != "done"
    assert failed
    if outcome == "unknown":
        station.close()
        station = world.unlock("chair")
        world.attend(station, ("member-1",))
    if outcome != "done":
        assert station.close_polls() is None
    assert station.state.name == "closed"
    assert [e.event for e in station._session.journal.entries()].count("phase_changed") == 3


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_twin_is_never_an_act_ahead(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: Outcome
) -> None:
    """Both are written at once: where the file did not take an act, the twin gives it back."""
    world.mirror = tmp_path / "mirror"
    station = world.opened()
    serve(world, station, [1])
    pin = world.pins(HOME)[3]
    eligible = must(station.desk.identify(pin))
    assert isinstance(eligible, Eligible)
    real = db._Cursor.execute
    commits: list[str] = []

    def execute(self: Any, sql: str, *values: Any) -> Any:
        if sql == "COMMIT" and threading.current_thread().name != "mirror" and not commits:
            commits.append(sql)
            if outcome == "done":
                real(self, sql)
            raise DeviceError("disk_error", file=DAY, reason="disk I/O error")
        return real(self, sql, *values)

    def connect(path: Path, key: bytes, mode: db.Mode, *, in_place: bool = False) -> Any:
        if outcome == "unknown" and path.parent == world.folder:
            raise sqlcipher3.dbapi2.OperationalError("disk I/O error")
        return db.connect(path, key, mode, in_place=in_place)

    with monkeypatch.context() as patched:
        patched.setattr(db._Cursor, "execute", execute)
        patched.setattr("kiosk.storage.commit.connect", connect)
        with suppress(DeviceError):
            station.desk.give(eligible)
    assert commits
    station.close()
    station = world.unlock("clerk-1")
    assert station.copy == "kept"
    assert (station.pending is not None) == (outcome != "not done")  # unknown: the twin had it, so nothing is lost
    assert (
        station._session.files.day.number
        == station._session.files.day._twin.execute("PRAGMA application_id").fetchone()[0]
    )


def test_every_use_says_so_when_nobody_knows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every later use of it is the same error with a sentence, never a raw one of the database."""
    station = world.opened()
    database = station._session.files.day
    with (
        failing(monkeypatch, "unknown"),
        pytest.raises(DeviceError, match="disk_doubtful"),
        transaction(database),
    ):
        pass
    for use in (
        lambda: database.execute("SELECT 1"),
        lambda: database.conn.execute("SELECT 1"),
        lambda: transaction(database).__enter__(),
    ):
        with pytest.raises(DeviceError, match="disk_doubtful"):
            use()
    station.close()


def test_the_window_locks_and_what_is_on_the_disk_counts(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.opened().close()
    with Desktop(world, tmp_path) as desk:
        desk.badge("clerk-1")
        desk.hand.scan(world.pins(HOME)[0])
        with failing(monkeypatch, "unknown"):
            desk.hand.touch("give")
        assert desk.view.page == "locked" and shown(desk.view.notice) == "disk_doubtful"
        desk.badge("clerk-1")
        assert desk.station.pending is None
        desk.hand.scan(world.pins(HOME)[0])
        desk.hand.touch("give")
        assert desk.station.pending and desk.station.pending.kind == "home"
