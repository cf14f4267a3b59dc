"""A ballot is one mark of one length, bound to its place; a box shows no order."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ballot import ballot as b
from kiosk.ballot import box as boxes
from kiosk.ballot.count import (
    HandCount,
    check_hand_count,
    differences,
    open_box,
)
from kiosk.ballot.envelopes import signed_bytes
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import IntegrityError, Refusal
from kiosk.storage import commit
from kiosk.trust import keys, sealing
from tests.stage import day_file
from tests.stage.day_file import KEY, open_envelopes
from tests.stage.world import small_source

HASH, STATION = "h" * 64, 101
SEED = b"s" * 32
STATION_KEY = keys.signing_key(b"t" * 32)
PUBLIC = keys.read_sealing_public(keys.sealing_public(SEED))
DISTRICT = small_source().definition.district(1)


@given(st.integers(1, 999), st.integers(-1, 99))
def test_a_ballot_has_one_length_and_comes_back(district: int, choice: int) -> None:
    plain = b.encode(b.Ballot(district, choice))
    assert len(plain) == b.PLAIN_BYTES
    assert b.decode(plain) == b.Ballot(district, choice)


@pytest.mark.parametrize("bad", [b"", b"\0" * 32, b"\1" * 32, b"\1" + b"\0" * 30])
def test_anything_else_is_no_ballot(bad: bytes) -> None:
    with pytest.raises(IntegrityError, match="ballot_malformed"):
        b.decode(bad)


@pytest.mark.parametrize(
    ("choice", "stored"), [(1, 1), (AGAINST_ALL, 0), (None, INVALID), (3, INVALID), (77, INVALID), (INVALID, INVALID)]
)
def test_whatever_is_not_one_standing_choice_is_invalid(choice: int | None, stored: int) -> None:
    assert b.marked(DISTRICT, choice) == b.Ballot(1, stored)  # candidate 3 was struck off


def test_a_choice_never_shows_in_a_log() -> None:
    assert "2" not in repr(b.Ballot(1, 2)).replace("1", "")


@pytest.fixture
def box(tmp_path: Path) -> boxes.Box:
    return day_file.open_box(tmp_path / "day.sqlite", HASH, STATION, slots=12)


def cast(box: boxes.Box, choice: int) -> None:
    box.cast(b.Ballot(1, choice), PUBLIC, STATION_KEY.sign)


def opened(box: boxes.Box, seed: bytes = SEED, station: int = STATION):  # type: ignore[no-untyped-def]
    public = keys.signing_public(STATION_KEY)
    return open_box(box.contents(), keys.sealing_key(seed), public, DISTRICT, definition_hash=HASH, station=station)


def test_what_goes_in_comes_out(box: boxes.Box) -> None:
    for choice in (1, 1, 2, AGAINST_ALL, INVALID):
        cast(box, choice)
    assert (len(box), box.slots) == (5, 12)
    count = opened(box)
    assert count.votes() == {1: 2, 2: 1, AGAINST_ALL: 1, INVALID: 1}
    assert count.unreadable == 0
    ids = [r.id for r in count.records]
    assert ids == sorted(set(ids))
    assert not {r.id for r in opened(box).records} & set(ids)  # fresh ones each time


def test_a_full_box_takes_no_more(box: boxes.Box) -> None:
    for _ in range(12):
        cast(box, 1)
    with pytest.raises(IntegrityError, match="box_full"):
        cast(box, 1)
    assert len(box) == 12


def test_reopening_finds_the_same_ballots(box: boxes.Box, tmp_path: Path) -> None:
    cast(box, 1)
    box._database.close()
    again = day_file.open_box(tmp_path / "day.sqlite", HASH, STATION)
    cast(again, 2)
    assert opened(again).votes() == {1: 1, 2: 1}


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM slot WHERE used = 1",
        "UPDATE slot SET used = 0 WHERE used = 1",
        "UPDATE slot SET content = zeroblob(1232) WHERE used = 1",
        "UPDATE slot SET id = 99 WHERE used = 0 AND id = (SELECT min(id) FROM slot WHERE used = 0)",
        "INSERT INTO slot (id, content) VALUES (99, zeroblob(1232))",
        "UPDATE slot SET used = 1, content = zeroblob(5) WHERE used = 0",
        "DELETE FROM filled",
        "UPDATE filled SET once = 1",
    ],
)
def test_a_ballot_in_the_box_is_final(box: boxes.Box, sql: str) -> None:
    cast(box, 1)
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError):
        box._database.conn.execute(sql)
    assert opened(box).votes() == {1: 1}


def test_a_slot_that_is_not_there_is_told(box: boxes.Box) -> None:
    with pytest.raises(IntegrityError, match="slot_missing"):
        box.put(99, b"x" * boxes.CONTENT_BYTES)
    cast(box, 1)
    [(used, _, _)] = box.contents()
    with pytest.raises(sqlcipher3.dbapi2.IntegrityError):
        box.put(used, b"x" * boxes.CONTENT_BYTES)  # a caller with a bug
    assert opened(box).votes() == {1: 1}


def test_a_ballot_opens_only_in_its_place(box: boxes.Box) -> None:
    cast(box, 1)
    assert opened(box, station=102).unreadable == 1
    assert opened(box, seed=b"x" * 32).unreadable == 1
    [(slot, sealed, signature)] = box.contents()
    public = keys.signing_public(STATION_KEY)

    def count(*row: object):  # type: ignore[no-untyped-def]
        return open_box([row], keys.sealing_key(SEED), public, DISTRICT, definition_hash=HASH, station=STATION)  # type: ignore[list-item]

    assert count(slot + 1, sealed, signature).unreadable == 1
    assert count(slot, sealed[:-1] + bytes([sealed[-1] ^ 1]), signature).unreadable == 1
    assert count(slot, sealed, bytes(64)).unreadable == 1
    assert count(slot, sealed, signature).unreadable == 0


def test_a_signed_ballot_for_nobody_is_invalid() -> None:
    """Only a station with a bug could seal one; it is counted, and counted as invalid."""
    rows = []
    for slot, ballot in ((1, b.Ballot(1, 99)), (2, b.Ballot(2, 1))):
        info = b.box_info(HASH, STATION, slot)
        sealed = sealing.seal(b.encode(ballot), PUBLIC, info)
        rows.append((slot, sealed, STATION_KEY.sign(info + sealed)))
    public = keys.signing_public(STATION_KEY)
    assert open_box(rows, keys.sealing_key(SEED), public, DISTRICT, definition_hash=HASH, station=STATION).votes() == {
        INVALID: 2
    }


# -- P4: the file tells no order ------------------------------------------------------------------------


def decrypted_pages(path: Path) -> Iterator[bytes]:
    """The plain pages of a SQLCipher 4 file with a raw key: 4,096 bytes, the last 80 of them IV and HMAC."""
    content = path.read_bytes()
    for start in range(0, len(content), 4096):
        page = content[start : start + 4096]
        body = page[16:-80] if start == 0 else page[:-80]
        decryptor = Cipher(AES(KEY), CBC(page[-80:-64])).decryptor()
        yield decryptor.update(body) + decryptor.finalize()


def without_counters(pages: list[bytes]) -> list[bytes]:
    """Page 1 less the file change counter (bytes 24 to 28 of the header) and version-valid-for (92 to 96)."""
    first = bytearray(pages[0])  # the header's first 16 bytes are the salt and not here
    for at in (24, 92):
        first[at - 16 : at - 12] = b"\0\0\0\0"
    return [bytes(first), *pages[1:]]


def test_a_hundred_orders_give_the_same_pages(tmp_path: Path) -> None:
    base = tmp_path / "base.sqlite"
    day_file.open_box(base, HASH, STATION, slots=40)._database.close()
    dice = random.Random(1)
    contents = {slot: dice.randbytes(boxes.CONTENT_BYTES) for slot in dice.sample(range(1, 41), 25)}
    seen = set()
    for _ in range(100):
        path = tmp_path / "day.sqlite"
        path.write_bytes(base.read_bytes())
        order = list(contents)
        dice.shuffle(order)
        box = day_file.open_box(path, HASH, STATION)
        for slot in order:
            box.put(slot, contents[slot])
        box._database.close()
        seen.add(b"".join(without_counters(list(decrypted_pages(path)))))
    assert len(seen) == 1
    [pages] = seen
    assert b"CREATE TABLE slot" in pages  # they really are decrypted


def test_the_free_slot_is_picked_at_random(tmp_path: Path) -> None:
    """First ballots of many boxes spread over all the slots, the first and the last too."""
    first = []
    for number in range(200):
        box = day_file.open_box(tmp_path / f"{number}.sqlite", HASH, STATION, slots=10)
        cast(box, 1)
        first += [slot for slot, _, _ in box.contents()]
        box._database.close()
    counts = Counter(first)
    assert set(counts) == set(range(1, 11))
    assert max(counts.values()) < 50  # 20 of 200 are to be expected, 7 times the spread is 50


def test_a_box_without_a_slot_is_full(tmp_path: Path) -> None:
    """Of a station whose roll is empty."""
    with pytest.raises(IntegrityError, match="box_full"):
        cast(day_file.open_box(tmp_path / "day.sqlite", HASH, STATION, slots=0), 1)


def test_an_empty_slot_looks_like_a_used_one(box: boxes.Box) -> None:
    cast(box, 1)
    lengths = {n for (n,) in box._database.conn.execute("SELECT length(content) FROM slot")}
    assert lengths == {boxes.CONTENT_BYTES}


# -- envelopes --------------------------------------------------------------------------------------------


def test_what_an_envelope_leaves_in_the_rollback_journal_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with the box (tests/secrecy reads the raw disk): before anybody is told."""
    path, real, blanked = tmp_path / "day.sqlite", commit._blank, list[Path]()
    envelopes = open_envelopes(path, HASH)

    def blank(which: Path) -> None:
        blanked.append(which)
        real(which)

    monkeypatch.setattr(commit, "_blank", blank)
    envelopes.put(b"1" * 16, b.Ballot(2, 1), PUBLIC, STATION_KEY.sign)
    assert blanked == [path]


