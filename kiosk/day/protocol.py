"""Drawing up the protocol: lines, votes, equations, differences. Pure; the figures are handed in."""

from collections.abc import Mapping, Sequence

import msgspec

from kiosk.ballot.count import Difference, HandCount, differences
from kiosk.election.definition import AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU, INVALID, Definition, Sex
from kiosk.election.equations import evaluate
from kiosk.packet import content as c


class Figures(msgspec.Struct, frozen=True):
    """What the day's registers say. `electronic`: choice → ballots, None in paper mode. `remote`: district →
    (given, sealed)."""

    day_lines: Mapping[str, int]
    electronic: Mapping[int, int] | None
    unreadable: int
    remote: Mapping[int, tuple[int, int]]


def electronic_differences(figures: Figures, hand: HandCount) -> tuple[Difference, ...]:
    """Where the electronic count and the agreed hand count part: (electronic, hand) by field.

    Votes from the portable box are on paper only, so with a portable box every such difference needs its act too.
    """
    if figures.electronic is None:
        return ()
    electronic = {f"vote:{n}": figures.electronic.get(n, 0) for n in hand.votes}
    electronic["invalid"] = figures.electronic.get(INVALID, 0)
    paper = {f"vote:{n}": count for n, count in hand.votes.items()}
    paper["invalid"] = hand.lines["invalid"]
    return differences(electronic, paper)


def draw_up(
    definition: Definition,
    station: int,
    version: int,
    times: tuple[str, str, str],
    figures: Figures,
    hand: HandCount,
    acts: Sequence[c.Act],
    signatories: Sequence[c.Signatory],
    recovery_copy_used: bool,
) -> c.Protocol:
    """`times`: opened, closed, drawn up. The hand count is the legal figure; everything derived is computed here."""
    here = definition.station(station)
    district = definition.district(here.district)
    values = {**figures.day_lines, **hand.lines}
    electronic = figures.electronic

    def row(number: int, ky: str, ru: str, sex: Sex | None) -> c.VoteRow:
        counted = None if electronic is None else electronic.get(number, 0)
        return c.VoteRow(number, ky, ru, sex, counted, hand.votes[number], hand.votes[number])

    votes = [row(x.number, x.name_ky, x.name_ru, x.sex) for x in district.standing]
    votes.append(row(AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU, None))
    equations = evaluate(definition.equations, values, sum(v.legal for v in votes[:-1]), votes[-1].legal)
    return c.Protocol(
        c.FORMAT,
        definition.purpose,
        definition.id,
        definition.hash,
        station,
        district.number,
        version,
        definition.ballot_mode,
        c.heading_of(definition, station),
        *times,
        tuple(c.LineValue(x.id, x.label_ky, x.label_ru, values[x.id]) for x in definition.lines),
        tuple(votes),
        None if electronic is None else electronic.get(INVALID, 0),
        None if electronic is None else figures.unreadable,
        recovery_copy_used,
        equations,
        tuple(acts),
        tuple(c.RemoteRow(d, *counts) for d, counts in sorted(figures.remote.items())),
        tuple(signatories),
    )


def unexplained(protocol: c.Protocol) -> tuple[str, ...]:
    """What no act explains yet: fields of differences, and `equation:ID` of equations that fail."""
    explained = {act.field for act in protocol.acts}
    fields = [*c.count_differences(protocol), *(f"equation:{e.id}" for e in protocol.equations if not e.holds)]
    return tuple(field for field in fields if field not in explained)
