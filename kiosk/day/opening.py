"""Before the first voter: the members come, the counters stand at zero, the box and its key are made and split."""

from kiosk.day import box_key, permissions, phases
from kiosk.day.folder import BOX_KEY
from kiosk.day.locked import Locked
from kiosk.day.session import Counter, Session
from kiosk.errors import Refusal
from kiosk.journal.book import Happened
from kiosk.trust.credential import Officer
from kiosk.trust.keys import read_sealing_public


def attend(session: Session, locked: Locked, untrusted_card: str, pin: str) -> Officer | Refusal:
    """A chair or member shows the badge: present for what comes next (opening, closing, count, signing)."""
    if session.state.name in ("signed", "exported") and not session.is_copy:
        return Refusal("wrong_phase", {"phase": session.state.name})
    badge = locked.open_badge(untrusted_card, pin)
    if isinstance(badge, Refusal):
        return badge
    officer = session.credential.officer(badge.id)
    if officer is None or permissions.refusal(officer.role, "attend"):
        return Refusal("holds_no_share")
    session.present[badge.id] = badge
    session.journal.write(Happened("attended", badge.id))
    return officer


def counters(session: Session) -> list[Counter]:
    """Every counter that must stand at zero before the polls open."""
    tally = session.files.register.tally()
    return [
        Counter("given", sum(tally[kind].given for kind in ("home", "remote"))),
        Counter("cast", len(session.files.box)),
        Counter("envelopes", len(session.files.envelopes)),
    ]


def prepare(session: Session) -> list[Counter] | Refusal:
    """Self-test and zero report. The day's files are compared with the definition before anybody may vote."""
    if refused := session.may("prepare"):
        return refused
    roll = len(session.files.book)
    expected = session.station.voters
    good = roll == expected and {s for s, _ in session.files.book.count()} <= {session.credential.station}
    found = counters(session)
    present = tuple(sorted(session.present))
    members = sum(o.id in session.present for o in session.credential.of_role("member"))
    event = phases.Prepare(
        present=present, members=members, quorum=session.credential.quorum, self_test=good, counters=dict(found)
    )
    told = (
        Happened("self_test", session.by, {"roll": roll, "definition_roll": expected}),
        Happened("zero_report", session.by, dict(found)),
    )
    return session.move(event, *told) or found


def open_polls(session: Session) -> Refusal | None:
    """Make the box and its key, split the key, forget it, open. Not a minute before the hour.

    The private half exists only inside this call and is never written; after it, k badges or the central commission
    are needed. The journal tells the hashes of what is written beside it, so that neither can be exchanged.
    """
    if refused := session.may("open"):
        return refused
    now = session.clock.now()
    hours = session.hours
    event = phases.OpenPolls(now.isoformat(), hours.before(now), hours.after(now))
    refused_or_state = phases.transition(session.state, event)
    if isinstance(refused_or_state, Refusal):
        return refused_or_state
    if session.on_paper:
        return session.move(event)
    public, split = box_key.make_and_split(session)
    session.write_file(BOX_KEY, split)  # an opening that is cut off after this makes another
    slots = session.station.voters
    made = Happened("box_made", session.by, {"slots": slots, **box_key.told(session, public, split)})
    key = box_key.record(public)
    refused = session.move(event, made, records=(key,), also=lambda: session.files.box.make(slots))
    session.keys.box = read_sealing_public(public)
    return refused
