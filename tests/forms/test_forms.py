"""Printed pages: made, reproducible, marked when they are for training."""

from datetime import UTC, datetime

import msgspec
import pypdfium2
import pytest

from kiosk.errors import DeviceError
from kiosk.forms import pages, printed
from tests.stage.world import HOME, World

AT = datetime(2025, 11, 30, 7, 30, tzinfo=UTC)


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_the_same_data_give_the_same_bytes(world: World) -> None:
    counters = [("given", 0), ("cast", 0), ("envelopes", 0)]
    officers = [card.officer for card in world.made[HOME].cards[:2]]
    one, two = (
        pages.zero_report(world.source.definition, HOME, counters, officers, imprint=pages.Imprint(), at=AT)
        for _ in range(2)
    )
    assert one == two
    text = text_of(one)
    assert "Нулевой отчёт" in text and officers[0].name_ky in text and "СЫНОО" in text


def test_an_official_page_bears_no_mark_of_training(world: World) -> None:
    official = msgspec.structs.replace(world.source.definition, purpose="official")
    demo = msgspec.structs.replace(world.source.definition, purpose="demo")
    for definition, marked in ((official, False), (demo, True)):
        text = text_of(pages.posting_list(definition, HOME, [], AT))
        assert ("TRAINING" in text) is marked
        assert "СЫНОО" not in text


def test_cards_and_pins_never_share_a_sheet(world: World) -> None:
    cards = world.made[HOME].cards
    sheet = text_of(pages.badge_cards(world.source.definition, HOME, [(c.officer, c.text) for c in cards], AT))
    letters = text_of(pages.pin_letters(world.source.definition, HOME, [(c.officer, c.pin) for c in cards], AT))
    for card in cards:
        assert card.officer.id in sheet and card.pin not in sheet
        assert card.pin in letters.replace(" ", "")


def test_pictures_for_the_screen() -> None:
    data = {
        "purpose": "demo",
        "station": 1,
        "heading": {"election_ky": "", "election_ru": "", "address_ky": "", "address_ru": ""},
        "voters": [],
    }
    assert printed.png("roll", data, 50)[0].startswith(b"\x89PNG")


def test_data_a_template_cannot_use_is_told() -> None:
    with pytest.raises(DeviceError, match="form_unprintable"):
        printed.pdf("roll", {}, AT)
