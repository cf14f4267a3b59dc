"""Whatever is written in a day can be printed in the evening: a sign that no form has is refused where it is typed."""

from collections.abc import Callable
from typing import Any

import pytest

from kiosk.day.complaints import Complaint
from kiosk.day.station import Station
from kiosk.day.texts import refusal
from kiosk.errors import Refusal, must
from tests.stage.world import HOME, World, code, serve

BAD = {"": "text_missing", " \n": "text_missing", "x" * 2001: "text_too_long", "лифт 😀": "text_unprintable",
       "김": "text_unprintable", "a\u202eb": "text_unprintable", "a\x07": "text_unprintable"}  # fmt: skip
GOOD = ("Кагаз жабышып калган.", "Лифт не работал:\nвторой этаж – № 5 “б”", "O’Brien, ʻ, ѣ, Ұ")


@pytest.mark.parametrize(("text", "why"), BAD.items())
def test_what_no_form_can_print_is_refused(text: str, why: str) -> None:
    assert code(refusal(text)) == why


@pytest.mark.parametrize("text", GOOD)
def test_what_people_write_is_taken(text: str) -> None:
    assert refusal(text) is None


def in_the_day(world: World, station: Station) -> dict[str, Callable[[str], Any]]:
    """Every verb of the day that takes words."""
    return {
        "complaint": lambda text: station.complain("observer", "count", text),
        "incident": lambda text: station.report_incident("technical", text),
        "strike_off": lambda text: station.desk.strike_off(world.pins(HOME)[4], text),
    }


def test_every_verb_of_the_day_that_takes_words_looks_at_them(world: World) -> None:
    station = world.opened()
    world.sign_in(station, "chair")
    first = station.complain("observer", "count", "The lamp.")
    assert isinstance(first, Complaint)
    for name, verb in in_the_day(world, station).items():
        for text, why in BAD.items():
            assert code(verb(text)) == why, name
    for text, why in BAD.items():
        if why != "text_missing":  # a decision may have no words
            assert code(station.decide_complaint(first.number, "dismissed", text)) == why


def test_nothing_is_found_out_after_the_box_key_is_gone(world: World) -> None:
    """Acts and the reason of a correction stand on the protocol, which must come out of the printer."""
    station = world.opened()
    serve(world, station, [1, 1, 2])
    world.counted(station, {1: 2, 2: 1})
    world.sign_in(station, "chair")
    for text, why in BAD.items():
        assert code(station.write_act("vote:1", text)) == why
    world.attend(station)
    must(station.sign())
    for text, why in BAD.items():
        refused = station.correct(text)
        assert isinstance(refused, Refusal) and refused.code == why
    assert station.state.name == "signed"
