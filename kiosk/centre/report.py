"""The result for people: one self-contained page in three languages, and the same as PDF."""

import json
from typing import Any

from kiosk.centre.pages import environment, script
from kiosk.centre.result import Result
from kiosk.centre.totals import DistrictTotal
from kiosk.election.definition import AGAINST_ALL_KY, AGAINST_ALL_RU
from kiosk.messages import LANGUAGES, every_language, message
from kiosk.text import N_, speaking

# Everything the page says, by the key the template uses.
TEXTS = {
    "title": N_("Results of the election"),
    "version": N_("Version"),
    "training": N_("Training data, not a real election"),
    "test": N_("Test data, not a real election"),
    "seats": N_("Seats"),
    "stations": N_("Stations counted"),
    "turnout": N_("Turnout"),
    "turnout_base": N_("ballots given to voters of the counted rolls"),
    "remote": N_("Remote ballots"),
    "partial": N_("Preliminary: not all stations are counted"),
    "interim": N_("Interim: remote ballots are not opened yet, only the stations' own votes are counted."),
    "remote_note": N_("Cast away from home. They are counted by home district and never shown by station."),
    "dropped": N_("Envelopes not opened"),
    "by_district": N_("Districts"),
    "filter": N_("Find a district or a candidate"),
    "all": N_("All districts"),
    "district": N_("District"),
    "candidate": N_("Candidate"),
    "votes": N_("Votes"),
    "share": N_("Share of valid votes"),
    "here": N_("in its stations"),
    "elsewhere": N_("remote"),
    "elected": N_("elected"),
    "sex_rule": N_("elected: at most two seats for one sex"),
    "struck": N_("struck off"),
    "against": N_("Against all"),
    "invalid": N_("Invalid"),
    "valid": N_("Valid votes"),
    "unreadable": N_("Unreadable remote ballots"),
    "hours": N_("Ballots given by hour"),
    "regions": N_("Turnout by region"),
    "region": N_("Region"),
    "roll": N_("On the roll"),
    "given": N_("Ballots given"),
    "complaints": N_("Complaints"),
    "status": N_("Status"),
    "number": N_("Number"),
    "look": N_("To be looked at"),
    "missing": N_("Stations without a packet"),
    "rejected": N_("Refused packets"),
    "file": N_("File"),
    "why": N_("Why"),
    "broken": N_("Control equations that do not hold"),
    "equation": N_("Equation"),
    "explained": N_("explained by an act"),
    "unexplained": N_("no act"),
    "outliers": N_("Turnout far from the district's median"),
    "median": N_("median"),
    "unopened": N_("Taken in without the key and not opened: give their files to the tally"),
    "superseded": N_("Older versions replaced"),
    "ambiguous": N_("Two packets of one version: not counted"),
    "replayed": N_("Packets that came twice"),
    "twice_at_home": N_("Voters given two home ballots"),
    "strange": N_("Home ballots given to voters of another roll"),
    "decisions": N_("Decisions"),
    "annulled": N_("annulled"),
    "annulled_outside": N_("votes of the portable box annulled"),
    "changed": N_("Seats that changed since the version before"),
    "lost": N_("lost the seat"),
    "won": N_("won the seat"),
    "print": N_("Print"),
    "none": N_("None"),
    "station": N_("Station"),
    "content": N_("Fingerprint of this result"),
    "against_all_leads": N_("“Against all” leads: a repeat election may follow"),
    "vacant_seat": N_("A seat stays vacant"),
    "tie_by_filing_order": N_("Equal votes were decided by the order of filing"),
    "unresolved_tie": N_("Equal votes and equal filing: the commission must decide"),
    "beaten_by_home": N_("a ballot was given at the home station"),
    "beaten_by_earlier": N_("an earlier envelope counts"),
    "not_on_roll": N_("on no roll"),
    "other_district": N_("ballot of another district"),
    "own_district": N_("cast inside the home district"),
    "copied": N_("the same sealed ballot under several voters"),
    "not_genuine": N_("not signed by the station"),
    "station_annulled": N_("the station is annulled"),
    "received": N_("received"), "under_review": N_("under review"), "forwarded": N_("forwarded"),
    "warning": N_("warning"), "measures": N_("measures taken"), "dismissed": N_("dismissed"),
    "withdrawn": N_("complaint withdrawn"), "appealed": N_("appealed"),
}  # fmt: skip


