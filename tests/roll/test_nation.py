"""The index answers where somebody is at home, without a name in it."""

from pathlib import Path

import pytest

from kiosk.errors import IntegrityError
from kiosk.packet.package import nation_file_key
from kiosk.roll import nation as n
from kiosk.roll.person import Pin
from kiosk.storage.database import open_database

KEY = b"n" * 32


def index(path: Path, rows: list[tuple[str, int, int, int]]) -> n.Nation:
    file_key = nation_file_key(KEY)
    n.build(path, file_key, [(n.tag(KEY, Pin(pin)), *place) for pin, *place in rows])  # type: ignore[misc]
    return n.Nation(open_database(path, file_key, n.SCHEMA, mode="read"), KEY, 101, 1)


def test_the_four_answers(tmp_path: Path) -> None:
    found = index(tmp_path / "nation.sqlite", [("1" * 14, 101, 7, 1), ("2" * 14, 102, 3, 1), ("3" * 14, 201, 9, 2)])
    assert found.find(Pin("1" * 14)) == n.Here(7)
    assert found.find(Pin("2" * 14)) == n.OtherStation(102)
    assert found.find(Pin("3" * 14)) == n.OtherDistrict(2, 201)
    assert found.find(Pin("4" * 14)) == n.Unknown()
    found.close()


def test_a_pin_given_twice_is_told_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError) as caught:
        index(tmp_path / "nation.sqlite", [("1" * 14, 101, 7, 1), ("1" * 14, 102, 3, 1)])
    assert (caught.value.code, caught.value.facts) == ("nation_duplicate", {"station": 102, "line": 3})


def test_a_tag_needs_the_key() -> None:
    tag = n.tag(KEY, Pin("1" * 14))
    assert len(tag) == n.TAG_BYTES
    assert tag != n.tag(b"m" * 32, Pin("1" * 14))
