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


def candidates(untrusted: bytes, problems: list[Problem]) -> dict[int, list[tuple[int, d.Candidate]]]:
    """district → (line, candidate) in ballot order."""
    columns = ("district", "order", "name_ky", "name_ru", "sex", "birth_year", "filed", "status")
    found: dict[int, list[tuple[int, d.Candidate]]] = {}
    for row in Table("candidates.csv", untrusted, columns, problems):
        struck_off_at = row.cells.get("struck_off_at", "").strip() or None
        status = row.choice("status", ("registered", "struck_off"))
        if status == "struck_off" and not _is_moment(struck_off_at):
            row.problem(_("struck_off_at must say when, like 2025-11-28T18:00+06:00"))
        if status == "registered" and struck_off_at:
            row.problem(_("struck_off_at is filled but the status is registered; clear one"))
        candidate = d.Candidate(
            number=row.number("order", 1, 99),
            name_ky=row.text("name_ky"),
            name_ru=row.text("name_ru"),
            sex=cast(d.Sex, row.choice("sex", ("m", "f"))),
            birth_year=row.number("birth_year", 1900, 2010),
            filed=row.number("filed", 1, 99_999),
            status=cast(Any, status),
            struck_off_at=struck_off_at,
        )
        found.setdefault(row.number("district", 1, 999), []).append((row.line, candidate))
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
    return found


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
    untrusted: bytes, filed: dict[int, list[tuple[int, d.Candidate]]], problems: list[Problem]
) -> tuple[d.District, ...]:
    found: dict[int, d.District] = {}
    for row in Table("districts.csv", untrusted, ("district", "name_ky", "name_ru", "seats"), problems):
        number = d.DistrictNumber(row.number("district", 1, 999))
        if number in found:
            row.problem(_("district {n} is given twice; remove one", n=number))
        standing = tuple(c for _line, c in filed.get(number, []))
        if not any(c.stands for c in standing):
            row.problem(_("district {n} has no registered candidate; add one", n=number))
        found[number] = d.District(
            number=number,
            name_ky=row.text("name_ky"),
            name_ru=row.text("name_ru"),
            seats=row.number("seats", 2, 9),
            candidates=standing,
        )
    for district, rows in filed.items():
        if district not in found:
            what = _("district {n} is not in districts.csv; correct the number or add it", n=district)
            problems.extend(Problem("candidates.csv", line, what) for line, _c in rows)
    return tuple(found[n] for n in sorted(found))


def stations(untrusted: bytes, known: set[d.DistrictNumber], problems: list[Problem]) -> tuple[d.Station, ...]:
    columns = ("number", "district", "kind", "zone", "address_ky", "address_ru", "voters_m", "voters_f")
    zones = available_timezones()
    found: dict[int, d.Station] = {}
    for row in Table("stations.csv", untrusted, columns, problems):
        number = d.StationNumber(row.number("number", 1, 99_999))
        district = row.number("district", 1, 999)
        zone = row.text("zone")
        if number in found:
            row.problem(_("station {n} is given twice; remove one", n=number))
        if district not in known:
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
    return tuple(found[n] for n in sorted(found))


def officials(
    untrusted: bytes, known: set[d.StationNumber], quorum: int, problems: list[Problem]
) -> tuple[d.Official, ...]:
    name = "officials.csv"
    places: Counter[tuple[int, str]] = Counter()
    found = []
    last_line = 1
    for row in Table(name, untrusted, ("station", "role", "name_ky", "name_ru"), problems):
        last_line = row.line
        station = row.number("station", 1, 99_999)
        role = row.choice("role", get_args(d.Role))
        if station not in known:
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
                name_ky=row.text("name_ky"),
                name_ru=row.text("name_ru"),
            )
        )
    for station in sorted(known):
        if not places[station, "chair"]:
            problems.append(Problem(name, last_line, _("station {n} has no chair; add one", n=station)))
        if places[station, "member"] < quorum:
            what = _("station {n} has fewer members than the quorum of {k}; add some", n=station, k=quorum)
            problems.append(Problem(name, last_line, what))
        if places[station, "member"] > MOST_MEMBERS:
            what = _("station {n} has more than {k} members; a key can't be split further", n=station, k=MOST_MEMBERS)
            problems.append(Problem(name, last_line, what))
    return tuple(sorted(found, key=lambda o: (o.station, o.id)))
