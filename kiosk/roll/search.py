"""Search by name: prefixes of words in any order, then near misses.

An FTS5 index over the folded words (kiosk.roll.names) with prefix indexes answers on every keystroke; the list of
distinct words, small even for a whole country, answers spelling mistakes through rapidfuzz.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kiosk.roll.names import GIVEN, SURNAME, spellings, words
from kiosk.storage.database import Database

# The `ascii` tokenizer takes every Cyrillic letter as it stands: folding is ours.
TABLES = """
        CREATE VIRTUAL TABLE name_index USING fts5(
          words, content='', columnsize=0, detail=none, prefix='1 2 3 4 5', tokenize='ascii'
        );
        CREATE TABLE word (word TEXT PRIMARY KEY, people INTEGER NOT NULL) STRICT, WITHOUT ROWID
        """

_MATCH = "SELECT rowid FROM name_index WHERE name_index MATCH ? LIMIT ?"

_MOST_WORDS = 8  # nobody has more names
_MOST_NEAR_WORDS = 4  # combinations of near misses grow with the power of the words
_MOST_EDITS = 2
_BEST_WORDS = 6  # near misses tried for each word typed
_MOST_COMBINATIONS = 40


class NameIndex:
    def __init__(self, database: Database) -> None:
        self._connection = database.conn
        self._people: dict[str, int] = {}

    def search(self, text: str, limit: int) -> tuple[list[int], bool]:
        """Row ids, best first, and whether they are only near misses."""
        typed = words(text)[:_MOST_WORDS]
        if not typed:
            return [], False
        # Surnames before given names before patronymics, and of each whole words first: who types “Асан” means people
        # called so, and should not have to look through the children of many an Асан.
        found: list[int] = []
        for query in _queries(typed):
            if len(found) < limit:
                found = list(dict.fromkeys(found + self._match(query, limit + len(found))))[:limit]
        for other in spellings(text) if len(found) < limit else ():
            meant = self._match(" AND ".join(f'"{word}"*' for word in other[:_MOST_WORDS]), limit)
            found = list(dict.fromkeys(found + meant))[:limit]
        return (found, False) if found else (self._near(typed, limit), True)

    def _match(self, query: str, limit: int) -> list[int]:
        return [rowid for (rowid,) in self._connection.execute(_MATCH, (query, limit)).fetchall()]

    def _near(self, typed: list[str], limit: int) -> list[int]:
        """One or two edits away in each word, nearest combination first, commoner words before rarer."""
        if not self._people:
            self._people = dict(self._connection.execute("SELECT word, people FROM word").fetchall())
        choices = [self._likely(word) for word in typed[:_MOST_NEAR_WORDS]]
        combinations = sorted(product(*choices), key=lambda pairs: sum(distance for _, distance in pairs))
        found: dict[int, None] = {}
        for combination in combinations[:_MOST_COMBINATIONS]:
            query = " AND ".join(f'"{word}"' for word, _ in combination)
            found |= dict.fromkeys(self._match(query, limit))
            if len(found) >= limit:
                break
        return list(found)[:limit]

    def _likely(self, typed: str) -> list[tuple[str, float]]:
        """Known words near to what was typed with their distance; a word still being typed may lack its end."""
        most = 0 if len(typed) < 3 else min(_MOST_EDITS, len(typed) - 2)  # 3 letters: 1 edit; from 4 on: 2
        known = self._people
        near: dict[str, float] = {
            word: distance
            for word, distance, _ in process.extract(
                typed, known.keys(), scorer=OSA.distance, processor=None, score_cutoff=most, limit=None
            )
        }
        if not near and len(typed) > 3:
            begins = {word: word[: len(typed)] for word in known if len(word) > len(typed)}
            for _, distance, word in process.extract(
                typed, begins, scorer=OSA.distance, processor=None, score_cutoff=most, limit=None
            ):
                near[word] = distance + 0.5
        return sorted(near.items(), key=lambda pair: (pair[1], -known[pair[0]], pair[0]))[:_BEST_WORDS]


def _queries(typed: list[str]) -> Iterator[str]:
    for kind in (SURNAME, GIVEN):
        for end in ("", "*"):
            # any of the words may be the one of this kind, the others anything
            yield " OR ".join(
                "(" + " AND ".join(f'"{kind if at == place else ""}{word}"{end}' for at, word in enumerate(typed)) + ")"
                for place in range(len(typed))
            )
    yield " AND ".join(f'"{word}"' for word in typed)
    yield " AND ".join(f'"{word}"*' for word in typed)


def prepare(connection: Any) -> None:
    """Let the index gather 32 MB in memory before writing: fewer pieces to merge. Call before a bulk `add`."""
    connection.execute("INSERT INTO name_index (name_index, rank) VALUES ('hashsize', 33554432)")


def add(connection: Any, names: Iterable[tuple[int, str]]) -> None:
    """Index `(row id, folded words)` pairs."""
    connection.executemany("INSERT INTO name_index (rowid, words) VALUES (?, ?)", names)


def finish(connection: Any) -> None:
    """Merge the index into one piece and list the distinct words. Call once, after the last `add`."""
    connection.execute("INSERT INTO name_index (name_index) VALUES ('optimize')")
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'name_index', 'row')")
    connection.execute(
        f"INSERT INTO word SELECT term, doc FROM temp.vocabulary WHERE term NOT GLOB '[{SURNAME}{GIVEN}]*'"
    )
    connection.execute("DROP TABLE temp.vocabulary")
