"""P1 at the lowest level: even a caller with a bug can't give two ballots."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlcipher3

from kiosk.errors import IntegrityError
from kiosk.roll.nation import Tag
from kiosk.roll.register import Register, Tally
from tests.stage.day_file import open_register

AT = datetime(2025, 11, 30, 9, 30, tzinfo=UTC)
ONE, TWO = Tag(b"1" * 16), Tag(b"2" * 16)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return open_register(tmp_path / "day.sqlite")


def test_nobody_is_given_two_whatever_the_caller_does(register: Register) -> None:
    register.add(ONE, "given", AT, "b", kind="home", district=1)
    with pytest.raises(IntegrityError, match="already_given"):
        register.add(ONE, "given", AT, "b", kind="remote", district=2)
    register.add(ONE, "abandoned", AT, "b", kind="home", district=1)
    with pytest.raises(IntegrityError, match="already_given"):
        register.add(ONE, "given", AT, "b", kind="home", district=1)


def test_after_withdrawing_another_may_be_given(register: Register) -> None:
    register.add(ONE, "given", AT, "b", kind="home", district=1)
    register.add(ONE, "withdrawn", AT, "b", kind="home", district=1, reason="wrong_person")
    register.add(ONE, "given", AT, "b", kind="home", district=1)
    assert register.tally()["home"] == Tally(2, 0, 1)
    assert register.served() == [(ONE, "home", 1, AT.isoformat())]


@pytest.mark.parametrize("what", ["withdrawn", "abandoned"])
def test_only_a_given_ballot_ends(register: Register, what: str) -> None:
    with pytest.raises(IntegrityError, match="not_given"):
        register.add(ONE, what, AT, "b", kind="home", district=1)  # type: ignore[arg-type]
    register.add(ONE, "given", AT, "b", kind="home", district=1)
    register.add(ONE, "abandoned", AT, "b", kind="home", district=1)
    with pytest.raises(IntegrityError, match="not_given"):
        register.add(ONE, what, AT, "b", kind="home", district=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sql", ["DELETE FROM event", "UPDATE event SET person = x'00'", "UPDATE event SET what='given'"]
)
def test_history_is_final(register: Register, sql: str) -> None:
    register.add(ONE, "given", AT, "b", kind="home", district=1)
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError, match="append-only"):
        register._database.conn.execute(sql)


def test_counts_and_lists(register: Register) -> None:
    assert register.last_given("home") is None
    register.add(TWO, "struck_off", AT, "b", reason="moved")
    register.add(ONE, "given", AT, "b", kind="remote", district=2)
    last = register.last_given("remote")
    assert last and last.person == ONE and last.kind == "remote"
    register.add(ONE, "abandoned", AT, "b", kind="remote", district=2)
    assert register.tally()["remote"].given == 1
    assert register.given_by_hour() == {9: 1}
    assert [e.what for e in register.of_person(ONE)] == ["given", "abandoned"]
