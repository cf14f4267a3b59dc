"""The box key's whole life: made and split at the opening, rebuilt by k badges for the count, destroyed after it.

The private half exists in `make_and_split` and in whoever counts, and is never written. The journal tells the hashes
of what is written instead, so that neither the public half nor the shares can be exchanged.
"""

from contextlib import suppress
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

from kiosk.day.folder import BOX_KEY
from kiosk.day.session import Session
from kiosk.errors import Fact, IntegrityError, Refusal
from kiosk.journal.book import Happened, Journal, Record
from kiosk.storage.files import read_small, shred, write_file
from kiosk.trust import shares
from kiosk.trust.keys import SEED_BYTES, key_id, new_seed, read_sealing_public, sealing_key, sealing_public
from kiosk.trust.sealing import seal, unseal

COUNTED = ("counted", "signed", "exported")
_MOST_BYTES = 1 << 20


class SplitKey(msgspec.Struct, frozen=True):
    """By badge: a share of the box key, and the recovery copy, sealed to the authority and then to this badge: the
    commission needs any one of them, and nobody can do anything with its key and the disk alone."""

    shares: dict[str, str]
    recovery: dict[str, str]


def share_info(session: Session, badge: str) -> bytes:
    """What a badge's share is bound to."""
    return f"ks1 share {session.definition.hash} {session.credential.station} {badge}".encode()


def authority_info(definition_hash: str, station: int) -> bytes:
    """What the inner recovery copy is bound to."""
    return f"ks1 share {definition_hash} {station} authority".encode()


def recovery_info(session: Session, badge: str) -> bytes:
    """What a badge's recovery copy is bound to."""
    return f"ks1 recovery {session.definition.hash} {session.credential.station} {badge}".encode()


# -- the opening ---------------------------------------------------------------------------------------


def make_and_split(session: Session) -> tuple[bytes, bytes]:
    """(public half, the shares and the recovery copy as they are written); the private half is forgotten here."""
    holders = session.credential.shareholders
    seed = new_seed()
    words = shares.split(seed, session.credential.quorum, len(holders))
    inner = seal(seed, session.keys.authority, authority_info(session.definition.hash, session.credential.station))
    sealed, recovery = {}, {}
    for officer, share in zip(holders, words, strict=True):
        badge = read_sealing_public(bytes.fromhex(officer.sealing_key))
        sealed[officer.id] = seal(share.encode(), badge, share_info(session, officer.id)).hex()
        recovery[officer.id] = seal(inner, badge, recovery_info(session, officer.id)).hex()
    return sealing_public(seed), msgspec.json.encode(SplitKey(sealed, recovery))


def told(session: Session, public: bytes, split: bytes) -> dict[str, Fact]:
    """What the journal tells of them."""
    holders = session.credential.shareholders
    return {"k": session.credential.quorum, "n": len(holders), "public": key_id(public), "shares": key_id(split)}


def record(public: bytes) -> Record:
    return Record("box_key", "public", msgspec.json.encode(public.hex()))


# -- every start ---------------------------------------------------------------------------------------


def public_half(journal: Journal) -> MLKEM768X25519PublicKey | None:
    """To seal ballots to: the key that the opening made, and no other. None before it.

    IntegrityError `box_exchanged`.
    """
    made, kept = journal.last("box_made"), journal.newest("box_key", "public", str)
    if made is None:
        return None
    if kept is None or made.fields["public"] != key_id(bytes.fromhex(kept)):
        raise IntegrityError("box_exchanged")
    return read_sealing_public(bytes.fromhex(kept))


def check_split(session: Session) -> None:
    """Until the count the shares must be there as they were made; the mirror's copy stands in for a damaged one.

    IntegrityError `box_key_missing`: the box could never be opened, or a day from before the count was put back.
    """
    if session.journal.last("box_made") is None or session.state.name in COUNTED:
        return
    try:
        _read_split(session)
    except IntegrityError:
        mirror = session.mirror
        kept = mirror.do(lambda: _small(mirror.folder / BOX_KEY)) if mirror else None
        if kept is None or not _as_made(session, kept):
            raise
        write_file(session.folder / BOX_KEY, kept)


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


def recovery_copy(session: Session) -> bytes | Refusal:
    """Sealed to the authority, for the case that fewer than k members return; info as `authority_info`.

    One of those present opens it: `too_few_shares` where nobody is.
    """
    split = _read_split(session)
    for badge_id, badge in sorted(session.present.items()):
        return unseal(bytes.fromhex(split.recovery[badge_id]), badge.sealing, recovery_info(session, badge_id))
    return Refusal("too_few_shares", {"found": 0, "needed": 1})


def _read_split(session: Session) -> SplitKey:
    """The shares as they were made: IntegrityError `box_key_missing` for anything else."""
    content = _small(session.folder / BOX_KEY)
    if content is None or not _as_made(session, content):
        raise IntegrityError("box_key_missing")
    return msgspec.json.decode(content, type=SplitKey)


def _as_made(session: Session, content: bytes) -> bool:
    made = session.journal.last("box_made")
    return made is not None and made.fields["shares"] == key_id(content)


def _small(path: Path) -> bytes | None:
    with suppress(OSError):
        return read_small(path, _MOST_BYTES)
    return None


# -- its end -------------------------------------------------------------------------------------------


def finish_destroying(session: Session) -> None:
    """After the count nothing may be left that opens the box; also at start, should the power have gone just then."""
    if session.state.name in COUNTED and destroy(session):
        session.tell(Happened("box_key_destroyed", session.by))


def destroy(session: Session) -> bool:
    """Overwrite the shares and the recovery copy, then remove them: what the disk remembers opens nothing.

    Whether there was anything to destroy.
    """
    found = _shred_in(session.folder)
    mirror = session.mirror
    if mirror:
        found = bool(mirror.also(lambda: _shred_in(mirror.folder))) or found
    return found


def _shred_in(folder: Path) -> bool:
    """Also what a writing that was cut off left."""
    shred(folder / f"{BOX_KEY}.part")
    return shred(folder / BOX_KEY)
