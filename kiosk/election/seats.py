"""Who is elected in a district: three seats, at most two of one sex (docs/station.md, "Voting rule").

Sort by votes; the first two win. If they differ in sex the third seat is simply the next candidate's; if they
are of one sex it goes to the best-placed candidate of the other sex. Equal votes: whoever filed complete papers
earlier. Nothing is drawn by lot and nothing guessed: where even the filing order is equal the seat stays open.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, product
from typing import Literal

import msgspec

from kiosk.election.definition import Sex

Flag = Literal["against_all_leads", "vacant_seat", "seat_without_votes", "tie_by_filing_order", "unresolved_tie"]


_MOST_MIXED = 8  # groups of ties looked at in every combination; later ones can't reach a seat any more


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
    certain = [seat for seat in taken if _wins_in_every_order(ranking, seat.candidate, seats)]
    flags: list[Flag] = []
    if ranking and against_all > ranking[0].votes:
        flags.append("against_all_leads")
    if len(taken) < seats:
        flags.append("vacant_seat")
    if any(seat.votes == 0 for seat in taken):
        flags.append("seat_without_votes")
    if _filing_decided(ranking, seats):
        flags.append("tie_by_filing_order")
    if len(certain) < len(taken):
        flags.append("unresolved_tie")
    return Outcome(tuple(certain), tuple(flags))


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


def _wins_in_every_order(ranking: Sequence[Votes], candidate: str, seats: int) -> bool:
    """Whether a winner keeps the seat however those of equal votes *and* equal filing are put in order.

    The worst place is the last of one's own group. Of the others in a group only the sexes matter, and the orders
    that can cost a seat are all men first and all women first.
    """
    groups = [list(group) for _key, group in groupby(ranking, key=lambda r: (r.votes, r.filed))]
    if all(len(group) == 1 for group in groups):
        return True
    mixed = [i for i, group in enumerate(groups) if len({r.sex for r in group}) > 1][:_MOST_MIXED]
    for first in product("mf", repeat=len(mixed)):
        order: list[Votes] = []
        for i, group in enumerate(groups):
            ahead = first[mixed.index(i)] if i in mixed else "m"
            order += sorted(group, key=lambda r, ahead=ahead: (r.candidate == candidate, r.sex != ahead))  # type: ignore[misc]
        if candidate not in {seat.candidate for seat in _by_rule(order, seats)}:
            return False
    return True


def _filing_decided(ranking: Sequence[Votes], seats: int) -> bool:
    """Whether filing order decided a seat: swapping a winner with an equal loser would let the loser win instead."""
    winners = {seat.candidate for seat in _by_rule(ranking, seats)}
    for i, one in enumerate(ranking):
        for j in range(i + 1, len(ranking)):
            other = ranking[j]
            if other.votes != one.votes:
                break
            if other.filed == one.filed or (one.candidate in winners) == (other.candidate in winners):
                continue
            swapped = list(ranking)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            if {seat.candidate for seat in _by_rule(swapped, seats)} != winners:
                return True
    return False


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
