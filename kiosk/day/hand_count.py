"""The paper counted by hand, twice, by two people; what the counts say side by side; acts for what differs."""

import msgspec

from kiosk.ballot.count import Difference, HandCount, check_hand_count, differences
from kiosk.day import texts
from kiosk.day.counting import electronic
from kiosk.day.protocol import Figures, electronic_differences
from kiosk.day.session import Session
from kiosk.election.definition import AGAINST_ALL
from kiosk.errors import Refusal
from kiosk.journal.book import Happened, Record, RecordKind
from kiosk.packet.content import Act

PLACES = (1, 2)
_DRAFT: RecordKind = "hand_draft"
_MOST = 1_000_000


def hand_lines(session: Session) -> tuple[str, ...]:
    return tuple(line.id for line in session.definition.lines if line.source == "hand")


def hand_counts(session: Session) -> dict[int, HandCount]:
    """place → latest entry."""
    return {int(place): entry for place, entry in session.journal.all_newest("hand_count", HandCount).items()}


def place_of(session: Session, by: str) -> int:
    """Whose entry is whose: one's own is corrected, a new person takes the free place; if both are taken, the first,
    which refuses."""
    entries = hand_counts(session)
    own = (place for place, entry in entries.items() if entry.by == by)
    free = (place for place in PLACES if place not in entries)
    return next(own, next(free, PLACES[0]))


def enter_hand_count(session: Session, place: int, lines: dict[str, int], votes: dict[int, int]) -> Refusal | None:
    """One of two separate entries, by two people who each count for themselves; entering again corrects.

    `wrong_phase`, `same_person`, `hand_count_taken`, `hand_count_incomplete`, `hand_count_impossible`.
    """
    if refused := session.may("hand_count"):
        return refused
    if session.state.name != "counted":
        return Refusal("wrong_phase", {"phase": session.state.name})
    if place not in PLACES:
        return Refusal("hand_count_impossible", {"field": "place"})
    entry = HandCount(session.by, lines, votes)
    if refused := check_hand_count(entry, session.district, hand_lines(session)):
        return refused
    before = hand_counts(session)
    if place in before and before[place].by != entry.by:
        return Refusal("hand_count_taken")
    other = before.get(3 - place)
    if other and other.by == entry.by:
        return Refusal("same_person")
    told = [Happened("hand_count_entered", session.by, {"place": place})]
    if other and (parted := differences(other.figures(), entry.figures())):
        told.append(Happened("hand_counts_differ", session.by, {"figures": len(parted)}))
    kept = Record("hand_count", str(place), msgspec.json.encode(entry))
    session.journal.write(*told, records=[kept, Record(_DRAFT, session.by, b"{}")])
    return None


def keep_draft(session: Session, figures: dict[str, int]) -> Refusal | None:
    """What somebody has typed so far, by field: a screen that locks itself or a power cut takes nothing of it. Nobody
    else is shown it. `wrong_phase`, `hand_count_impossible`."""
    if refused := session.may("hand_count"):
        return refused
    if session.state.name != "counted":
        return Refusal("wrong_phase", {"phase": session.state.name})
    known = {
        *hand_lines(session),
        *(f"vote:{n}" for n in (AGAINST_ALL, *(c.number for c in session.district.standing))),
    }
    for field, figure in figures.items():
        if field not in known or not 0 <= figure < _MOST:
            return Refusal("hand_count_impossible", {"field": field})
    if figures != draft_of(session, session.by):
        session.journal.write(records=[Record(_DRAFT, session.by, msgspec.json.encode(figures))])
    return None


def draft_of(session: Session, by: str) -> dict[str, int]:
    """Field → figure; nothing where all that was typed is entered."""
    return session.journal.newest(_DRAFT, by, dict[str, int]) or {}


def hand_differences(session: Session) -> tuple[Difference, ...] | Refusal:
    """Where the two entries part, without any electronic figure: nobody should count towards a number."""
    entries = hand_counts(session)
    if len(entries) < len(PLACES):
        return Refusal("hand_count_missing", {"entered": len(entries)})
    return differences(entries[1].figures(), entries[2].figures())


def agreed(session: Session) -> HandCount | Refusal:
    """The hand count, once both entries are the same."""
    parted = hand_differences(session)
    if isinstance(parted, Refusal):
        return parted
    return Refusal("hand_counts_differ", {"figures": len(parted)}) if parted else hand_counts(session)[1]


# -- side by side -----------------------------------------------------------------------------------


def figures(session: Session) -> Figures:
    """What the day's registers say, for the protocol."""
    tally = session.files.register.tally()
    remote = tally["remote"].given
    count = electronic(session)
    inside = tally["home"]
    return Figures(
        {
            "roll": len(session.files.book),
            "given_inside": inside.given,
            "given_outside": tally["outside"].given,
            "cast": session.cast_count("home"),
            "cancelled": inside.withdrawn,
            "not_returned": inside.abandoned,
            "remote_given": remote,
            "remote_sealed": remote if session.on_paper else len(session.files.envelopes),
        },
        None if session.on_paper or count is None else count.votes(),
        count.unreadable if count else 0,
    )


def count_differences(session: Session) -> tuple[Difference, ...] | Refusal:
    """(electronic, hand) by field, only after the two hand counts agree."""
    hand = agreed(session)
    return hand if isinstance(hand, Refusal) else electronic_differences(figures(session), hand)


def write_act(session: Session, field: str, text: str) -> Refusal | None:
    """Explain a difference (`vote:N`, `invalid`) or a failing equation (`equation:ID`)."""
    if refused := session.may("act"):
        return refused
    if session.state.name != "counted":
        return Refusal("wrong_phase", {"phase": session.state.name})
    votes = (f"vote:{number}" for number in (AGAINST_ALL, *(c.number for c in session.district.candidates)))
    equations = (f"equation:{equation.id}" for equation in session.definition.equations)
    if field not in {*votes, *equations, *(line.id for line in session.definition.lines)}:
        return Refusal("field_unknown", {"field": field})
    if refused := texts.refusal(text):
        return refused
    act = Act(field, text.strip(), session.by)
    session.journal.write(
        Happened("act_written", session.by, {"field": field}),
        records=[Record("act", field, msgspec.json.encode(act))],
    )
    return None


def acts(session: Session) -> list[Act]:
    return list(session.journal.all_newest("act", Act).values())
