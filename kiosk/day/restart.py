"""After any stop, a power cut too: what was committed counts, and what the journal missed it hears now."""

from kiosk.day import box_key
from kiosk.day.folder import TAKEN_OVER
from kiosk.day.session import KINDS, Session
from kiosk.errors import Fact, IntegrityError
from kiosk.journal import chain
from kiosk.journal.book import Happened, Journal
from kiosk.journal.events import JournalEvent
from kiosk.roll.register import BallotKind


def check_journal(journal: Journal, station_public: bytes) -> None:
    """The chain up to its last checkpoint must hold; entries after it are chained but not signed yet."""
    entries, checkpoints = journal.entries(), journal.checkpoints()
    signed = checkpoints[-1].seq if checkpoints else 0
    chain.verify(entries[:signed], checkpoints, journal.context, station_public)
    previous = entries[signed - 1].hash if signed else chain.START
    for entry in entries[signed:]:
        if entry.prev != previous:
            raise IntegrityError("journal_broken", entry=entry.seq)
        previous = entry.hash


def reconcile(session: Session) -> None:
    """After any stop: given = cast + abandoned + withdrawn + in progress, per kind, at most one in progress.

    What was committed counts; a journal that was cut off before it could tell of it catches up. One in progress
    becomes the pending ballot again. IntegrityError `counts_impossible` if the files contradict each other.
    """
    if decided := _untold_decisions(session):
        session.journal.write(*decided)
    if session.state.name in ("posting", "ready"):
        return
    box_key.check_public(session)
    session.journal.write(*_untold(session))
    out = {kind: session.in_progress(kind) for kind in KINDS}
    if any(n < 0 for n in out.values()) or sum(out.values()) > 1:
        raise IntegrityError("counts_impossible", home=out["home"], remote=out["remote"])
    if session.state.name not in ("open", "paused"):
        return
    session.journal.write(Happened("restarted", fields={"in_progress": sum(out.values())}))
    last = session.files.register.last_given()
    if sum(out.values()) and last and last.kind and last.district is not None:
        session.hand_out(last.kind, last.district, last.person)


def tell_taken_over(session: Session) -> None:
    """Once: the journal first, then the mark goes."""
    mark = session.folder / TAKEN_OVER
    if mark.exists():
        session.journal.write(Happened("taken_over"), checkpoint=True)
        mark.unlink()


def _untold_decisions(session: Session) -> list[Happened]:
    """Voters struck off and votes asked for at home that the register has and the journal missed.

    IntegrityError `counts_impossible` if the journal tells of more: an older register would give a ballot to somebody
    who was struck off.
    """
    kept = session.files.register.decisions()
    steps = session.journal.tally("home_vote", "step")
    asked = steps.pop("asked", 0)
    told = {
        "struck_off": sum(session.journal.tally("voter_struck_off", "").values()),
        "application": asked,
        "application_settled": sum(steps.values()),
    }
    for what, count in told.items():
        if count > kept.get(what, 0):
            raise IntegrityError("counts_impossible", told=count, found=kept.get(what, 0))
    struck = kept.get("struck_off", 0) - told["struck_off"]
    more = kept.get("application", 0) - asked
    return [Happened("voter_struck_off")] * struck + [Happened("home_vote", fields={"step": "asked"})] * more


def _untold(session: Session) -> list[Happened]:
    """What was committed and not yet told. IntegrityError `counts_impossible` if the journal tells of more than the
    files hold: then an older file was put in place of the day's."""
    happened: list[Happened] = []

    def catch_up(event: JournalEvent, count: int, fields: dict[str, Fact]) -> None:
        missing = count - session.journal.count(event, str(fields["kind"]))
        if missing < 0:
            raise IntegrityError("counts_impossible", told=count - missing, found=count)
        happened.extend([Happened(event, fields=dict(fields))] * missing)

    tally = session.files.register.tally()
    kinds: tuple[BallotKind, ...] = ("home", "remote", "outside")
    for kind in kinds:
        catch_up("ballot_given", tally[kind].given, {"kind": kind})
        if kind in KINDS and not session.on_paper:
            catch_up("ballot_cast", session.cast_count(kind), {"kind": kind})
        catch_up("ballot_abandoned", tally[kind].abandoned, {"kind": kind, "reason": "restart"})
        catch_up("ballot_withdrawn", tally[kind].withdrawn, {"kind": kind, "reason": "restart"})
    return happened
