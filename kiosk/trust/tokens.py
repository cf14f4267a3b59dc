"""A PKCS#11 token in place of a card: the badge's 32 bytes are an HMAC made inside the token.

The token's secret key never leaves it; its own PIN and its own counter of wrong tries guard it. HMAC and not a
public-key signature, because the seed must stay secret from a quantum computer too.
"""

from typing import Any

import pkcs11
from pkcs11 import KeyType, Mechanism, ObjectClass

from kiosk.errors import DeviceError, Refusal
from kiosk.trust.badges import Badge

KEY_LABEL = "kiosk-badge"
_CONTEXT = b"ks1 badge seed"


def open_token(module: str, token_label: str, pin: str) -> Badge | Refusal:
    """The badge of a token: its label is the badge id. `badge_pin_wrong`, `badge_blocked`; DeviceError otherwise."""
    try:
        token = pkcs11.lib(module).get_token(token_label=token_label)
        with token.open(user_pin=pin) as session:
            key: Any = session.get_key(object_class=ObjectClass.SECRET_KEY, label=KEY_LABEL)
            return Badge(token_label, bytes(key.sign(_CONTEXT, mechanism=Mechanism.SHA256_HMAC)))
    except (pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinLenRange):
        return Refusal("badge_pin_wrong")
    except pkcs11.exceptions.PinLocked:
        return Refusal("badge_blocked")
    except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
        raise DeviceError("token_unusable", reason=type(error).__name__) from error


def prepare_token(module: str, token_label: str, pin: str) -> Badge:
    """Make the secret key on an initialised token and return its badge, for the credential."""
    try:
        token = pkcs11.lib(module).get_token(token_label=token_label)
        with token.open(rw=True, user_pin=pin) as session:
            key: Any = session.generate_key(
                KeyType.GENERIC_SECRET,
                key_length=32 * 8,
                label=KEY_LABEL,
                store=True,
                capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
                template={pkcs11.Attribute.EXTRACTABLE: False, pkcs11.Attribute.SENSITIVE: True},
            )
            return Badge(token_label, bytes(key.sign(_CONTEXT, mechanism=Mechanism.SHA256_HMAC)))
    except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
        raise DeviceError("token_unusable", reason=type(error).__name__) from error
