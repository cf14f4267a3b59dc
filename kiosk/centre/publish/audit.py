"""What each step of the tally leaves for an auditor, and the results themselves, in the folder of a version."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kiosk import canonical
from kiosk.centre.publish import nist, report, report_pdf
from kiosk.centre.steps.anonymous.anonymise import SealedBallot
from kiosk.centre.steps.anonymous.count import DistrictTotal, StationVotes
from kiosk.centre.steps.anonymous.unseal import Opened
from kiosk.centre.steps.result import Result
from kiosk.centre.steps.squash import Selected, Squashed
from kiosk.centre.tables import Tables

Rows = list[Sequence[Any]]

_PORTION = 20_000
PRIVATE = "private"
SQUASH_FILE, SQUASH = "2-squash-totals.csv", ("district", "envelopes", "kept")
ANONYMOUS_FILE = "3-anonymous.parquet"
OPEN_FILE, OPEN = "4-open.csv", ("district", "choice", "ballots")
COUNT_FILE, SEATS_FILE, RESULTS_FILE, NIST_FILE = "5-count.csv", "6-seats.csv", "results.csv", "results.json"
SEATS = ("district", "place", "number", "name_ky", "name_ru", "sex", "votes", "reason")
COUNT = ("district", "number", "name_ky", "name_ru", "stations", "remote", "votes", "struck_off")
RESULTS = ("district", "station", "number", "electronic", "legal")


class Audit(msgspec.Struct, frozen=True):
    """What the steps leave that still know stations and tags; gathered before anything is anonymous."""

    check: Rows
    squash: Rows
    envelopes: Rows
    decisions: bytes


def gather(tables: Tables, selected: Selected, squashed: Squashed, decisions: bytes) -> Audit:
    packets = tables.rows(
        "SELECT a.file, p.sha256, p.station, p.version, p.code, c.annulled FROM packet p"
        " JOIN arrival a ON a.sha256 = p.sha256 LEFT JOIN chosen c ON c.sha256 = p.sha256"
    )
    superseded = {sha for _station, _version, sha in selected.superseded}
    forked = {sha for _station, _version, sha in selected.forked}
    ambiguous = {sha for _station, _version, sha in selected.ambiguous}

    def state(sha: str, code: str, annulled: bool | None) -> str:
        if annulled is not None:
            return "annulled" if annulled else "counts"
        if code:
            return "refused"
        if sha in forked:
            return "forked"
        return "superseded" if sha in superseded else "ambiguous" if sha in ambiguous else "unopened"

    check = [(*packet[:5], state(packet[1], packet[4], packet[5])) for packet in packets]
    envelopes = (
        tables.rows(
            "SELECT district, count(*), sum(CASE WHEN why = '' THEN 1 ELSE 0 END) FROM verdict GROUP BY 1 ORDER BY 1"
        )
        if squashed.envelopes
        else []
    )
    return Audit(sorted(check, key=lambda p: (p[0], p[1])), list(_squashed(squashed)), list(envelopes), decisions)


def write_steps(folder: Path, found: Audit) -> None:
    """`private`: who voted twice and where is for the auditors, not for publication."""
    _csv(folder / "1-check.csv", ("file", "sha256", "station", "version", "refused", "state"), found.check)
    (folder / PRIVATE).mkdir()
    _csv(folder / PRIVATE / "2-squash.csv", ("tag", "district", "station", "why", "other_station"), found.squash)
    _csv(folder / SQUASH_FILE, SQUASH, found.envelopes)
    if found.decisions:
        (folder / "decisions.toml").write_bytes(found.decisions)


def write_result(
    folder: Path,
    ballots: Sequence[SealedBallot],
    opened: Opened,
    votes: Mapping[int, StationVotes],
    *,
    result: Result,
) -> None:
    """The later steps and the result: no tag comes here."""
    _sealed(folder / ANONYMOUS_FILE, ballots)
    _csv(folder / OPEN_FILE, OPEN, opened_rows(opened))
    _csv(folder / COUNT_FILE, COUNT, counted_rows(result.districts))
    _csv(folder / SEATS_FILE, SEATS, _seats(result))
    rows = list(_results(votes))
    _csv(folder / RESULTS_FILE, RESULTS, rows)
    _parquet(folder / "results.parquet", rows)
    (folder / NIST_FILE).write_bytes(canonical.write(nist.report(result)))
    (folder / "report.html").write_text(report.page(result), "utf-8")
    (folder / "report.pdf").write_bytes(report_pdf.pdf(result))


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table with names bears the mark by which a spreadsheet knows UTF-8: without it Ө, Ү and Ң are spoilt."""
    named = any(column.startswith("name") for column in header)
    path.write_text(as_csv(header, rows), "utf-8-sig" if named else "utf-8", newline="")


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _squashed(squashed: Squashed) -> Iterable[Sequence[Any]]:
    for dropped in squashed.dropped:
        yield dropped.tag, dropped.district, dropped.station, dropped.why, dropped.other
    for tag, stations in squashed.twice_at_home:
        for station in stations:
            yield tag, None, station, "twice_at_home", None
    for tag, station in squashed.strange:
        yield tag, None, station, "given_to_a_stranger", None


def opened_rows(opened: Opened) -> Iterable[Sequence[Any]]:
    yield from ((district, choice, n) for (district, choice), n in sorted(opened.choices.items()))
    yield from ((district, why, n) for (district, why), n in sorted(opened.unreadable.items()))


def counted_rows(districts: Iterable[DistrictTotal]) -> Iterable[Sequence[Any]]:
    for d in districts:
        for c in d.candidates:
            yield d.number, c.number, c.name_ky, c.name_ru, c.stations, c.remote, c.votes, int(c.struck)
        against = d.against_stations, d.against_remote, d.against_stations + d.against_remote
        yield d.number, 0, "", "", *against, 0
        yield d.number, -1, "", "", d.invalid_stations, d.invalid_remote, d.invalid_stations + d.invalid_remote, 0


def _seats(result: Result) -> Iterable[Sequence[Any]]:
    for d in result.districts:
        names = {str(c.number): c for c in d.candidates}
        for place, seat in enumerate(d.outcome.seats, 1):
            who = names[seat.candidate]
            yield d.number, place, who.number, who.name_ky, who.name_ru, who.sex, seat.votes, seat.reason


def _results(votes: Mapping[int, StationVotes]) -> Iterable[Sequence[Any]]:
    """By station and number, of the stations' own votes alone: remote ballots are never shown by casting station."""
    for station in sorted(votes):
        found = votes[station]
        for number in sorted(found.legal):
            yield found.district, station, number, found.electronic.get(number), found.legal[number]


def _sealed(path: Path, ballots: Sequence[SealedBallot]) -> None:
    """In portions: a country's sealed ballots are 200 MB, and need not be there twice."""
    import pyarrow as pa
    import pyarrow.parquet

    schema = pa.schema([("district", pa.int32()), ("sealed", pa.binary())])
    with pyarrow.parquet.ParquetWriter(path, schema, compression="none") as writer:
        for start in range(0, max(len(ballots), 1), _PORTION):
            some = ballots[start : start + _PORTION]
            columns = [[b.district for b in some], [b.sealed for b in some]]
            writer.write_table(pa.table(columns, schema=schema))


def _parquet(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    columns = {name: pa.array([row[n] for row in rows], pa.int64()) for n, name in enumerate(RESULTS)}
    pyarrow.parquet.write_table(pa.table(columns), path)
