"""The voter's paper says what was chosen and nothing about who or when; the blank ballot has every line."""

from io import BytesIO

import msgspec
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kiosk.election.definition import AGAINST_ALL
from kiosk.election.source import Source
from kiosk.errors import DeviceError
from kiosk.forms import ballots
from kiosk.forms.one_length import LENGTH, padded
from tests.stage.world import HOME, small_source


def text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    found = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return found


@pytest.mark.parametrize(
    ("choice", "says", "not_"),
    [(2, "Бекова Айгүл", "Асанов"), (AGAINST_ALL, "Баарына каршы", "Бекова"), (None, "Белги коюлган жок", "Бекова")],
)
def test_a_marked_ballot_says_the_choice_alone(choice: int | None, says: str, not_: str) -> None:
    definition = small_source().definition
    sheet = ballots.marked(definition, HOME, definition.district(1), choice)
    assert says in text(sheet) and not_ not in text(sheet)
    assert sheet == ballots.marked(definition, HOME, definition.district(1), choice)  # no time, no number, no order


def test_every_sheet_of_every_district_has_one_length(example: Source) -> None:
    """Whatever the choice, the district and the names: a queue's log of sizes tells nothing."""
    definition = example.definition
    lengths = set()
    for district in definition.districts:
        lengths.add(len(ballots.blank(definition, 1021, district)))
        for choice in (None, AGAINST_ALL, *(candidate.number for candidate in district.standing)):
            lengths.add(len(ballots.marked(definition, 1021, district, choice)))
    assert lengths == {LENGTH}


@given(st.binary(max_size=300), st.integers(0, 40))
def test_a_padded_sheet_is_the_same_document(body: bytes, table: int) -> None:
    head = b"%PDF-1.7\n" + body.replace(b"startxref", b"") + b"\n" * table
    sheet = head + b"xref\n0 1\n0000000000 65535 f\r\ntrailer\n<<>>\nstartxref\n%d\n%%%%EOF" % len(head)
    made = padded(sheet)
    assert len(made) == LENGTH and made.startswith(head) and made.endswith(b"%%EOF")
    start = int(made.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert made[start:].startswith(b"xref\n0 1\n") and made[len(head) : start].strip() == b"%"


def test_a_district_of_a_hundred_long_names_still_has_room(example: Source) -> None:
    """Nobody may find out on the day that a ballot is too long to be printed."""
    definition, letters = example.definition, "АБВГДЕЁЖЗИЙКЛМНҢОӨПРСТУҮФХЦЧШЩЪЫЬЭЮЯ"
    district = definition.district(21)
    one, names = district.standing[0], [letters[n % 36] + f"{letters} {letters[::-1]}".lower() for n in range(100)]
    many = tuple(
        msgspec.structs.replace(one, number=n + 1, name_ky=name, name_ru=name[::-1]) for n, name in enumerate(names)
    )
    crowded = msgspec.structs.replace(district, candidates=many)
    assert len(ballots.blank(definition, 1021, crowded)) == len(ballots.marked(definition, 1021, crowded, 1)) == LENGTH


def test_a_sheet_that_is_too_long_is_refused() -> None:
    with pytest.raises(DeviceError, match="form_unprintable"):
        padded(b"%PDF-1.7\n" + b" " * LENGTH + b"xref\nstartxref\n9\n%%EOF")


def test_a_blank_ballot_has_every_line_and_nobody_struck_off() -> None:
    definition = small_source().definition
    found = text(ballots.blank(definition, HOME, definition.district(1)))
    assert all(name in found for name in ("Асанов Бакыт", "Бекова Айгүл", "Төрөбекова Асел", "Баарына каршы"))
    assert "Жумабеков" not in found


def test_the_picture_is_the_same_page() -> None:
    definition = small_source().definition
    with Image.open(BytesIO(ballots.picture(definition, HOME, definition.district(1), 1))) as image:
        assert image.width < image.height and image.width > 400
