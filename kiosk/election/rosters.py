"""The CSV files of an election folder: candidates, districts, stations, officials, and what must fit together."""

from collections import Counter
from datetime import datetime
from typing import Any, cast, get_args
from zoneinfo import available_timezones

from kiosk.election import definition as d
from kiosk.election.table import Table
from kiosk.errors import Problem
from kiosk.text import _

# Shares of the box key (SLIP-39 knows at most 16), the chair's among them.
MOST_MEMBERS = 15

_DIRECTIONS = ("directions_ky", "directions_ru")


_ADULT = 18


def candidates(
    untrusted: bytes, voting_day: str | None, problems: list[Problem], notes: list[Problem]
) -> dict[int, list[tuple[int, d.Candidate]]] | None:
    """district → (line, candidate) in ballot order; None where not every row is known by its district."""
    columns = ("district", "order", "name_ky", "name_ru", "sex", "birth_year", "filed", "status")
    latest = int(voting_day[:4]) - _ADULT if voting_day and voting_day[:4].isdigit() else 9999
    found: dict[int, list[tuple[int, d.Candidate]]] = {}
    table = Table("candidates.csv", untrusted, columns, problems, optional=("struck_off_at",), notes=notes)
    for row in table:
        struck_off_at = row.cells.get("struck_off_at", "") or None
        status = row.choice("status", ("registered", "struck_off"))
        if status == "struck_off" and not _is_moment(struck_off_at):
            row.problem(_("struck_off_at must say when, like 2025-11-28T18:00+06:00"))
        if status == "registered" and struck_off_at:
            row.problem(_("struck_off_at is filled but the status is registered; clear one"))
        candidate = d.Candidate(
            number=row.number("order", 1, 99),
            name_ky=row.name("name_ky"),
            name_ru=row.name("name_ru"),
            sex=cast(d.Sex, row.choice("sex", ("m", "f"))),
            birth_year=row.number("birth_year", 1900, latest),
            filed=row.number("filed", 1, 99_999),
            status=cast(Any, status),
            struck_off_at=struck_off_at,
        )
        found.setdefault(row.key("district", 999), []).append((row.line, candidate))
    for district, rows in found.items():
        rows.sort(key=lambda pair: pair[1].number)
        for field in ("number", "filed"):
            for line in _repeated([(getattr(c, field), line) for line, c in rows]):
                column = "order" if field == "number" else field
                what = _("{column} is given twice in district {n}; make it unique", column=column, n=district)
                problems.append(Problem("candidates.csv", line, what))
        if [c.number for _line, c in rows] != list(range(1, len(rows) + 1)):
            what = _("the ballot order of district {n} has a gap; number from 1", n=district)
            problems.append(Problem("candidates.csv", rows[-1][0], what))
    return found if table.whole else None


def _is_moment(value: str | None) -> bool:
    try:
        return value is not None and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _repeated(pairs: list[tuple[Any, int]]) -> list[int]:
    """Lines whose key stood on an earlier line."""
    seen: set[Any] = set()
    again = []
    for key, line in sorted(pairs, key=lambda pair: pair[1]):
        if key in seen:
            again.append(line)
        seen.add(key)
    return again


def districts(
    untrusted: bytes,
    filed: dict[int, list[tuple[int, d.Candidate]]] | None,
    problems: list[Problem],
    notes: list[Problem],
) -> tuple[d.District, ...] | None:
    """None where not every row is known by its number."""
    found: dict[int, d.District] = {}
    table = Table("districts.csv", untrusted, ("district", "name_ky", "name_ru", "seats"), problems, notes=notes)
    for row in table:
        number = d.DistrictNumber(row.key("district", 999))
        if number in found:
            row.problem(_("district {n} is given twice; remove one", n=number))
        standing = tuple(c for _line, c in (filed or {}).get(number, []))
        if filed is not None and not any(c.stands for c in standing):
            row.problem(_("district {n} has no registered candidate; add one", n=number))
        found[number] = d.District(
            number=number,
            name_ky=row.text("name_ky"),
            name_ru=row.text("name_ru"),
            seats=row.number("seats", 2, 9),
            candidates=standing,
        )
    if not table.whole:
        return None
    for district, rows in (filed or {}).items():
        if district not in found:
            what = _("district {n} is not in districts.csv; correct the number or add it", n=district)
            problems.extend(Problem("candidates.csv", line, what) for line, _c in rows)
    return tuple(found[n] for n in sorted(found))


