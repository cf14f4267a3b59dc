"""PKCS#11 tokens in place of cards: the badge's 32 bytes are an HMAC made inside the token.

The token's secret key never leaves it; its own PIN and its own counter of wrong tries guard it. HMAC and not a
public-key signature, because the seed must stay secret from a quantum computer too. A token's label is the badge's id.
"""

from threading import Lock
from typing import Any

import pkcs11
from pkcs11 import KeyType, Mechanism, ObjectClass

from kiosk.errors import DeviceError, Refusal
from kiosk.trust.badges import Badge

KEY_LABEL = "kiosk-badge"
_CONTEXT = b"ks1 badge seed"


class Tokens:
    """What is plugged in, through the library of the tokens' maker (`module`: its path). Not more than one thread is
    in that library at a time: it need not be made for more."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = Lock()
        self._seen: tuple[str, ...] = ()

    def labels(self) -> tuple[str, ...]:
        """Of the tokens that are plugged in; what was seen last while somebody else is asking. DeviceError."""
        if not self._lock.acquire(blocking=False):
            return self._seen
        try:
            self._seen = tuple(sorted(token.label.strip() for token in self._library().get_tokens()))
        except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
            raise _unusable(error) from error
        finally:
            self._lock.release()
        return self._seen

    def open(self, label: str, pin: str, *, handed_over: bool = False) -> Badge | Refusal:
        """The badge of a token. `badge_pin_wrong`, `token_locked`, `token_missing`; `token_last_try` where the screen
        is a voter's and the next wrong PIN would lock the token for good. DeviceError `token_unusable` otherwise."""
        with self._lock:
            try:
                found = [token for token in self._library().get_tokens() if token.label.strip() == label]
                if not found:
                    return Refusal("token_missing", {"badge": label})
                if handed_over and found[0].flags & pkcs11.TokenFlag.USER_PIN_FINAL_TRY:
                    return Refusal("token_last_try")
                with found[0].open(user_pin=pin) as session:
                    return _badge(label, session)
            except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
                return _refusal(error)

    def prepare(self, label: str, pin: str) -> Badge | Refusal:
        """Make the secret key on an initialised token, unless it is there, and return its badge for the credential.
        Refusals and errors as `open`."""
        with self._lock:
            try:
                with self._library().get_token(token_label=label).open(rw=True, user_pin=pin) as session:
                    try:
                        return _badge(label, session)
                    except pkcs11.exceptions.NoSuchKey:
                        _make_key(session)
                        return _badge(label, session)
            except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
                return _refusal(error)

    def _library(self) -> Any:
        return pkcs11.lib(self._module)


def _make_key(session: Any) -> None:
    session.generate_key(
        KeyType.GENERIC_SECRET,
        key_length=32 * 8,
        label=KEY_LABEL,
        store=True,
        capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
        template={pkcs11.Attribute.EXTRACTABLE: False, pkcs11.Attribute.SENSITIVE: True},
    )


def _badge(label: str, session: Any) -> Badge:
    key = session.get_key(object_class=ObjectClass.SECRET_KEY, label=KEY_LABEL)
    return Badge(label, bytes(key.sign(_CONTEXT, mechanism=Mechanism.SHA256_HMAC)))


def _unusable(error: Exception) -> DeviceError:
    return DeviceError("token_unusable", reason=type(error).__name__)


def _refusal(error: Exception) -> Refusal:
    """What the token says to a PIN, in our words. DeviceError for anything else."""
    if isinstance(error, pkcs11.exceptions.PinIncorrect | pkcs11.exceptions.PinLenRange):
        return Refusal("badge_pin_wrong")
    if isinstance(error, pkcs11.exceptions.PinLocked):
        return Refusal("token_locked")
    raise _unusable(error) from error