def test_envelopes_are_final_and_one_each(tmp_path: Path) -> None:
    envelopes = open_envelopes(tmp_path / "day.sqlite", HASH)
    envelopes.put(b"2" * 16, b.Ballot(2, 1), PUBLIC, STATION_KEY.sign)
    envelopes.put(b"1" * 16, b.Ballot(2, 2), PUBLIC, STATION_KEY.sign)
    with pytest.raises(IntegrityError, match="envelope_twice"):
        envelopes.put(b"1" * 16, b.Ballot(2, 2), PUBLIC, STATION_KEY.sign)
    for sql in ("DELETE FROM envelope", "UPDATE envelope SET district = 3"):
        with pytest.raises(sqlcipher3.dbapi2.IntegrityError, match="final"):
            envelopes._database.conn.execute(sql)
    assert len(envelopes) == 2
    first, _ = envelopes.all()
    assert first.tag == b"1" * 16
    info = b.envelope_info(HASH, 2)
    assert b.decode(sealing.unseal(first.sealed, keys.sealing_key(SEED), info)) == b.Ballot(2, 2)
    STATION_KEY.public_key().verify(first.signature, signed_bytes(HASH, first.tag, 2, first.sealed))


# -- the hand count ---------------------------------------------------------------------------------------

LINES = ("portable", "stationary", "valid", "invalid")
FULL = HandCount("m", {"portable": 0, "stationary": 3, "valid": 3, "invalid": 0}, {0: 0, 1: 2, 2: 1, 4: 0})


