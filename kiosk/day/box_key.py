"""The box key's whole life: made and split at the opening, rebuilt by k badges for the count, destroyed after it.

The private half exists in `make_and_split` and in whoever counts, and is never written. The journal tells the hashes
of what is written instead, so that neither the public half nor the shares can be exchanged.
"""

import os
import secrets
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from kiosk.day.folder import BOX_KEY, BOX_PUBLIC, read
from kiosk.day.session import Session
from kiosk.errors import Fact, IntegrityError, Refusal
from kiosk.journal.book import Happened
from kiosk.trust import shares
from kiosk.trust.keys import SEED_BYTES, key_id, new_seed, read_sealing_public, sealing_key, sealing_public
from kiosk.trust.sealing import seal, unseal


class SplitKey(msgspec.Struct, frozen=True):
    """The box key's shares, each sealed to one member's badge, and the recovery copy sealed to the authority."""

    shares: dict[str, str]
    recovery: str


def share_info(session: Session, badge: str) -> bytes:
    """What a share is bound to; for the recovery copy `badge` is "authority"."""
    return f"ks1 share {session.definition.hash} {session.credential.station} {badge}".encode()


# -- the opening ---------------------------------------------------------------------------------------


def make_and_split(session: Session) -> tuple[bytes, bytes]:
    """(public half, the shares and the recovery copy as they are written); the private half is forgotten here."""
    holders = session.credential.shareholders
    seed = new_seed()
    words = shares.split(seed, session.credential.quorum, len(holders))
    sealed = {
        officer.id: seal(
            share.encode(), read_sealing_public(bytes.fromhex(officer.sealing_key)), share_info(session, officer.id)
        ).hex()
        for officer, share in zip(holders, words, strict=True)
    }
    recovery = seal(seed, session.keys.authority, share_info(session, "authority")).hex()
    return sealing_public(seed), msgspec.json.encode(SplitKey(sealed, recovery))


def keep(session: Session, public: bytes, split: bytes) -> dict[str, Fact]:
    """Write both; what the journal tells of them. From here on ballots can be sealed."""
    session.write_file(BOX_KEY, split)
    session.write_file(BOX_PUBLIC, public)
    session.keys.box = read_sealing_public(public)
    holders = session.credential.shareholders
    return {"k": session.credential.quorum, "n": len(holders), "public": key_id(public), "shares": key_id(split)}


# -- every start ---------------------------------------------------------------------------------------


def check_public(session: Session) -> None:
    """The box is sealed to the key that the opening made, and to no other: IntegrityError `box_exchanged`."""
    made = session.journal.last("box_made")
    if session.on_paper or made is None:
        return
    if session.files.box is None or made.fields["public"] != key_id(read(session.folder / BOX_PUBLIC)):
        raise IntegrityError("box_exchanged")


# -- the count -----------------------------------------------------------------------------------------


def rebuild(session: Session) -> bytes | Refusal:
    """The seed from the badges that are present. `too_few_shares`, `shares_do_not_match`."""
    sealed = _read_split(session).shares
    words = []
    for badge_id, badge in sorted(session.present.items()):
        share = unseal(bytes.fromhex(sealed[badge_id]), badge.sealing, share_info(session, badge_id))
        words.append(share.decode())
    return shares.combine(words, session.credential.quorum)


def private(session: Session, seed: bytes) -> MLKEM768X25519PrivateKey | Refusal:
    """The key of a seed, if it is the one that the opening made; `shares_do_not_match` for any other: nothing was
    changed, try again."""
    made = session.journal.last("box_made")
    if len(seed) != SEED_BYTES or made is None or made.fields["public"] != key_id(sealing_public(seed)):
        return Refusal("shares_do_not_match")
    return sealing_key(seed)


def recovery_copy(session: Session) -> bytes:
    """Sealed to the authority, for the case that fewer than k members return; info as `share_info(…, "authority")`."""
    return bytes.fromhex(_read_split(session).recovery)


def _read_split(session: Session) -> SplitKey:
    """The shares as they were made: IntegrityError `box_key_missing` for anything else."""
    try:
        content = (session.folder / BOX_KEY).read_bytes()
    except OSError as error:
        raise IntegrityError("box_key_missing") from error
    made = session.journal.last("box_made")
    if made is None or made.fields["shares"] != key_id(content):
        raise IntegrityError("box_key_missing")
    return msgspec.json.decode(content, type=SplitKey)


# -- its end -------------------------------------------------------------------------------------------


def finish_destroying(session: Session) -> None:
    """After the count nothing may be left that opens the box; also at start, should the power have gone just then."""
    if session.state.name in ("counted", "signed", "exported") and destroy(session):
        session.tell(Happened("box_key_destroyed", session.by))


def destroy(session: Session) -> bool:
    """Overwrite the shares and the recovery copy, then remove them: what the disk remembers opens nothing.

    Whether there was anything to destroy.
    """
    mirror = session.mirror
    found = False
    for folder in (session.folder, *([mirror.folder] if mirror and not mirror.lost else [])):
        try:
            found = _wipe(folder / BOX_KEY) or found
        except OSError:
            if folder == session.folder:
                raise
            if mirror:
                mirror.lost = True
    return found


def _wipe(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return True
