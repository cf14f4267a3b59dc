"""After any stop, a power cut too: what was committed counts, and the ballot that was in progress is so again."""

import msgspec

from kiosk.day import rollback, texts
from kiosk.day.folder import COPY
from kiosk.day.session import KINDS, Session
from kiosk.election.definition import Role
from kiosk.errors import IntegrityError, Refusal
from kiosk.journal import chain
from kiosk.journal.book import Happened, Journal, Record
from kiosk.packet.content import Act
from kiosk.roll.register import BallotKind
from kiosk.storage.files import sync_folder


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


def reconcile(session: Session, role: Role) -> None:
    """given = cast + abandoned + withdrawn + in progress, per kind, at most one in progress: that one becomes the
    pending ballot again.

    An act and the entry that tells of it are one commit, so the tables agree with the journal. Where they do not,
    somebody wrote into the file past this program, or a disk lost what it had promised. Then nobody but the chair opens
    the station (IntegrityError `counts_impossible`), and nothing is done there until the chair has said what happened
    (`explain`).
    """
    put_back = {} if session.is_copy else rollback.compare(session)
    found = _contradiction(session) | put_back
    if found:
        if role != "chair":
            raise IntegrityError("day_put_back" if put_back else "counts_impossible", points=len(found))
        session.contradiction = found
        return
    if not session.is_copy:
        rollback.follow(session)
    _go_on(session)


def explain(session: Session, text: str) -> Refusal | None:
    """The chair's account of counts that do not add up: kept as an act for the protocol, and the day goes on. No ballot
    that is recorded is touched. `text_missing`, `counts_agree`."""
    if refused := session.may("explain"):
        return refused
    found = session.contradiction
    if not found:
        return Refusal("counts_agree")
    if refused := texts.refusal(text):
        return refused
    act = Act("counts", text.strip(), session.by)
    records = [Record("act", act.field, msgspec.json.encode(act))]
    if counts := {what: n for what, n in found.items() if what not in rollback.TOLD}:
        records.append(Record("counts", "explained", msgspec.json.encode(counts)))
    session.journal.write(
        Happened("counts_explained", session.by, {"points": len(found)}), records=records, checkpoint=True
    )
    session.contradiction = {}
    rollback.follow(session)
    _go_on(session)
    return None


def _go_on(session: Session) -> None:
    if session.state.name not in ("open", "paused"):
        return
    out = [kind for kind in KINDS if session.in_progress(kind) > 0]
    session.journal.write(Happened("restarted", fields={"in_progress": len(out)}))
    for kind in out:
        last = session.files.register.last_given(kind)
        if last and last.district is not None:
            session.hand_out(kind, last.district, last.person)


def remember_copy(session: Session) -> None:
    """That this day has a second copy: a start without it says so, as if it were lost."""
    if session.copy == "kept" and not session.journal.newest("mirror", "mirror", bool):
        session.journal.write(records=[Record("mirror", "mirror", b"true")])
    if session.copy == "lost":
        session.tell()


def epoch(session: Session) -> int:
    """1 for the terminal that was set up; each take-over is one more. As in `kiosk.journal.chain.Course`."""
    return 1 + sum(session.journal.tally("taken_over", "").values())


def take_over(session: Session) -> Refusal | None:
    """The day goes on here, from a copy of another terminal: said by the chair and a member together. The journal tells
    it first; the number of such entries is what the centre tells a fork by. `second_badge_missing`."""
    if refused := session.may("take_over"):
        return refused
    if not session.is_copy:
        return Refusal("taken_over_already")
    if not set(session.present) - {session.by}:
        return Refusal("second_badge_missing")
    session.journal.write(Happened("taken_over", session.by, {"epoch": epoch(session) + 1}), checkpoint=True)
    (session.folder / COPY).unlink()
    sync_folder(session.folder)
    session.present.clear()
    session.is_copy = False
    rollback.follow(session)
    return None


def _contradiction(session: Session) -> dict[str, int]:
    """What does not add up: name → by how much. Nothing where all is well, or where nothing came to what the chair has
    explained. The ballot that is in progress by the journal, which is chained and signed, is none of it (`out …` is
    what differs from it), so that its voter can go on."""
    register, journal = session.files.register, session.journal
    tally, decided, steps = register.tally(), register.decisions(), journal.tally("home_vote", "step")
    asked = steps.pop("asked", 0)
    found = {
        "struck off": decided.get("struck_off", 0) - sum(journal.tally("voter_struck_off", "").values()),
        "applications": decided.get("application", 0) - asked,
        "applications settled": decided.get("application_settled", 0) - sum(steps.values()),
    }
    kinds: tuple[BallotKind, ...] = ("home", "remote", "outside")
    for kind in kinds:
        found[f"given {kind}"] = tally[kind].given - journal.count("ballot_given", kind)
        found[f"abandoned {kind}"] = tally[kind].abandoned - journal.count("ballot_abandoned", kind)
        found[f"withdrawn {kind}"] = tally[kind].withdrawn - journal.count("ballot_withdrawn", kind)
        if kind in KINDS and not session.on_paper:
            found[f"cast {kind}"] = session.cast_count(kind) - journal.count("ballot_cast", kind)
            gone = sum(found[f"{what} {kind}"] for what in ("abandoned", "withdrawn", "cast"))
            found[f"out {kind}"] = found[f"given {kind}"] - gone
    if all(n == session.explained(what) for what, n in found.items()):
        return {}
    return {what: n for what, n in found.items() if n} or {"out": 0}
