"""Opening the remote ballots. Knows districts and sealed ballots; no tag, no station, no time ever comes here."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import msgspec

from kiosk.ballot import ballot as b
from kiosk.centre.steps.anonymous.anonymise import SealedBallot
from kiosk.centre.workers import workers as workers_of
from kiosk.election.definition import AGAINST_ALL, INVALID, Definition
from kiosk.errors import IntegrityError
from kiosk.trust import keys
from kiosk.trust.sealing import unseal

_FEW = 2_000
_CHUNK = 4_000

Unreadable = Literal["sealed_unreadable", "ballot_malformed", "ballot_foreign"]


class Opened(msgspec.Struct, frozen=True):
    """(district, choice) → ballots, INVALID among the choices; (district, why) → ballots that could not be read."""

    choices: Counter[tuple[int, int]]
    unreadable: Counter[tuple[int, str]]


def open_ballots(
    ballots: Sequence[SealedBallot], sealing_seed: bytes, definition: Definition, workers: int | None = None
) -> Opened:
    """Each ballot's mark, added up by home district. A mark for somebody who does not stand is invalid."""
    allowed: dict[int, frozenset[int]] = {
        d.number: frozenset({AGAINST_ALL, INVALID, *(x.number for x in d.standing)}) for d in definition.districts
    }
    chunks = [ballots[n : n + _CHUNK] for n in range(0, len(ballots), _CHUNK)]
    if len(ballots) <= _FEW or workers == 1:
        parts = [_open(chunk, sealing_seed, definition.hash, allowed) for chunk in chunks]
    else:
        with workers_of(workers) as executor:
            futures = [executor.submit(_open, chunk, sealing_seed, definition.hash, allowed) for chunk in chunks]
            parts = [future.result() for future in futures]
    choices: Counter[tuple[int, int]] = Counter()
    unreadable: Counter[tuple[int, str]] = Counter()
    for part in parts:
        choices.update(part.choices)
        unreadable.update(part.unreadable)
    return Opened(choices, unreadable)


def _open(
    ballots: Sequence[SealedBallot], sealing_seed: bytes, definition_hash: str, allowed: dict[int, frozenset[int]]
) -> Opened:
    key = keys.sealing_key(sealing_seed)
    opened = Opened(Counter(), Counter())
    for ballot in ballots:
        try:
            plain = unseal(ballot.sealed, key, b.envelope_info(definition_hash, ballot.district))
            found = b.decode(plain)
            if found.district != ballot.district or ballot.district not in allowed:
                raise IntegrityError("ballot_foreign")
        except IntegrityError as error:
            opened.unreadable[ballot.district, error.code] += 1
            continue
        choice = found.choice if found.choice in allowed[ballot.district] else INVALID
        opened.choices[ballot.district, choice] += 1
    return opened
