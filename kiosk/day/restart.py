"""After any stop, a power cut too: what was committed counts, and the ballot that was in progress is so again."""

from kiosk.day.folder import TAKEN_OVER
from kiosk.day.session import KINDS, Session
from kiosk.errors import IntegrityError
from kiosk.journal import chain
from kiosk.journal.book import Happened, Journal, Record
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
    """given = cast + abandoned + withdrawn + in progress, per kind, at most one in progress: that one becomes the
    pending ballot again.

    An act and the entry that tells of it are one commit, so the file agrees with its journal: IntegrityError
    `counts_impossible` if it does not, since then somebody wrote into it past this program.
    """
    _agrees_with_journal(session)
    if session.state.name in ("posting", "ready"):
        return
    out = {kind: session.in_progress(kind) for kind in KINDS}
    if any(n < 0 for n in out.values()) or sum(out.values()) > 1:
        raise IntegrityError("counts_impossible", home=out["home"], remote=out["remote"])
    if session.state.name not in ("open", "paused"):
        return
    session.journal.write(Happened("restarted", fields={"in_progress": sum(out.values())}))
    last = session.files.register.last_given()
    if sum(out.values()) and last and last.kind and last.district is not None:
        session.hand_out(last.kind, last.district, last.person)


def remember_copy(session: Session) -> None:
    """That this day has a second copy: a start without it says so, as if it were lost."""
    if session.copy == "kept" and not session.journal.newest("mirror", "mirror", bool):
        session.journal.write(records=[Record("mirror", "mirror", b"true")])
    if session.copy == "lost":
        session.tell()


def tell_taken_over(session: Session) -> None:
    """Once: the journal first, then the mark goes."""
    mark = session.folder / TAKEN_OVER
    if mark.exists():
        session.journal.write(Happened("taken_over"), checkpoint=True)
        mark.unlink()


def _agrees_with_journal(session: Session) -> None:
    register, journal = session.files.register, session.journal
    tally, decided, steps = register.tally(), register.decisions(), journal.tally("home_vote", "step")
    asked = steps.pop("asked", 0)
    compared = [
        (sum(journal.tally("voter_struck_off", "").values()), decided.get("struck_off", 0)),
        (asked, decided.get("application", 0)),
        (sum(steps.values()), decided.get("application_settled", 0)),
    ]
    kinds: tuple[BallotKind, ...] = ("home", "remote", "outside")
    for kind in kinds:
        compared += [
            (journal.count("ballot_given", kind), tally[kind].given),
            (journal.count("ballot_abandoned", kind), tally[kind].abandoned),
            (journal.count("ballot_withdrawn", kind), tally[kind].withdrawn),
        ]
        if kind in KINDS and not session.on_paper:
            compared.append((journal.count("ballot_cast", kind), session.cast_count(kind)))
    for told, found in compared:
        if told != found:
            raise IntegrityError("counts_impossible", told=told, found=found)
