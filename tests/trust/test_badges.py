"""Cards under a PIN, the count of wrong tries, and hostile cards."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import base45
import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import IntegrityError, Refusal
from kiosk.settings import PIN_FIRST_WAIT_SECONDS, PIN_FREE_TRIES
from kiosk.trust import badges
from kiosk.trust.attempts import EMPTY, LOST, Attempts
from tests.stage.world import CHEAP

NOW = datetime(2025, 11, 30, 9, 0, tzinfo=UTC)
BADGE = badges.Badge("101-chair", bytes(range(32)))


def test_a_card_opens_with_its_pin_alone() -> None:
    card = badges.make_card(BADGE, "123456", CHEAP)
    assert badges.card_id(card) == "101-chair"
    assert badges.open_card(card, "123456") == BADGE
    assert badges.open_card(card, "123457") == Refusal("badge_pin_wrong")
    assert BADGE.seed.hex() not in repr(BADGE)
    assert "seed" not in repr(BADGE)


def test_the_default_cost_is_the_one_for_stations() -> None:
    card = badges.make_card(BADGE, "123456")
    assert badges.open_card(card, "123456") == BADGE
    assert cbor2.loads(base45.b45decode(card[4:]))[1:3] == [2, 32768]


def test_new_pins_have_six_digits() -> None:
    assert all(len(pin) == 6 and pin.isdigit() for pin in (badges.new_pin() for _ in range(50)))


def card_of(*body: object) -> str:
    return badges.PREFIX + base45.b45encode(cbor2.dumps(list(body))).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "KB1:",
        "KB1:~~~",
        "KB1:" + "A" * 2000,
        card_of(1, 1, 8, b"s" * 16, b"n" * 12, b"c" * 48),
        card_of("a", 1, 8, b"s" * 16, b"n" * 12, b"c" * 47),
        card_of("a", 999, 8, b"s" * 16, b"n" * 12, b"c" * 48),
        card_of("a", 1, 999_999_999, b"s" * 16, b"n" * 12, b"c" * 48),
        card_of("a", "1", 8, b"s" * 16, b"n" * 12, b"c" * 48),
        card_of("a", 1, 8),
        card_of("a", 1, 8, [0] * 16, b"n" * 12, b"c" * 48),
        card_of("a", 1, 8, b"s" * 16, "n" * 12, b"c" * 48),
        card_of("a", 1.0, 8, b"s" * 16, b"n" * 12, b"c" * 48),
        card_of("a", True, 8, b"s" * 16, b"n" * 12, b"c" * 48),
        badges.PREFIX + base45.b45encode(cbor2.dumps({"a": 1})).decode(),
    ],
)
def test_what_is_no_card_is_refused_before_any_work(text: str) -> None:
    with pytest.raises(IntegrityError, match="badge_malformed"):
        badges.open_card(text, "123456")


@given(st.text(max_size=200).map(lambda t: badges.PREFIX + t) | st.text(max_size=80))
def test_no_text_whatever_does_anything_else(text: str) -> None:
    with pytest.raises(IntegrityError, match="badge_malformed"):
        badges.card_id(text)


def begun(folder: Path) -> Path:
    """The file as a set-up leaves it."""
    (path := folder / "attempts.json").write_bytes(EMPTY)
    return path


def test_five_tries_then_fifteen_seconds_doubling_then_blocked(tmp_path: Path) -> None:
    path = begun(tmp_path)
    attempts = Attempts(path, NOW)
    now = NOW
    for _ in range(4):
        attempts.wrong("b", now)
        assert attempts.refusal("b", now) is None
    waits = []
    for _ in range(10):
        attempts.wrong("b", now)
        refused = Attempts(path, now).refusal("b", now)  # it outlives a restart
        assert refused and refused.code == "badge_wait"
        seconds = int(refused.facts["seconds"])
        waits.append(seconds)
        assert attempts.refusal("b", now + timedelta(seconds=seconds - 1))
        now += timedelta(seconds=seconds)
        assert attempts.refusal("b", now) is None
    assert waits == [15 * 2**i for i in range(10)]
    assert attempts.wrong("b", now) == 15
    assert attempts.refusal("b", now) == Refusal("badge_blocked", {"minutes": 60})
    assert attempts.refusal("b", now + timedelta(minutes=30)) == Refusal("badge_blocked", {"minutes": 30})
    attempts.wrong("c", now)  # who was wrong once is not blocked
    assert attempts.blocked(now) == ("b",)
    assert attempts.refusal("b", now + timedelta(minutes=60)) is None
    assert attempts.refusal("another", now) is None


def test_a_clock_that_was_put_right_locks_nobody_out(tmp_path: Path) -> None:
    path = begun(tmp_path)
    attempts = Attempts(path, NOW)
    for _ in range(5):
        attempts.wrong("b", NOW + timedelta(days=400))
    refused = attempts.refusal("b", NOW)
    assert refused and refused.facts["seconds"] == 15


def test_a_right_pin_clears_the_count(tmp_path: Path) -> None:
    path = begun(tmp_path)
    attempts = Attempts(path, NOW)
    assert attempts.right("b") == 0
    attempts.wrong("b", NOW)
    attempts.wrong("b", NOW)
    assert attempts.unreported() == {"b": 2}
    attempts.reported("b")
    assert attempts.unreported() == {}
    attempts.wrong("b", NOW)
    assert attempts.right("b") == 1
    assert attempts.refusal("b", NOW) is None


@pytest.mark.parametrize(
    "content",
    [
        None,
        b'{"b":{"wrong":7,"last":"2025-11-30T09:00:00","unreported":0}}',
        b'{"b":{"wrong":-99,"last":"2025-11-30T09:00:00Z","unreported":0}}',
        b'{"b":{"wrong":7,"last":"2025-11-30T09:00:00Z","unreported":-1}}',
        b'{"b":{"wrong":999999999999999,"last":"2025-11-30T09:00:00Z","unreported":0}}',
        b"[" * 100_000,
        b"\xff",
        b"",
    ],
)
def test_a_file_of_tries_that_is_gone_or_bent_leaves_no_free_try(tmp_path: Path, content: bytes | None) -> None:
    """Every badge waits as after five wrong ones, through every restart, until the journal has heard of it."""
    path = tmp_path / "attempts.json"
    if content is not None:
        path.write_bytes(content)
    attempts, later = Attempts(path, NOW), NOW + timedelta(seconds=PIN_FIRST_WAIT_SECONDS)
    for badge in ("a", "b"):
        assert attempts.refusal(badge, NOW) == Refusal("badge_wait", {"seconds": PIN_FIRST_WAIT_SECONDS})
        assert attempts.refusal(badge, later) is None
    assert attempts.wrong("b", later) == PIN_FREE_TRIES + 1
    again = Attempts(path, later)
    assert again.refusal("b", later) == Refusal("badge_wait", {"seconds": 2 * PIN_FIRST_WAIT_SECONDS})
    assert again.unreported() == {LOST: 1, "b": 1}
    again.reported(LOST)
    assert again.refusal("a", NOW) is None and Attempts(path, later).unreported() == {"b": 1}


def test_taking_the_file_of_tries_away_gains_nothing(tmp_path: Path) -> None:
    """The attack: away with it before every try. What is left is one try in each wait, as without."""
    path, now, tried = begun(tmp_path), NOW, 0
    while now < NOW + timedelta(minutes=10):
        path.unlink()
        attempts = Attempts(path, now)
        now += timedelta(seconds=1)
        for _ in range(20):
            if attempts.refusal("b", now) is None:
                attempts.wrong("b", now)
                tried += 1
    assert tried == 0


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("zone", ["+14:00", "-14:00", "Z"])
def test_no_time_in_the_file_of_tries_stops_a_sign_in(tmp_path: Path, year: int, zone: str) -> None:
    path = tmp_path / "attempts.json"
    path.write_bytes(f'{{"b":{{"wrong":9,"last":"{year:04d}-06-01T00:00:00{zone}","unreported":0}}}}'.encode())
    refused = Attempts(path, NOW).refusal("b", NOW)
    assert refused is None or 0 < int(refused.facts["seconds"]) <= 15 * 2**4


def test_whatever_lies_under_the_name_of_the_tries_makes_way(tmp_path: Path) -> None:
    makes: tuple[Callable[[Path], None], ...] = (Path.mkdir, os.mkfifo, lambda p: p.symlink_to("/dev/zero"))
    for number, make in enumerate(makes):
        path = tmp_path / str(number) / "attempts.json"
        path.parent.mkdir()
        make(path)
        attempts = Attempts(path, NOW)
        assert attempts.wrong("b", NOW) == PIN_FREE_TRIES + 1
        assert Attempts(path, NOW).unreported() == {LOST: 1, "b": 1}
