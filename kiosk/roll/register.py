"""The register: who was given a ballot, when, of which district, and what became of it.

Append-only: undoing is a new event. People appear as tags only. That nobody is given two ballots (P1) is held by
the desk *and* by a trigger, so that not even a bug above this file can break it.
"""

from collections import Counter
from datetime import datetime
from typing import Literal, get_args

import msgspec

from kiosk.errors import IntegrityError
from kiosk.roll.nation import Tag
from kiosk.storage.commit import Mirrored, transaction
from kiosk.storage.database import IntegrityViolation

BallotKind = Literal["home", "remote", "outside"]
What = Literal["given", "withdrawn", "abandoned", "struck_off", "application", "application_settled"]

TABLES = """
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  person BLOB NOT NULL CHECK (length(person) = 16),
  what TEXT NOT NULL CHECK (what IN
    ('given', 'withdrawn', 'abandoned', 'struck_off', 'application', 'application_settled')),
  kind TEXT CHECK (kind IN ('home', 'remote', 'outside')),
  district INTEGER,
  at TEXT NOT NULL,
  badge TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX event_person ON event (person, id);
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER one_ballot_each BEFORE INSERT ON event
  WHEN NEW.what = 'given' AND
    (SELECT what FROM event WHERE person = NEW.person AND what IN ('given', 'withdrawn', 'abandoned')
     ORDER BY id DESC LIMIT 1) IN ('given', 'abandoned')
  BEGIN SELECT raise(ABORT, 'already given'); END;
CREATE TRIGGER only_a_given_ballot_ends BEFORE INSERT ON event
  WHEN NEW.what IN ('withdrawn', 'abandoned') AND
    coalesce((SELECT what FROM event WHERE person = NEW.person AND what IN ('given', 'withdrawn', 'abandoned')
     ORDER BY id DESC LIMIT 1), '') <> 'given'
  BEGIN SELECT raise(ABORT, 'not given'); END
"""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    person: Tag
    what: What
    kind: BallotKind | None
    district: int | None
    at: datetime
    badge: str
    reason: str


class Tally(msgspec.Struct, frozen=True):
    """How many ballots of one kind were given, and how many of those ended without being cast."""

    given: int = 0
    abandoned: int = 0
    withdrawn: int = 0


class Register:
    def __init__(self, database: Mirrored) -> None:
        self._database = database

    def add(
        self,
        person: Tag,
        what: What,
        at: datetime,
        badge: str,
        *,
        kind: BallotKind | None = None,
        district: int | None = None,
        reason: str = "",
    ) -> None:
        """Durable when it returns, or with the act that is open.

        IntegrityError `already_given` / `not_given` if a trigger refuses."""
        try:
            with transaction(self._database) as act:
                act.execute(
                    "INSERT INTO event (person, what, kind, district, at, badge, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (person, what, kind, district, at.isoformat(), badge, reason),
                )
                if (counts := self._database.kept.get("register")) is not None:
                    counts[kind, what, at.hour] += 1
        except IntegrityViolation as error:
            raise IntegrityError("already_given" if what == "given" else "not_given") from error

    def of_person(self, person: Tag) -> list[Event]:
        return self._select("WHERE person = ? ORDER BY id", person)

    def last_given(self, kind: BallotKind) -> Event | None:
        """The ballot given most recently: the only one of its kind that can be in progress at the one booth."""
        found = self._select("WHERE what = 'given' AND kind = ? ORDER BY id DESC LIMIT 1", kind)
        return found[0] if found else None

    def tally(self) -> dict[BallotKind, Tally]:
        found: Counter[tuple[BallotKind | None, str]] = Counter()
        for (kind, what, _hour), count in self._counts().items():
            found[kind, what] += count
        return {
            kind: Tally(found[kind, "given"], found[kind, "abandoned"], found[kind, "withdrawn"])
            for kind in get_args(BallotKind)
        }

    def _counts(self) -> Counter[tuple[BallotKind | None, What, int]]:
        """(kind, what, local hour) → events: kept, so that no touch counts the whole day again."""

        def read() -> Counter[tuple[BallotKind | None, What, int]]:
            rows = self._database.conn.execute(
                "SELECT kind, what, CAST(substr(at, 12, 2) AS INTEGER), count(*) FROM event GROUP BY 1, 2, 3"
            )
            return Counter({(kind, what, hour): count for kind, what, hour, count in rows.fetchall()})

        return self._database.keep("register", read)

    def decisions(self) -> dict[str, int]:
        """What of the chair's decisions about single voters → how often: `struck_off`, `application`,
        `application_settled`."""
        found: Counter[str] = Counter()
        for (kind, what, _hour), count in self._counts().items():
            if kind is None:
                found[what] += count
        return dict(found)

    def given_by_hour(self) -> dict[int, int]:
        """Local hour → ballots given in it, for the chair's plot."""
        found: Counter[int] = Counter()
        for (_kind, what, hour), count in self._counts().items():
            if what == "given":
                found[hour] += count
        return dict(sorted(found.items()))

    def served(self) -> list[tuple[Tag, BallotKind, int, str]]:
        """(tag, kind, district, time given) of everybody who holds or has used a ballot of this station, by tag."""
        rows = self._database.conn.execute(
            "SELECT person, kind, district, at FROM event e WHERE what = 'given' AND NOT EXISTS"
            " (SELECT 1 FROM event w WHERE w.person = e.person AND w.id > e.id AND w.what = 'withdrawn')"
            " ORDER BY person"
        )
        return [(Tag(person), kind, district, at) for person, kind, district, at in rows.fetchall()]

    def _select(self, where: str, *values: object) -> list[Event]:
        rows = self._database.conn.execute(
            f"SELECT id, person, what, kind, district, at, badge, reason FROM event {where}", values
        )
        return [
            Event(
                id=id_,
                person=Tag(person),
                what=what,
                kind=kind,
                district=district,
                at=datetime.fromisoformat(at),
                badge=badge,
                reason=reason,
            )
            for id_, person, what, kind, district, at, badge, reason in rows.fetchall()
        ]
