"""The result for people: one self-contained page in three languages. `report_pdf` is the same on paper."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from kiosk.centre.publish.html import environment, script
from kiosk.centre.steps.anonymous.count import DistrictTotal
from kiosk.centre.steps.findings import Rejected
from kiosk.centre.steps.result import Result
from kiosk.election.definition import AGAINST_ALL_KY, AGAINST_ALL_RU
from kiosk.messages import choices, every_language, message
from kiosk.numerals import tenths
from kiosk.settings import LANGUAGES
from kiosk.text import N_, speaking

MOST_REJECTED = 100  # lines; a folder of rubbish must not bury the rest

# Everything the page says, by the key the template uses.
TEXTS = {
    "title": N_("Results of the election"),
    "version": N_("Version"),
    "training": N_("Training data, not a real election"),
    "test": N_("Test data, not a real election"),
    "seats": N_("Seats"),
    "stations": N_("Stations counted"),
    "turnout": N_("Turnout"),
    "turnout_base": N_("ballots given at the stations and counted remote ballots, of the counted rolls"),
    "turnout_station": N_("Turnout in the stations"),
    "turnout_station_base": N_("Ballots given there, of the roll. Remote voters count in the district alone."),
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
    "struck_votes": N_("For candidates struck off, in no share"),
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
    "more_rejected": N_("more; the whole list is in 1-check.csv"),
    "outliers": N_("Turnout far from the district's median"),
    "median": N_("median"),
    "unopened": N_("Taken in without the key and not opened: give their files to the tally"),
    "superseded": N_("Older versions replaced"),
    "forked": N_("Terminals that went on after a spare had taken over: not counted"),
    "ambiguous": N_("Two packets of one version: not counted"),
    "replayed": N_("Packets that came twice"),
    "twice_at_home": N_("Voters given two home ballots"),
    "stations_of": N_("Stations"),
    "voters": N_("Voters"),
    "doubles": N_("Each voter who was given two ballots, with both stations, is a line of private/2-squash.csv."),
    "strange": N_("Home ballots given to voters of another roll"),
    "decisions": N_("Decisions"),
    "annulled": N_("annulled"),
    "annulled_stations": N_("Annulled stations"),
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
    "seat_without_votes": N_("A seat without a single vote"),
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
    **choices("status"),
}  # fmt: skip


def page(result: Result) -> str:
    """One file, no network, readable on a phone; switches languages, filters, sorts and prints."""
    said = every_language(TEXTS)
    html: str = (
        environment()
        .get_template("report.html.j2")
        .render(
            r=result,
            f=result.findings,
            districts=[district(d) for d in result.districts],
            changed=changed(result),
            rejected=[{"file": x.file, "why": sentence(x)} for x in result.findings.rejected[:MOST_REJECTED]],
            kinds=kinds(result.findings.rejected),
            beyond=max(0, len(result.findings.rejected) - MOST_REJECTED),
            t=said["ky"],
            texts=script(json.dumps(said, ensure_ascii=False)),
            turnout=percent(*result.turnout),
            share=percent,
            most=max([*result.findings.hours.values(), 1]),
            remote=sum(d.remote for d in result.districts),
            dropped=sum(result.findings.dropped.values()),
            twice=sum(pair.voters for pair in result.findings.twice_at_home),
            against=(AGAINST_ALL_KY, AGAINST_ALL_RU),
        )
    )
    return html


def percent(part: int, base: int) -> str:
    """As Kyrgyz and Russian write it; the page puts the point of English in its place."""
    with speaking("ky"):
        return tenths(part, base)


def sentence(refused: Rejected) -> dict[str, str]:
    """language → why."""
    why = {}
    for language in LANGUAGES:
        with speaking(language):
            why[language] = message(refused.code, refused.facts).sentence
    return why


def kinds(rejected: Sequence[Rejected]) -> list[dict[str, Any]]:
    """What the refusals are, commonest first: {title in each language, n}. Nothing where each can be listed."""
    if len(rejected) <= MOST_REJECTED:
        return []
    found = []
    for code, n in Counter(x.code for x in rejected).most_common():
        titles = {}
        for language in LANGUAGES:
            with speaking(language):
                titles[language] = message(code, {}).title
        found.append({"n": n, "title": titles})
    return found


def changed(result: Result) -> list[dict[str, Any]]:
    """Seats that another version gave to somebody else, with names: {district, lost, won}, each (ky, ru)."""
    districts = {d.number: d for d in result.districts}
    found = []
    for change in result.changed:
        d = districts[change.district]
        names = {str(c.number): (f"{c.number}. {c.name_ky}", f"{c.number}. {c.name_ru}") for c in d.candidates}
        lost, won = ([names[number] for number in side] for side in (change.lost, change.won))
        found.append({"district": (d.name_ky, d.name_ru), "lost": lost, "won": won})
    return found


def district(d: DistrictTotal) -> dict[str, Any]:
    """As page and paper want it: candidates by votes, with their share of the valid ones and their seat."""
    seats = {seat.candidate: seat for seat in d.outcome.seats}
    top = max([*(c.votes for c in d.candidates), d.against_stations + d.against_remote, 1])
    rows = [
        {
            "number": c.number, "name_ky": c.name_ky, "name_ru": c.name_ru, "votes": c.votes, "stations": c.stations,
            "remote": c.remote, "struck": c.struck, "seat": seats.get(str(c.number)),
            "share": "–" if c.struck else percent(c.votes, d.valid), "bar": round(100 * c.votes / top, 1),
        }
        for c in sorted(d.candidates, key=lambda c: (c.struck, -c.votes, c.filed))
    ]  # fmt: skip
    against = d.against_stations + d.against_remote
    return {
        "number": d.number, "name_ky": d.name_ky, "name_ru": d.name_ru, "rows": rows, "flags": d.outcome.flags,
        "against": against, "against_bar": round(100 * against / top, 1),
        "against_share": percent(against, d.valid), "valid": d.valid, "struck_votes": d.struck_votes,
        "invalid": d.invalid_stations + d.invalid_remote, "remote": d.remote, "unreadable": d.unreadable_remote,
        "counted": d.counted, "stations": d.stations, "elected": [r for r in rows if r["seat"]],
    }  # fmt: skip
