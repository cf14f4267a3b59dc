"""The lines of a district's ballot, against all last: for the voter, the hand count and the trainer."""

from functools import cache

from kiosk.election.definition import AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU, District
from ui import views as v


@cache
def options(district: District) -> tuple[v.Option, ...]:
    standing = (v.Option(c.number, v.Named(c.name_ky, c.name_ru), c.birth_year) for c in district.standing)
    return (*standing, v.Option(AGAINST_ALL, v.Named(AGAINST_ALL_KY, AGAINST_ALL_RU), None))


def numbered(option: v.Option) -> v.Named:
    """“3. Name”, as on the paper; against all has no number."""
    sign = "" if option.number == AGAINST_ALL else f"{option.number}. "
    return v.Named(f"{sign}{option.name.ky}", f"{sign}{option.name.ru}")
