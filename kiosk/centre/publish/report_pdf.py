"""The result on paper, Kyrgyz and Russian: everything that the page says."""

from datetime import datetime
from functools import cache
from typing import Any

from kiosk.centre.publish.report import MOST_REJECTED, TEXTS, changed, district, kinds, percent, sentence
from kiosk.centre.steps.result import Result
from kiosk.messages import every_language


def pdf(result: Result) -> bytes:
    from kiosk.forms.printed import pdf as compiled

    found = result.findings
    data = {
        "purpose": result.purpose,
        "election_ky": result.name_ky,
        "election_ru": result.name_ru,
        "version": result.version,
        "content": result.content[:32],
        "seated": result.seated,
        "seats": result.seats,
        "packets": found.packets,
        "stations": result.stations,
        "turnout": percent(*result.turnout),
        "notes": _notes(result),
        "texts": {key: _both(key) for key in TEXTS},
        "changed": changed(result),
        "decisions": _decisions(result),
        "districts": [_district(d) for d in map(district, result.districts)],
        "remote_opened": result.remote_opened,
        "dropped": [[*_both(why), n] for why, n in found.dropped.items()],
        "complaints": [[*_both(status), n] for status, n in found.complaints.items()],
        "regions": [
            [g.name_ky, g.name_ru, g.stations, g.roll, g.given, percent(g.given, g.roll)] for g in found.regions
        ],
        "hours": [[hour, n] for hour, n in found.hours.items()],
        **_to_be_looked_at(result),
    }
    return compiled("result", data, datetime.fromisoformat(f"{result.voting_day}T00:00:00+00:00"))


def _both(key: str) -> tuple[str, str]:
    """The words of a key in Kyrgyz and Russian; a key that is none, as it is."""
    said = _said()
    return said["ky"].get(key, key), said["ru"].get(key, key)


@cache
def _said() -> dict[str, dict[str, str]]:
    return every_language(TEXTS)


def _notes(result: Result) -> list[tuple[str, str]]:
    notes = [_both("partial")] if result.awaited else []
    return notes if result.remote_opened else [*notes, _both("interim")]


def _decisions(result: Result) -> list[list[str]]:
    decided = result.decisions
    return [
        *(
            [f"№ {a.station}", *_both("annulled" if a.part == "all" else "annulled_outside"), a.reason]
            for a in decided.annul
        ),
        *([f"{s.district} / № {s.candidate}", *_both("struck"), s.reason] for s in decided.strike),
    ]


def _district(d: dict[str, Any]) -> dict[str, Any]:
    rows = [{**r, "seat": r["seat"] and r["seat"].reason} for r in d["rows"]]
    return {**d, "elected": None, "rows": rows, "flags": [_both(flag) for flag in d["flags"]]}


def _to_be_looked_at(result: Result) -> dict[str, Any]:
    found = result.findings
    some = found.rejected[:MOST_REJECTED]
    return {
        "missing": list(found.missing),
        "unopened": [f"{station} / {version}" for station, version in found.unopened],
        "superseded": [f"{station} / {version}" for station, version in found.superseded],
        "ambiguous": [f"{station} / {version}" for station, version in found.ambiguous],
        "forked": [f"{station} / {version}" for station, version in found.forked],
        "replayed": list(found.replayed[:MOST_REJECTED]),
        "twice": [[" + ".join(map(str, pair.stations)), pair.voters] for pair in found.twice_at_home],
        "strange": found.strange,
        "rejected": [[x.file, said["ky"], said["ru"]] for x in some for said in (sentence(x),)],
        "rejected_in_all": len(found.rejected),
        "kinds": [[kind["title"]["ky"], kind["title"]["ru"], kind["n"]] for kind in kinds(found.rejected)],
        "broken": [[b.station, b.equation, "explained" if b.explained else "unexplained"] for b in found.broken],
        "outliers": [[o.station, o.district, _comma(o.turnout), _comma(o.median)] for o in found.outliers],
    }


def _comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