def page(result: Result) -> str:
    """One file, no network, readable on a phone; switches languages, filters, sorts and prints."""
    said = every_language(TEXTS)
    rejected = []
    for refused in result.findings.rejected:
        why = {}
        for language in LANGUAGES:
            with speaking(language):
                why[language] = message(refused.code, refused.facts).sentence
        rejected.append({"file": refused.file, "why": why})
    html: str = (
        environment()
        .get_template("report.html.j2")
        .render(
            r=result,
            f=result.findings,
            districts=[_district(d) for d in result.districts],
            rejected=rejected,
            t=said["ky"],
            texts=script(json.dumps(said, ensure_ascii=False)),
            turnout=percent(result.findings),
            most=max([*result.findings.hours.values(), 1]),
            remote=sum(d.remote for d in result.districts),
            dropped=sum(result.findings.dropped.values()),
            against=(AGAINST_ALL_KY, AGAINST_ALL_RU),
        )
    )
    return html


def percent(found: Any) -> str:
    roll, given = sum(r.roll for r in found.regions), sum(r.given for r in found.regions)
    return f"{100 * given / roll:.1f}" if roll else "–"


def _district(d: DistrictTotal) -> dict[str, Any]:
    """As the page wants it: candidates by votes, with their share of the valid ones and their seat."""
    seats = {seat.candidate: seat for seat in d.outcome.seats}
    top = max([*(c.votes for c in d.candidates), d.against_stations + d.against_remote, 1])
    rows = [
        {
            "number": c.number, "name_ky": c.name_ky, "name_ru": c.name_ru, "votes": c.votes, "stations": c.stations,
            "remote": c.remote, "struck": c.struck, "seat": seats.get(str(c.number)),
            "share": f"{100 * c.votes / d.valid:.1f}" if d.valid else "–", "bar": round(100 * c.votes / top, 1),
        }
        for c in sorted(d.candidates, key=lambda c: (c.struck, -c.votes, c.filed))
    ]  # fmt: skip
    against = d.against_stations + d.against_remote
    return {
        "number": d.number, "name_ky": d.name_ky, "name_ru": d.name_ru, "rows": rows, "flags": d.outcome.flags,
        "against": against, "against_bar": round(100 * against / top, 1),
        "against_share": f"{100 * against / d.valid:.1f}" if d.valid else "–", "valid": d.valid,
        "invalid": d.invalid_stations + d.invalid_remote, "remote": d.remote, "unreadable": d.unreadable_remote,
        "counted": d.counted, "stations": d.stations, "elected": [r for r in rows if r["seat"]],
    }  # fmt: skip


def _both(key: str) -> tuple[str, str]:
    """The words of a key in Kyrgyz and Russian, for paper."""
    said = every_language({key: TEXTS.get(key, key)})
    return said["ky"][key], said["ru"][key]


def pdf(result: Result) -> bytes:
    """For the archive and for paper: seats and votes by district, what is to be looked at. Kyrgyz and Russian."""
    from datetime import datetime

    from kiosk.forms.printed import pdf as compiled

    data = {
        "purpose": result.purpose,
        "election_ky": result.name_ky,
        "election_ru": result.name_ru,
        "version": result.version,
        "content": result.content[:32],
        "seated": result.seated,
        "seats": result.seats,
        "packets": result.findings.packets,
        "stations": result.stations,
        "turnout": percent(result.findings),
        "missing": list(result.findings.missing),
        "partial": _both("partial") if result.findings.packets < result.stations else None,
        "interim": None if result.remote_opened else _both("interim"),
        "decisions": [
            *(
                [f"№ {a.station}", *_both("annulled" if a.part == "all" else "annulled_outside"), a.reason]
                for a in result.decisions.annul
            ),
            *([f"{s.district} / № {s.candidate}", *_both("struck"), s.reason] for s in result.decisions.strike),
        ],
        "rejected": [{"file": r.file, "code": r.code} for r in result.findings.rejected],
        "districts": [
            {
                **d,
                "elected": None,
                "rows": [{**r, "seat": r["seat"] and r["seat"].reason} for r in d["rows"]],
                "flags": [_both(flag) for flag in d["flags"]],
            }
            for d in map(_district, result.districts)
        ],
        "dropped": [[*_both(why), n] for why, n in result.findings.dropped.items()],
        "complaints": [[*_both(status), n] for status, n in result.findings.complaints.items()],
        "regions": [[g.name_ky, g.name_ru, g.stations, g.roll, g.given] for g in result.findings.regions],
        "hours": [[hour, n] for hour, n in result.findings.hours.items()],
    }
    return compiled("result", data, datetime.fromisoformat(f"{result.voting_day}T00:00:00+00:00"))
