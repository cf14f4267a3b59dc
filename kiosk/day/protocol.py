"""Drawing up the protocol: lines, votes, equations, differences. Pure; the figures are handed in."""

from collections.abc import Mapping, Sequence

import msgspec

from kiosk.ballot.count import Difference, HandCount, differences
from kiosk.election.definition import AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU, INVALID, Definition, District, Sex
from kiosk.election.equations import evaluate
from kiosk.packet import content as c


class Figures(msgspec.Struct, frozen=True):
    """What the day's registers say. `electronic`: choice → ballots, None in paper mode."""

    day_lines: Mapping[str, int]
    electronic: Mapping[int, int] | None
    unreadable: int


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How the day went: the version of its protocol, and its moments (ISO, with zone)."""

    version: int
    epoch: int = 1
    opened_at: str
    closed_at: str
    drawn_up_at: str
    recovery_copy_used: bool = False


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
    course: Course,
    *,
    figures: Figures,
    hand: HandCount,
    acts: Sequence[c.Act],
    signatories: Sequence[c.Signatory],
) -> c.Protocol:
    """The hand count is the legal figure; everything derived is computed here."""
    here = definition.station(station)
    district = definition.district(here.district)
    values = {**figures.day_lines, **hand.lines}
    electronic = figures.electronic

    votes = _votes(district, electronic, hand)
    equations = evaluate(definition.equations, values, sum(v.legal for v in votes[:-1]), votes[-1].legal)
    return c.Protocol(
        format=c.FORMAT,
        purpose=definition.purpose,
        election=definition.id,
        definition_hash=definition.hash,
        station=station,
        district=district.number,
        version=course.version,
        epoch=course.epoch,
        ballot_mode=definition.ballot_mode,
        heading=c.heading_of(definition, station),
        opened_at=course.opened_at,
        closed_at=course.closed_at,
        drawn_up_at=course.drawn_up_at,
        lines=tuple(c.LineValue(x.id, x.label_ky, x.label_ru, values[x.id]) for x in definition.lines),
        votes=votes,
        electronic_invalid=None if electronic is None else electronic.get(INVALID, 0),
        electronic_unreadable=None if electronic is None else figures.unreadable,
        recovery_copy_used=course.recovery_copy_used,
        equations=equations,
        acts=tuple(acts),
        signatories=tuple(signatories),
    )


def _votes(district: District, electronic: Mapping[int, int] | None, hand: HandCount) -> tuple[c.VoteRow, ...]:
    """Candidates in ballot order, then against all."""

    def row(number: int, ky: str, ru: str, sex: Sex | None) -> c.VoteRow:
        counted = None if electronic is None else electronic.get(number, 0)
        paper = hand.votes[number]
        return c.VoteRow(number=number, name_ky=ky, name_ru=ru, sex=sex, electronic=counted, hand=paper, legal=paper)

    standing = (row(x.number, x.name_ky, x.name_ru, x.sex) for x in district.standing)
    return (*standing, row(AGAINST_ALL, AGAINST_ALL_KY, AGAINST_ALL_RU, None))


def unexplained(protocol: c.Protocol) -> tuple[str, ...]:
    """What no act explains yet: fields of differences, and `equation:ID` of equations that fail."""
    explained = {act.field for act in protocol.acts}
    fields = [*c.count_differences(protocol), *(f"equation:{e.id}" for e in protocol.equations if not e.holds)]
    return tuple(field for field in fields if field not in explained)
