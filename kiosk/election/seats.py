"""Who is elected in a district: three seats, at most two of one sex (domain.md, "Voting rule").

Sort by votes; the first two win. If they differ in sex the third seat is simply the next candidate's; if they
are of one sex it goes to the best-placed candidate of the other sex. Equal votes: whoever filed complete papers
earlier. Nothing is drawn by lot and nothing guessed: where even the filing order is equal the seat stays open.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from kiosk.election.definition import Sex

Flag = Literal["against_all_leads", "vacant_seat", "tie_by_filing_order", "unresolved_tie"]


class Votes(msgspec.Struct, frozen=True):
    """A candidate's result. `filed`: order of filing, 1 first."""

    candidate: str
    sex: Sex
    votes: int
    filed: int


class Seat(msgspec.Struct, frozen=True):
    candidate: str
    sex: Sex
    votes: int
    reason: Literal["votes", "sex_rule"]


class Outcome(msgspec.Struct, frozen=True):
    seats: tuple[Seat, ...]
    flags: tuple[Flag, ...]


def allot(results: Iterable[Votes], against_all: int = 0, seats: int = 3) -> Outcome:
    """The seats of one district, best placed first, and what the commission must look at.

    `results` holds only candidates who stand; struck-off ones are left out by the caller.
    """
    ranking = sorted(results, key=lambda r: (-r.votes, r.filed, r.candidate))
    taken = _by_rule(ranking, seats)
    by_filing, unresolved = _ties(ranking, seats)
    flags: list[Flag] = []
    if ranking and against_all > ranking[0].votes:
        flags.append("against_all_leads")
    if len(taken) < seats:
        flags.append("vacant_seat")
    if by_filing:
        flags.append("tie_by_filing_order")
    if unresolved:
        flags.append("unresolved_tie")
    return Outcome(tuple(seat for seat in taken if seat.candidate not in unresolved), tuple(flags))


def _by_rule(ranking: Sequence[Votes], seats: int) -> list[Seat]:
    """Fill the seats in order of rank, passing over a sex that already has all but one of them."""
    taken: list[Seat] = []
    passed_over = False
    for row in ranking:
        if len(taken) == seats:
            break
        if sum(seat.sex == row.sex for seat in taken) == seats - 1:
            passed_over = True
            continue
        taken.append(Seat(row.candidate, row.sex, row.votes, "sex_rule" if passed_over else "votes"))
    return taken


def _ties(ranking: Sequence[Votes], seats: int) -> tuple[bool, set[str]]:
    """Whether filing order decided a seat, and the candidates between whom nothing decides.

    A tie matters if swapping a winner with an equal loser lets the loser win instead.
    """
    winners = {seat.candidate for seat in _by_rule(ranking, seats)}
    by_filing = False
    unresolved: set[str] = set()
    for i, one in enumerate(ranking):
        for j in range(i + 1, len(ranking)):
            other = ranking[j]
            if other.votes != one.votes:
                break
            if (one.candidate in winners) == (other.candidate in winners):
                continue
            swapped = list(ranking)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            if {seat.candidate for seat in _by_rule(swapped, seats)} == winners:
                continue
            if one.filed == other.filed:
                unresolved |= {one.candidate, other.candidate}
            else:
                by_filing = True
    return by_filing, unresolved


def fill_vacancy(results: Iterable[Votes], seated: Iterable[str], vacated: Votes) -> Votes | None:
    """Who follows a deputy who leaves: the next candidate of the same sex, failing that of the other.

    `seated`: everybody who holds or has held a seat, `vacated` among them. None: nobody is left.
    """
    gone = {*seated, vacated.candidate}
    waiting = [r for r in results if r.candidate not in gone]
    return min(
        waiting,
        key=lambda r: (r.sex != vacated.sex, -r.votes, r.filed, r.candidate),
        default=None,
    )
