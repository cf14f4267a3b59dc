"""NIST SP 1500-103: one record a ballot, in order of their fresh random ids, which say nothing of the day."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from kiosk import canonical
from kiosk.ballot.count import CastVoteRecord
from kiosk.election.definition import AGAINST_ALL, INVALID
from kiosk.errors import IntegrityError
from kiosk.packet.content import BALLOTS
from kiosk.packet.nist import SELECTION_AGAINST_ALL, Source, contest, moment

_ENCODER = msgspec.json.Encoder()


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
        "CVR": msgspec.Raw(_ENCODER.encode(_records(records, source))),
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


class _Snapshot(msgspec.Struct, frozen=True):
    """This and the record have their fields in the order of canonical JSON: a packet has thousands."""

    id: str = msgspec.field(name="@id")
    kind: str = msgspec.field(name="@type")
    contest: list[msgspec.Raw] = msgspec.field(name="CVRContest")
    type: str = msgspec.field(name="Type")


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    kind: str = msgspec.field(name="@type")
    style: str = msgspec.field(name="BallotStyleUnitId")
    snapshots: list[_Snapshot] = msgspec.field(name="CVRSnapshot")
    device: str = msgspec.field(name="CreatingDeviceId")
    current: str = msgspec.field(name="CurrentSnapshotId")
    election: str = msgspec.field(name="ElectionId")
    id: str = msgspec.field(name="UniqueId")


def _records(records: Iterable[CastVoteRecord], source: Source) -> list[_Record]:
    contests: dict[int, list[msgspec.Raw]] = {}  # the same for every ballot with the same mark
    unit, device = source.unit, source.device
    made = []
    for cvr in records:
        if cvr.choice not in contests:
            contests[cvr.choice] = [msgspec.Raw(canonical.write_record(_contest(cvr.choice, source)))]
        snapshot = f"snapshot-{cvr.id}"
        shot = _Snapshot(snapshot, "CVR.CVRSnapshot", contests[cvr.choice], "original")
        made.append(
            _Record(
                kind="CVR.CVR",
                style=unit,
                snapshots=[shot],
                device=device,
                current=snapshot,
                election="election",
                id=cvr.id,
            )
        )
    return made


def _contest(choice: int, source: Source) -> dict[str, Any]:
    contest: dict[str, Any] = {"@type": "CVR.CVRContest", "ContestId": "contest"}
    if choice == INVALID:
        contest |= {"Overvotes": 0, "Undervotes": 1, "Status": ["invalidated-rules"]}
    else:
        position = {"@type": "CVR.SelectionPosition", "HasIndication": "yes", "NumberVotes": 1}
        contest["CVRContestSelection"] = [
            {
                "@type": "CVR.CVRContestSelection",
                "ContestSelectionId": source.selection(choice),
                "SelectionPosition": [position],
            }
        ]
    return contest


def records(untrusted: bytes) -> list[CastVoteRecord]:
    """The records of a report; the caller makes the report again and compares. IntegrityError `entry_malformed`."""
    try:
        return [_read(cvr) for cvr in _REPORT.decode(untrusted).records]
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise IntegrityError("entry_malformed", entry=BALLOTS, where="CVR") from error


class _FoundSelection(msgspec.Struct):
    id: str = msgspec.field(name="ContestSelectionId")


class _FoundContest(msgspec.Struct):
    selections: list[_FoundSelection] | None = msgspec.field(name="CVRContestSelection", default=None)


class _FoundSnapshot(msgspec.Struct):
    contests: list[_FoundContest] = msgspec.field(name="CVRContest")


class _FoundRecord(msgspec.Struct):
    id: str = msgspec.field(name="UniqueId")
    snapshots: list[_FoundSnapshot] = msgspec.field(name="CVRSnapshot")


class _FoundReport(msgspec.Struct):
    records: list[_FoundRecord] = msgspec.field(name="CVR")


_REPORT = msgspec.json.Decoder(_FoundReport)


_ID = re.compile("[0-9a-f]{16}")  # as kiosk.ballot.count makes them; every reader sorts such in one way


def _read(cvr: _FoundRecord) -> CastVoteRecord:
    if not _ID.fullmatch(cvr.id):
        raise ValueError(cvr.id)
    [snapshot] = cvr.snapshots
    [contest] = snapshot.contests
    if contest.selections is None:
        return CastVoteRecord(cvr.id, INVALID)
    [selection] = contest.selections
    name = selection.id
    return CastVoteRecord(cvr.id, AGAINST_ALL if name == SELECTION_AGAINST_ALL else int(name[len("selection-") :]))
