"""Ballots on paper: the voter's choice in plain words, or every line with an empty box."""

from datetime import datetime
from typing import Any

from kiosk.election.definition import AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU, Candidate, Definition, District
from kiosk.forms.one_length import padded
from kiosk.forms.pages import heading
from kiosk.forms.printed import pdf, png


def marked(definition: Definition, station: int, district: District, choice: int | None) -> bytes:
    """What the voter checks and drops into the box. Dated with the voting day alone: sheets show no order."""
    return padded(pdf("ballot", _marked(definition, station, district, choice), _day(definition)))


def picture(definition: Definition, station: int, district: District, choice: int | None) -> bytes:
    """The same as PNG, for training without a printer."""
    return png("ballot", _marked(definition, station, district, choice), 110)[0]


def blank(definition: Definition, station: int, district: District) -> bytes:
    options = [*(_option(c) for c in district.standing), _against_all()]
    return padded(pdf("ballot", _data(definition, station, district, "blank", options=options), _day(definition)))


def _marked(definition: Definition, station: int, district: District, choice: int | None) -> dict[str, Any]:
    if choice is None:
        options = []
    elif choice == AGAINST_ALL:
        options = [_against_all()]
    else:
        options = [_option(c) for c in district.standing if c.number == choice]
    return _data(definition, station, district, "marked", options=options)


def _data(
    definition: Definition, station: int, district: District, mode: str, *, options: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        **heading(definition, station),
        "district": district.number,
        "district_ky": district.name_ky,
        "district_ru": district.name_ru,
        "mode": mode,
        "options": options,
    }


def _option(candidate: Candidate) -> dict[str, Any]:
    return {
        "number": candidate.number,
        "name_ky": candidate.name_ky,
        "name_ru": candidate.name_ru,
        "year": candidate.birth_year,
    }


def _against_all() -> dict[str, Any]:
    return {"number": AGAINST_ALL, "name_ky": AGAINST_ALL_KY, "name_ru": AGAINST_ALL_RU, "year": None}


def _day(definition: Definition) -> datetime:
    return datetime.fromisoformat(f"{definition.calendar.voting_day}T00:00:00+00:00")