@pytest.mark.parametrize(
    ("lines", "votes", "refusal"),
    [
        (FULL.lines, FULL.votes, None),
        ({**FULL.lines, "valid": -1}, FULL.votes, Refusal("hand_count_impossible", {"field": "valid"})),
        ({**FULL.lines, "more": 1}, FULL.votes, Refusal("hand_count_impossible", {"field": "more"})),
        (FULL.lines, {**FULL.votes, 3: 1}, Refusal("hand_count_impossible", {"field": "3"})),
        (FULL.lines, {0: 0, 1: 2, 2: 1}, Refusal("hand_count_incomplete", {"field": "vote:4"})),
        ({"portable": 0}, FULL.votes, Refusal("hand_count_incomplete", {"field": "stationary"})),
        (FULL.lines, {**FULL.votes, 1: 100_001}, Refusal("hand_count_impossible", {"field": "vote:1"})),
    ],
)
def test_nothing_is_filled_in_for_anybody(lines, votes, refusal: Refusal | None) -> None:  # type: ignore[no-untyped-def]
    assert check_hand_count(HandCount("m", lines, votes), DISTRICT, LINES) == refusal


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
)
def test_differences_are_exactly_where_figures_part(one: dict[str, int], two: dict[str, int]) -> None:
    found = {d.field: (d.first, d.second) for d in differences(one, two)}
    for field in "abc":
        pair = one.get(field, 0), two.get(field, 0)
        assert (field in found) == (pair[0] != pair[1])
        assert found.get(field, pair) == pair
