"""The end of the day: draw up the protocol, sign it, put the packet on a stick."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.ballot.count import HandCount
from kiosk.day import counting, hand_count, orders, phases, protocol, restart, texts
from kiosk.day.complaints import Complaints
from kiosk.day.session import Session
from kiosk.devices.stick import Stick, Written
from kiosk.errors import DeviceError, IntegrityError, Refusal
from kiosk.forms import pages
from kiosk.journal.book import Happened, Record
from kiosk.packet import content as c
from kiosk.packet import verify, write
from kiosk.progress import Progress, silent
from kiosk.trust.election_file import SignedElection


def draft(session: Session) -> c.Protocol | Refusal:
    """The protocol as it would be signed now by those present: for looking at before signing."""
    hand = hand_count.agreed(session)
    if isinstance(hand, Refusal):
        return hand
    state = session.state
    if not isinstance(state, phases.Counted):
        return Refusal("wrong_phase", {"phase": state.name})
    course = protocol.Course(
        version=_version(session),
        epoch=restart.epoch(session),
        opened_at=state.opened_at,
        closed_at=state.closed_at,
        drawn_up_at=session.clock.now().isoformat(),
        recovery_copy_used=state.recovery_copy_used,
    )
    signatories = [
        c.Signatory(o.id, o.role, o.name_ky, o.name_ru)
        for o in session.credential.shareholders
        if o.id in session.present
    ]
    return protocol.draw_up(
        session.definition,
        session.credential.station,
        course,
        figures=hand_count.figures(session),
        hand=hand,
        acts=hand_count.acts(session),
        signatories=signatories,
    )


def _version(session: Session) -> int:
    return len(session.journal.all_newest("signed", dict)) + 1


def _event(session: Session) -> phases.Sign:
    """The facts that decide whether the protocol may be signed."""
    credential = session.credential
    entries = hand_count.hand_counts(session)
    hand = hand_count.agreed(session)
    open_points: tuple[str, ...] = ()
    if isinstance(hand, HandCount):
        drawn = draft(session)
        if isinstance(drawn, c.Protocol):
            open_points = protocol.unexplained(drawn)
    return phases.Sign(
        hand_counts=len(entries),
        hand_counts_agree=isinstance(hand, HandCount),
        unexplained=open_points,
        chair_present=any(o.id in session.present for o in credential.of_role("chair")),
        members_present=sum(o.id in session.present for o in credential.of_role("member")),
        quorum=credential.quorum,
        version=_version(session),
    )


def sign(session: Session) -> bytes | Refusal:
    """Everybody present signs: the packet's bytes, kept in the station's folder for as many exports as wanted."""
    session.read_anew()
    if refused := session.may("sign"):
        return refused
    event = _event(session)
    after = phases.transition(session.state, event)
    if isinstance(after, Refusal):
        return after
    assert isinstance(session.state, phases.Counted)
    # The centre believes no protocol that is older than a ballot it counts, and the box key is gone by then.
    given = (at for _tag, kind, _district, at in session.files.register.served() if kind != "outside")
    if behind := session.clock_behind(max([session.state.opened_at, *given], key=datetime.fromisoformat)):
        return behind
    drawn = draft(session)
    if isinstance(drawn, Refusal):
        return drawn
    session.journal.write(checkpoint=True)
    packet = _build(session, drawn)
    name = write.file_name(drawn.purpose, drawn.station, drawn.version)
    session.write_file(name, packet)
    told = Happened("protocol_signed", session.by, {"version": drawn.version, "signatures": len(drawn.signatories)})
    record = Record("signed", str(drawn.version), msgspec.json.encode({"name": name}))
    return session.move(event, told, records=(record,)) or packet


def correct(session: Session, reason: str, folders: Iterable[Path] = ()) -> Refusal | None:
    """A figure of the signed protocol was wrong: back to the hand counts, for a next version that bears the reason and
    is signed by chair and k members again. Where the law wants an order of the commission, it lies on one of the media
    in `folders` (`correction_not_ordered`). The version before stays as it was."""
    if refused := session.may("correct"):
        return refused
    if refused := texts.refusal(reason):
        return refused
    by_order = session.definition.corrections == "order"
    order = orders.to_correct(session, folders) if by_order else None
    ordered = not by_order or order is not None
    version = _version(session)
    field = f"correction:{version}"
    kept = Record("act", field, msgspec.json.encode(c.Act(field, reason.strip(), session.by)))
    told = Happened("protocol_corrected", session.by, {"version": version})
    records = (kept, order) if order else (kept,)
    return session.move(phases.Correct(ordered), told, records=records)


def _build(session: Session, drawn: c.Protocol) -> bytes:
    count = counting.electronic(session)
    to = session.definition.hash, session.credential.station, session.keys.authority
    records = write.Records(
        protocol=drawn,
        ballots=count.records if count else (),
        journal=session.journal.entries(),
        checkpoints=session.journal.checkpoints(),
        complaints=Complaints(session.journal).public(),
        sealed_register=write.sealed_register(session.files.register.served(), *to),
        sealed_envelopes=write.sealed_envelopes(session.files.envelopes.all(), *to),
        credential=session.credential_bytes,
        created=drawn.drawn_up_at,
    )
    signers = [session.present[s.id].signing for s in drawn.signatories]
    imprint = session.imprint()
    return write.build(records, session.keys.station, signers, lambda drawn, code: pages.protocol(drawn, code, imprint))


def signed_packet(session: Session) -> tuple[str, bytes] | Refusal:
    """Name and bytes of the newest signed packet, the same every time."""
    records = session.journal.all_newest("signed", dict)
    if not records:
        return Refusal("wrong_phase", {"phase": session.state.name})
    name = str(records[str(len(records))]["name"])
    try:
        return name, (session.folder / name).read_bytes()
    except OSError as error:
        raise IntegrityError("station_file_missing", file=name) from error


def export(session: Session, stick: Stick, progress: Progress = silent) -> Written | Refusal:
    """Put the packet on a stick, read it back, verify what was read. DeviceError: the stick; nothing half is left.

    May be repeated with another stick at any time: the same bytes.
    """
    if refused := session.may("export"):
        return refused
    found = signed_packet(session)
    if isinstance(found, Refusal):
        return found
    name, packet = found
    try:
        written = stick.write(name, packet, progress)
    except DeviceError as error:
        session.tell(Happened("export_failed", session.by, {"code": error.code}))
        raise
    election = SignedElection(
        session.definition,
        bytes.fromhex(session.credential.authority_key),
        bytes.fromhex(session.credential.authority_sealing_key),
    )
    verdict = verify.verify_file(written.path, election)
    if not verdict.accepted:
        raise IntegrityError(verdict.code or "", **verdict.facts)
    version = verdict.manifest.version if verdict.manifest else 0
    told = Happened("packet_exported", session.by, {"version": version, "size": written.size})
    return session.move(phases.Export(), told) or written
