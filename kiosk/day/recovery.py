"""When fewer than k members come back: the central commission opens the station's recovery copy of the box key.

The station asks on a stick, with one badge; the commission answers with the key sealed to that badge. Neither file is
of use to whoever finds it: the request opens with the commission's key alone, the answer with the badge alone.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from kiosk import canonical
from kiosk.ballot.count import ElectronicCount
from kiosk.day import box_key, counting
from kiosk.day.orders import on_medium
from kiosk.day.session import Session
from kiosk.devices.stick import Stick, Written
from kiosk.errors import IntegrityError, Refusal
from kiosk.journal.book import Happened
from kiosk.progress import Progress, silent
from kiosk.trust import signing
from kiosk.trust.credential import Credential
from kiosk.trust.keys import read_sealing_public
from kiosk.trust.sealing import seal, unseal

REQUEST_SUFFIX, ANSWER_SUFFIX = ".recovery-request.json", ".recovery-answer.json"
_REQUEST, _ANSWER = "application/vnd.kiosk.recovery-request+json", "application/vnd.kiosk.recovery-answer+json"


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request holds the recovery copy, sealed to the authority; an answer the box key's seed, sealed to the badge."""

    definition_hash: str
    station: int
    badge: str  # whose badge opened the copy, and will open the answer
    sealed: str  # hexadecimal


# -- the station ---------------------------------------------------------------------------------------


def ask(session: Session, stick: Stick, progress: Progress = silent) -> Written | Refusal:
    """Write the request on the stick. `too_few_shares` where nobody's badge is open, `shares_enough` where k are here;
    DeviceError as `Stick.write`."""
    s = session
    if refused := s.may("count"):
        return refused
    if s.state.name != "closed":
        return Refusal("wrong_phase", {"phase": s.state.name})
    if len(s.present) >= s.credential.quorum:
        return Refusal("shares_enough")
    copy = box_key.recovery_copy(s)
    if isinstance(copy, Refusal):
        return copy
    badge = min(s.present)  # as `recovery_copy` takes it
    made = Asked(definition_hash=s.definition.hash, station=s.credential.station, badge=badge, sealed=copy.hex())
    signed = signing.sign(canonical.write(made), _REQUEST, [s.keys.station])
    written = stick.write(f"{s.credential.station}{REQUEST_SUFFIX}", signed, progress)
    s.tell(Happened("recovery_asked", badge))
    return written


def open_from(session: Session, folders: Iterable[Path]) -> ElectronicCount | Refusal:
    """Open and count the box with the first good answer on these media. `recovery_missing`: there is none at all;
    `recovery_foreign`: none is the authority's, for this station; `recovery_badge_missing`: it is for a badge that is
    not open here."""
    s = session
    if refused := s.may("count"):
        return refused
    refused = Refusal("recovery_missing")
    for untrusted in (answer for folder in folders for answer in on_medium(folder, ANSWER_SUFFIX)):
        seed = _seed(s, untrusted)
        if isinstance(seed, bytes):
            return counting.open_the_box(s, seed)
        refused = seed
    return refused


def _seed(session: Session, untrusted_answer: bytes) -> bytes | Refusal:
    s = session
    try:
        answer = _read(untrusted_answer, _ANSWER, bytes.fromhex(s.credential.authority_key))
        if (answer.definition_hash, answer.station) != (s.definition.hash, s.credential.station):
            return Refusal("recovery_foreign")
        if answer.badge not in s.present:
            return Refusal("recovery_badge_missing", {"badge": answer.badge})
        sealing = s.present[answer.badge].sealing
        return unseal(bytes.fromhex(answer.sealed), sealing, _info(answer))
    except IntegrityError:
        return Refusal("recovery_foreign")


# -- the central commission ----------------------------------------------------------------------------


def station_of(file_name: str) -> int | None:
    """Whose request a file says it is, by its name; None for another name."""
    number = file_name.removesuffix(REQUEST_SUFFIX)
    return int(number) if number != file_name and number.isdecimal() and number.isascii() else None


def read_request(untrusted: bytes, credential: Credential) -> Asked:
    """A station's request, if this station signed it. IntegrityError `recovery_foreign`."""
    found = _read(untrusted, _REQUEST, bytes.fromhex(credential.station_key))
    wanted = (credential.definition_hash, credential.station)
    if (found.definition_hash, found.station) != wanted or credential.officer(found.badge) is None:
        raise IntegrityError("recovery_foreign")
    return found


def answer(
    request: Asked, credential: Credential, *, sealing: MLKEM768X25519PrivateKey, signing_key: Ed25519PrivateKey
) -> bytes:
    """The box key's seed, sealed to the badge that asked. IntegrityError `sealed_unreadable`."""
    info = box_key.authority_info(request.definition_hash, request.station)
    seed = unseal(bytes.fromhex(request.sealed), sealing, info)
    officer = credential.officer(request.badge)
    if officer is None:
        raise IntegrityError("recovery_foreign")
    to = read_sealing_public(bytes.fromhex(officer.sealing_key))
    made = msgspec.structs.replace(request, sealed=seal(seed, to, _info(request)).hex())
    return signing.sign(canonical.write(made), _ANSWER, [signing_key])


def _info(asked: Asked) -> bytes:
    return f"ks1 recovered {asked.definition_hash} {asked.station} {asked.badge}".encode()


def _read(untrusted: bytes, kind: str, signer: bytes) -> Asked:
    try:
        envelope = signing.read(untrusted, kind)
        found = canonical.read(envelope.payload, Asked)
        bytes.fromhex(found.sealed)
    except (canonical.MalformedError, ValueError) as error:
        raise IntegrityError("recovery_foreign") from error
    if not signing.signed_by(envelope, {"signer": signer}):
        raise IntegrityError("recovery_foreign")
    return found
