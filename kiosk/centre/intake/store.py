"""A checked packet into the tables, whole or not at all; and out again, to be looked at anew."""

from collections.abc import Collection, Iterable
from typing import Any

from kiosk import canonical
from kiosk.centre.intake.check import Checked
from kiosk.centre.tables import Tables
from kiosk.election.definition import INVALID
from kiosk.packet import content as c

_OF_A_PACKET = ("packet", "course", "line", "vote", "broken", "complaint", "served", "envelope")


def looked_at(tables: Tables, keyed: bool) -> frozenset[str]:
    """Hashes that need no second look: with the key in hand, those whose sealed parts were opened or that were refused
    for good."""
    wanted = " WHERE opened OR code <> ''" if keyed else ""
    return frozenset(sha for (sha,) in tables.rows(f"SELECT sha256 FROM packet{wanted}"))


def forget(tables: Tables, hashes: Collection[str]) -> None:
    """What the tables say of these packets, but not that their files came."""
    tables.temporary("anew", {"sha256": "text"})
    tables.add("anew", {"sha256": sorted(hashes)}, {"sha256": "text"})
    with tables.transaction():
        for table in _OF_A_PACKET:
            tables.run(f"DELETE FROM {table} WHERE sha256 IN (SELECT sha256 FROM anew)")
    tables.drop_temporary("anew")


def store(tables: Tables, checked: Checked) -> bool:
    """Into the tables, all of it in one transaction. False if this packet was there already."""
    with tables.transaction():
        tables.run("INSERT INTO arrival VALUES ($1, $2) ON CONFLICT DO NOTHING", checked.file, checked.sha256)
        if checked.known:
            return False
        if checked.keyed:  # an intake without the key may have been here before, and have known less
            tables.run("DELETE FROM packet WHERE sha256 = $1 AND NOT opened AND code = ''", checked.sha256)
        manifest = checked.manifest
        values = (
            checked.sha256,
            manifest.station if manifest else None,
            manifest.version if manifest else None,
            manifest.purpose if manifest else None,
            manifest.created if manifest else None,
            checked.size,
            checked.code,
            canonical.write(checked.facts).decode(),
            checked.opened,
        )
        taken = tables.rows(
            "INSERT INTO packet VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING sha256",
            *values,
        )
        if not taken:
            return False
        for table in ("course", "line", "vote", "broken", "complaint"):
            tables.run(f"DELETE FROM {table} WHERE sha256 = $1", checked.sha256)
        if checked.protocol:
            _public_rows(tables, checked.sha256, checked.protocol, checked.complaints)
        if checked.course:
            at = canonical.write(list(checked.course.taken)).decode()
            tables.run("INSERT INTO course VALUES ($1, $2, $3)", checked.sha256, at, checked.course.marks)
        if checked.opened:
            _sealed_rows(tables, checked)
    return True


def _public_rows(tables: Tables, sha: str, protocol: c.Protocol, complaints: Iterable[c.PublicComplaint]) -> None:
    lines = protocol.lines
    tables.add("line", {"sha256": [sha] * len(lines), "id": [x.id for x in lines], "value": [x.value for x in lines]})
    votes = [(row.number, row.electronic, row.legal) for row in protocol.votes]
    votes.append((INVALID, protocol.electronic_invalid, protocol.line_values().get("invalid", 0)))
    number, electronic, legal = zip(*votes, strict=True)
    tables.add("vote", {"sha256": [sha] * len(votes), "number": number, "electronic": electronic, "legal": legal})
    acts = {act.field for act in protocol.acts}
    failing = [e.id for e in protocol.equations if not e.holds]
    explained = [f"equation:{id_}" in acts for id_ in failing]
    tables.add("broken", {"sha256": [sha] * len(failing), "equation": failing, "explained": explained})
    rows: list[tuple[Any, ...]] = [(x.number, x.author_kind, x.category, x.status) for x in complaints]
    if rows:
        number, author, category, status = zip(*rows, strict=True)
        tables.add(
            "complaint",
            {"sha256": [sha] * len(rows), "number": number, "author": author, "category": category, "status": status},
        )


def _sealed_rows(tables: Tables, checked: Checked) -> None:
    served, envelopes = checked.served, checked.envelopes
    if served and served.tags:
        tables.add(
            "served",
            {
                "sha256": [checked.sha256] * len(served.tags), "tag": served.tags, "kind": served.kinds,
                "district": served.districts, "given_at": served.at, "hour": served.hours,
            },
        )  # fmt: skip
    if envelopes:
        tables.add(
            "envelope",
            {
                "sha256": [checked.sha256] * len(envelopes),
                "tag": [e.tag for e in envelopes],
                "district": [e.district for e in envelopes],
                "sealed": [e.sealed for e in envelopes],
                "genuine": [e.genuine for e in envelopes],
            },
        )
