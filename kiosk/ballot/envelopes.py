"""The envelopes: remote ballots. Outside the voter's tag, inside the ballot sealed to the authority.

The station can't open one; the centre drops the tag before it opens any (docs/trust.md, "The centre").
"""

import msgspec
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

from kiosk.ballot import ballot as b
from kiosk.errors import IntegrityError
from kiosk.storage.commit import Mirrored, transaction
from kiosk.storage.database import IntegrityViolation
from kiosk.trust.sealing import seal

TABLES = f"""
CREATE TABLE envelope (
  tag BLOB PRIMARY KEY CHECK (length(tag) = 16),
  district INTEGER NOT NULL,
  sealed BLOB NOT NULL CHECK (length(sealed) = {b.SEALED_BYTES}),
  signature BLOB NOT NULL CHECK (length(signature) = {b.SIGNATURE_BYTES})
) STRICT, WITHOUT ROWID;
CREATE TRIGGER envelope_no_update BEFORE UPDATE ON envelope BEGIN SELECT raise(ABORT, 'final'); END;
CREATE TRIGGER envelope_no_delete BEFORE DELETE ON envelope BEGIN SELECT raise(ABORT, 'final'); END
"""


class Envelope(msgspec.Struct, frozen=True):
    tag: bytes
    district: int
    sealed: bytes
    signature: bytes  # of the station, over `signed_bytes`


def signed_bytes(definition_hash: str, tag: bytes, district: int, sealed: bytes) -> bytes:
    """What the station signs: ties the outside to the inside until the centre takes them apart."""
    return b.envelope_info(definition_hash, district) + b" " + tag + sealed


class Envelopes:
    def __init__(self, database: Mirrored, definition_hash: str) -> None:
        self._database = database
        self._definition_hash = definition_hash

    def __len__(self) -> int:
        read = "SELECT count(*) FROM envelope"
        return self._database.keep("envelopes", lambda: int(self._database.conn.execute(read).fetchone()[0]))

    def put(self, tag: bytes, ballot: b.Ballot, authority: MLKEM768X25519PublicKey, sign: b.Sign) -> None:
        """Seal and store; durable when this returns, or with the act that is open.

        IntegrityError `envelope_twice` for a tag already here."""
        sealed = seal(b.encode(ballot), authority, b.envelope_info(self._definition_hash, ballot.district))
        signature = sign(signed_bytes(self._definition_hash, tag, ballot.district, sealed))
        try:
            with transaction(self._database) as act:
                act.secret = True
                act.execute("INSERT INTO envelope VALUES (?, ?, ?, ?)", (tag, ballot.district, sealed, signature))
                if "envelopes" in self._database.kept:
                    self._database.kept["envelopes"] += 1
        except IntegrityViolation as error:
            raise IntegrityError("envelope_twice") from error

    def all(self) -> list[Envelope]:
        """Every envelope in order of tag."""
        rows = self._database.conn.execute("SELECT tag, district, sealed, signature FROM envelope ORDER BY tag")
        return [Envelope(*row) for row in rows.fetchall()]
