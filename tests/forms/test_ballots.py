"""The voter's paper says what was chosen and nothing about who or when; the blank ballot has every line."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from kiosk.election.definition import AGAINST_ALL
from kiosk.forms import ballots
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


def test_a_blank_ballot_has_every_line_and_nobody_struck_off() -> None:
    definition = small_source().definition
    found = text(ballots.blank(definition, HOME, definition.district(1)))
    assert all(name in found for name in ("Асанов Бакыт", "Бекова Айгүл", "Төрөбекова Асел", "Баарына каршы"))
    assert "Жумабеков" not in found


def test_the_picture_is_the_same_page() -> None:
    definition = small_source().definition
    with Image.open(BytesIO(ballots.picture(definition, HOME, definition.district(1), 1))) as image:
        assert image.width < image.height and image.width > 400
