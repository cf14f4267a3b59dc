"""P10, P4 and P9: nothing in the clear, and a journal that is kept."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlcipher3

from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import IntegrityError
from kiosk.journal.book import Happened
from tests.stage.world import AWAY, HOME, World, give, serve, vote


def test_a_stolen_folder_or_stick_gives_no_person_and_no_choice(world: World, tmp_path: Path) -> None:
    station = world.opened()
    serve(world, station, [1, 2, 4, AGAINST_ALL])
    vote(station, give(station, world.pins(AWAY)[0]), 1)
    packet = world.packet(station, {1: 1, 2: 1, 4: 1, AGAINST_ALL: 1}, tmp_path / "stick")
    station.close()
    secrets = [s.encode() for row in (*world.rows(HOME), *world.rows(AWAY)) for s in (row[0], row[1], row[8], row[9])]
    secrets += [f"{int(row[0]):x}".encode() for row in world.rows(HOME)]
    for path in [*world.folder.rglob("*"), packet]:
        assert not any(secret in str(path.relative_to(tmp_path)).encode() for secret in secrets)
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path.name


def test_the_journal_tells_of_no_voter_and_no_choice(world: World) -> None:
    station = world.opened()
    serve(world, station, [1, 2, INVALID])
    station.desk.identify_scan("junk<")
    entries = station._session.journal.entries()
    values = {v for e in entries if e.event != "box_made" for v in e.fields.values() if isinstance(v, str)}
    assert values <= {"posting", "ready", "open", "home", "mrz_characters", "mrz_length", "mrz_partial"}
    cast = [e for e in entries if e.event == "ballot_cast"]
    assert len(cast) == 3
    assert {e.badge for e in cast} == {""}
    assert {tuple(e.fields) for e in cast} == {("kind",)}


@pytest.mark.parametrize(
    "fields", [{"kind": "Асанов"}, {"kind": "two words"}, {"kind": "x" * 41}, {"kind": "home", "pin": "1"}, {}]
)
def test_free_text_cannot_get_into_the_journal(world: World, fields: dict[str, str]) -> None:
    station = world.opened()
    with pytest.raises(ValueError, match="ballot_given"):
        station._session.journal.write(Happened("ballot_given", "b", dict(fields)))


@pytest.mark.parametrize("sql", ["DELETE FROM entry", "UPDATE entry SET event='x'", "DELETE FROM checkpoint",
                                 "UPDATE checkpoint SET seq=1", "DELETE FROM record", "UPDATE record SET body='x'",
                                 "INSERT INTO entry VALUES (999, 'x', '{}')"])  # fmt: skip
def test_the_journal_is_append_only(world: World, sql: str) -> None:
    station = world.opened()
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError):
        station._session.journal._database.conn.execute(sql)


def test_a_journal_edited_behind_our_back_does_not_open(world: World) -> None:
    station = world.opened()
    serve(world, station, [1])
    connection = station._session.journal._database.conn
    connection.execute("DROP TRIGGER entry_no_update")
    trigger = "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'append-only'); END"
    connection.execute(
        "UPDATE entry SET body = replace(body, 'ballot_given', 'ballot_cast') WHERE event = 'ballot_given'"
    )
    connection.execute(trigger)
    station.close()
    with pytest.raises(IntegrityError, match="journal_broken"):
        world.unlock("chair")


def test_the_clock_going_backwards_is_an_event_and_checkpoints_come_due(world: World) -> None:
    station = world.opened()
    world.clock.set(world.opens + timedelta(hours=1))
    station._session.tell(Happened("signed_out", "x"))
    world.clock.set(world.opens)
    station._session.tell(Happened("signed_out", "x"))
    entries = station._session.journal.entries()
    assert [(e.event, e.fields) for e in entries[-2:]] == [("clock_backwards", {"seconds": 3600}), ("signed_out", {})]
    for _ in range(60):
        station._session.tell(Happened("signed_out", "x"))
    checkpoints = station._session.journal.checkpoints()
    assert any(cp.seq > entries[-1].seq for cp in checkpoints)