def stations(
    untrusted: bytes, districts: tuple[d.District, ...] | None, problems: list[Problem], notes: list[Problem]
) -> tuple[d.Station, ...] | None:
    """None where not every row is known by its number."""
    known = {district.number for district in districts or ()}
    columns = ("number", "district", "kind", "zone", "address_ky", "address_ru", "voters_m", "voters_f")
    zones = available_timezones()
    found: dict[int, d.Station] = {}
    table = Table("stations.csv", untrusted, columns, problems, optional=_DIRECTIONS, notes=notes)
    for row in table:
        number = d.StationNumber(row.key("number", 99_999))
        district = row.number("district", 1, 999)
        zone = row.text("zone")
        if number in found:
            row.problem(_("station {n} is given twice; remove one", n=number))
        if districts is not None and district not in known:
            row.problem(_("district {n} is not in districts.csv; correct the number or add it", n=district))
        if zone and zone not in zones:
            row.problem(_("{zone} is not a time zone; write one like Asia/Bishkek", zone=zone))
        kind = cast(d.Kind, row.choice("kind", get_args(d.Kind)))
        men, women = row.number("voters_m", 0, 99_999), row.number("voters_f", 0, 99_999)
        if kind == "remote_only" and men + women:
            row.problem(_("a remote-only station has no roll; set its voters to 0 or change the kind"))
        found[number] = d.Station(
            number=number,
            district=d.DistrictNumber(district),
            kind=kind,
            zone=zone,
            address_ky=row.text("address_ky"),
            address_ru=row.text("address_ru"),
            voters_m=men,
            voters_f=women,
            directions_ky=row.optional_text("directions_ky"),
            directions_ru=row.optional_text("directions_ru"),
        )
    return tuple(found[n] for n in sorted(found)) if table.whole else None


def officials(
    untrusted: bytes,
    stations: tuple[d.Station, ...] | None,
    *,
    quorum: int | None,
    problems: list[Problem],
    notes: list[Problem],
) -> tuple[d.Official, ...]:
    name = "officials.csv"
    known = {station.number for station in stations or ()}
    places: Counter[tuple[int, str]] = Counter()
    found = []
    first: dict[int, int] = {}  # station → its first line
    table = Table(name, untrusted, ("station", "role", "name_ky", "name_ru"), problems, notes=notes)
    for row in table:
        station = row.key("station", 99_999)
        first.setdefault(station, row.line)
        role = row.choice("role", get_args(d.Role))
        if stations is not None and station not in known:
            row.problem(_("station {n} is not in stations.csv; correct the number or add it", n=station))
        places[station, role] += 1
        if role == "chair" and places[station, role] > 1:
            row.problem(_("station {n} has two chairs; keep one", n=station))
        id_ = f"{station}-{role}" if role == "chair" else f"{station}-{role}-{places[station, role]}"
        found.append(
            d.Official(
                id=id_,
                station=d.StationNumber(station),
                role=cast(d.Role, role),
                name_ky=row.name("name_ky"),
                name_ru=row.name("name_ru"),
            )
        )
    for station in sorted(known) if table.whole else ():
        line = first.get(station, 1)
        if not places[station, "chair"]:
            problems.append(Problem(name, line, _("station {n} has no chair; add one", n=station)))
        if quorum is not None and places[station, "member"] < quorum:
            what = _("station {n} has fewer members than the quorum of {k}; add some", n=station, k=quorum)
            problems.append(Problem(name, line, what))
        if places[station, "member"] > MOST_MEMBERS:
            what = _("station {n} has more than {k} members; a key can't be split further", n=station, k=MOST_MEMBERS)
            problems.append(Problem(name, line, what))
    return tuple(sorted(found, key=lambda o: (o.station, o.id)))
