"""NIST SP 1500-100 v2: the legal (hand) and electronic votes of this station."""

from typing import Any

from kiosk.packet.content import VoteRow
from kiosk.packet.nist import SELECTION_AGAINST_ALL, Source, contest, moment, text

_ER = "ElectionResults."


def report(source: Source) -> dict[str, Any]:
    protocol, heading = source.protocol, source.protocol.heading
    real = protocol.purpose == "official"
    scope = f"district-{protocol.district}"
    election = {
        "@type": _ER + "Election",
        "ElectionScopeId": scope,
        "Name": text(heading.election_ky, heading.election_ru),
        "Type": "special",
        "StartDate": heading.voting_day,
        "EndDate": heading.voting_day,
        "Candidate": [
            {"@id": f"candidate-{r.number}", "@type": _ER + "Candidate", "BallotName": text(r.name_ky, r.name_ru)}
            for r in protocol.candidates
        ],
        "Contest": [
            {
                **contest("ElectionResults", source),
                "ElectionDistrictId": scope,
                "ContestSelection": [_selection(row, source) for row in protocol.votes],
            }
        ],
    }
    return {
        "@type": _ER + "ElectionReport",
        "Format": "precinct-level",
        "GeneratedDate": moment(source.created),
        "Issuer": "Central Election Commission",
        "IssuerAbbreviation": "CEC",
        "SequenceStart": 1,
        "SequenceEnd": 1,
        "Status": "unofficial-partial",
        "VendorApplicationId": source.software,
        "IsTest": not real,
        **({} if real else {"TestType": protocol.purpose}),
        "GpUnit": _units(source, scope),
        "Election": [election],
    }


def _units(source: Source, scope: str) -> list[dict[str, Any]]:
    protocol, heading = source.protocol, source.protocol.heading
    lines = protocol.line_values()
    station = {
        "@id": source.unit,
        "@type": _ER + "ReportingUnit",
        "Type": "precinct",
        "Number": str(protocol.station),
        "Name": text(heading.address_ky, heading.address_ru),
        "VotersRegistered": lines["roll"],
        "VotersParticipated": lines["given_inside"] + lines["given_outside"],
    }
    district = {
        "@id": scope,
        "@type": _ER + "ReportingUnit",
        "Type": "other",
        "OtherType": "electoral-district",
        "Number": str(protocol.district),
        "Name": text(heading.district_ky, heading.district_ru),
    }
    return [station, district]


def _selection(row: VoteRow, source: Source) -> dict[str, Any]:
    who: dict[str, Any]
    if row.number:
        who = {"@type": _ER + "CandidateSelection", "CandidateIds": [f"candidate-{row.number}"]}
    else:
        who = {"@type": _ER + "BallotMeasureSelection", "Selection": text(row.name_ky, row.name_ru)}
    order = row.number or len(source.protocol.votes)
    return {
        "@id": source.selection(row.number) if row.number else SELECTION_AGAINST_ALL,
        **who,
        "SequenceOrder": order,
        "VoteCounts": _counts(row, source.unit),
    }


def _counts(row: VoteRow, unit: str) -> list[dict[str, Any]]:
    """The legal figure as the total; the electronic one beside it, marked as what it is."""

    def counts(kind: str, count: int, device: str) -> dict[str, Any]:
        return {
            "@type": _ER + "VoteCounts",
            "GpUnitId": unit,
            "Type": kind,
            "Count": count,
            "DeviceClass": {"@type": _ER + "DeviceClass", "Type": device},
        }

    found = [counts("total", row.legal, "manual-count")]
    if row.electronic is not None:
        found.append({**counts("other", row.electronic, "dre"), "OtherType": "electronic"})
    return found
