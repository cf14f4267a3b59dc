"""NIST SP 1500-100 v2 of the whole election: 30 contests, votes by district, in the stations and remote."""

from typing import Any

from kiosk import __version__
from kiosk.centre.steps.anonymous.count import CandidateTotal, DistrictTotal
from kiosk.centre.steps.result import Result
from kiosk.election.definition import AGAINST_ALL_KY, AGAINST_ALL_RU
from kiosk.packet.nist import text

_ER = "ElectionResults."


def report(result: Result) -> dict[str, Any]:
    """Its date is the voting day: the same packets give the same bytes. `SequenceStart` is the version."""
    real = result.purpose == "official"
    election = {
        "@type": _ER + "Election",
        "ElectionScopeId": "country",
        "Name": text(result.name_ky, result.name_ru),
        "Type": "special",
        "StartDate": result.voting_day,
        "EndDate": result.voting_day,
        "Candidate": [_candidate(d, c) for d in result.districts for c in d.candidates],
        "Contest": [_contest(d) for d in result.districts],
    }
    return {
        "@type": _ER + "ElectionReport",
        "Format": "summary-contest",
        "GeneratedDate": f"{result.voting_day}T00:00:00+00:00",
        "Issuer": "Central Election Commission",
        "IssuerAbbreviation": "CEC",
        "SequenceStart": result.version,
        "SequenceEnd": result.version,
        "Status": "unofficial-complete" if result.complete else "unofficial-partial",
        "VendorApplicationId": f"kiosk {__version__}",
        "IsTest": not real,
        **({} if real else {"TestType": result.purpose}),
        "GpUnit": [_country(result), *(_district(d) for d in result.districts)],
        "Election": [election],
    }


def _country(result: Result) -> dict[str, Any]:
    return {
        "@id": "country",
        "@type": _ER + "ReportingUnit",
        "Type": "country",
        "Name": text("Кыргыз Республикасы", "Кыргызская Республика"),
        "SubUnitsReported": result.findings.packets,
        "TotalSubUnits": result.stations,
        "ComposingGpUnitIds": [f"district-{d.number}" for d in result.districts],
    }


def _district(d: DistrictTotal) -> dict[str, Any]:
    return {
        "@id": f"district-{d.number}",
        "@type": _ER + "ReportingUnit",
        "Type": "other",
        "OtherType": "electoral-district",
        "Number": str(d.number),
        "Name": text(d.name_ky, d.name_ru),
        "SubUnitsReported": d.counted,
        "TotalSubUnits": d.stations,
        "VotersRegistered": d.roll,
        "VotersParticipated": d.participated,
    }


def _candidate(d: DistrictTotal, c: CandidateTotal) -> dict[str, Any]:
    elected = any(seat.candidate == str(c.number) for seat in d.outcome.seats)
    return {
        "@id": f"candidate-{d.number}-{c.number}",
        "@type": _ER + "Candidate",
        "BallotName": text(c.name_ky, c.name_ru),
        "PostElectionStatus": "winner" if elected else "withdrawn" if c.struck else "defeated",
    }


def _contest(d: DistrictTotal) -> dict[str, Any]:
    against = {
        "@id": f"selection-{d.number}-against-all",
        "@type": _ER + "BallotMeasureSelection",
        "Selection": text(AGAINST_ALL_KY, AGAINST_ALL_RU),
        "SequenceOrder": len(d.candidates) + 1,
        "VoteCounts": _counts(d, d.against_stations, d.against_remote),
    }
    return {
        "@id": f"contest-{d.number}",
        "@type": _ER + "CandidateContest",
        "Name": d.name_ru,
        "ElectionDistrictId": f"district-{d.number}",
        "NumberElected": d.seats,
        "VotesAllowed": 1,
        "VoteVariation": "other",
        "OtherVoteVariation": "plurality, at most two of one sex",
        "OtherCounts": [
            {
                "@type": _ER + "OtherCounts",
                "GpUnitId": f"district-{d.number}",
                "Overvotes": 0,
                "Undervotes": d.invalid_stations + d.invalid_remote,
            }
        ],
        "ContestSelection": [*(_selection(d, c, place) for place, c in enumerate(d.candidates, 1)), against],
    }


def _selection(d: DistrictTotal, c: CandidateTotal, place: int) -> dict[str, Any]:
    return {
        "@id": f"selection-{d.number}-{c.number}",
        "@type": _ER + "CandidateSelection",
        "CandidateIds": [f"candidate-{d.number}-{c.number}"],
        "SequenceOrder": place,
        "VoteCounts": _counts(d, c.stations, c.remote),
    }


def _counts(d: DistrictTotal, stations: int, remote: int) -> list[dict[str, Any]]:
    """The total, and in it the votes of the district's own stations and those cast elsewhere."""

    def counts(kind: str, count: int, other: str = "") -> dict[str, Any]:
        named = {"OtherType": other} if other else {}
        unit = f"district-{d.number}"
        return {"@type": _ER + "VoteCounts", "GpUnitId": unit, "Type": kind, **named, "Count": count}

    return [counts("total", stations + remote), counts("election-day", stations), counts("other", remote, "remote")]
