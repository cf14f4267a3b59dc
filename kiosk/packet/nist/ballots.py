"""NIST SP 1500-103: one record a ballot, in order of their fresh random ids, which say nothing of the day."""

from collections.abc import Iterable
from typing import Any

import msgspec

from kiosk.ballot.count import CastVoteRecord
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import IntegrityError
from kiosk.packet.content import BALLOTS
from kiosk.packet.nist import SELECTION_AGAINST_ALL, Source, contest, moment


def report(records: Iterable[CastVoteRecord], source: Source) -> dict[str, Any]:
    return {
        "@type": "CVR.CastVoteRecordReport",
        "Version": "1.0.0",
        "GeneratedDate": moment(source.created),
        "ReportType": ["originating-device-export"],
        "ReportGeneratingDeviceIds": [source.device],
        "ReportingDevice": [
            {"@id": source.device, "@type": "CVR.ReportingDevice", "Application": source.software, "Model": "kiosk"}
        ],
        "GpUnit": [
            {"@id": source.unit, "@type": "CVR.GpUnit", "Type": "precinct", "Name": str(source.protocol.station)}
        ],
        "Election": [_election(source)],
        "CVR": [_record(cvr, source) for cvr in records],
    }


def _election(source: Source) -> dict[str, Any]:
    protocol = source.protocol
    selections: list[dict[str, Any]] = [
        {
            "@id": source.selection(row.number),
            "@type": "CVR.CandidateSelection",
            "CandidateIds": [f"candidate-{row.number}"],
        }
        for row in protocol.candidates
    ]
    against = {
        "@id": SELECTION_AGAINST_ALL,
        "@type": "CVR.BallotMeasureSelection",
        "Selection": protocol.against_all.name_ru,
    }
    return {
        "@id": "election",
        "@type": "CVR.Election",
        "Name": protocol.heading.election_ru,
        "ElectionScopeId": source.unit,
        "Candidate": [
            {"@id": f"candidate-{r.number}", "@type": "CVR.Candidate", "Name": r.name_ru} for r in protocol.candidates
        ],
        "Contest": [{**contest("CVR", source), "ContestSelection": [*selections, against]}],
    }


def _record(cvr: CastVoteRecord, source: Source) -> dict[str, Any]:
    contest: dict[str, Any] = {"@type": "CVR.CVRContest", "ContestId": "contest"}
    if cvr.choice == INVALID:
        contest |= {"Overvotes": 0, "Undervotes": 1, "Status": ["invalidated-rules"]}
    else:
        position = {"@type": "CVR.SelectionPosition", "HasIndication": "yes", "NumberVotes": 1}
        contest["CVRContestSelection"] = [
            {
                "@type": "CVR.CVRContestSelection",
                "ContestSelectionId": source.selection(cvr.choice),
                "SelectionPosition": [position],
            }
        ]
    snapshot = {"@id": f"snapshot-{cvr.id}", "@type": "CVR.CVRSnapshot", "Type": "original", "CVRContest": [contest]}
    return {
        "@type": "CVR.CVR",
        "ElectionId": "election",
        "CreatingDeviceId": source.device,
        "BallotStyleUnitId": source.unit,
        "UniqueId": cvr.id,
        "CurrentSnapshotId": f"snapshot-{cvr.id}",
        "CVRSnapshot": [snapshot],
    }


def records(untrusted: bytes) -> list[CastVoteRecord]:
    """The records of a report; the caller makes the report again and compares. IntegrityError `entry_malformed`."""
    try:
        return [_read(cvr) for cvr in msgspec.json.decode(untrusted)["CVR"]]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise IntegrityError("entry_malformed", entry=BALLOTS, where="CVR") from error


def _read(cvr: dict[str, Any]) -> CastVoteRecord:
    [snapshot] = cvr["CVRSnapshot"]
    [contest] = snapshot["CVRContest"]
    id_ = cvr["UniqueId"]
    if not isinstance(id_, str):
        raise TypeError
    if "CVRContestSelection" not in contest:
        return CastVoteRecord(id_, INVALID)
    [selection] = contest["CVRContestSelection"]
    name = selection["ContestSelectionId"]
    number = AGAINST_ALL if name == SELECTION_AGAINST_ALL else int(name.removeprefix("selection-"))
    return CastVoteRecord(id_, number)
