"""What people write in a day: acts, complaints, reasons. Looked at where it is typed: once the box key is gone, nothing
may turn out that no protocol can be printed with."""

from kiosk.errors import Refusal
from kiosk.letters import sign, unbidden, unprintable

_MOST = 2000  # characters: half a page


def refusal(text: str) -> Refusal | None:
    """`text_missing`, `text_too_long`, `text_unprintable`; lines may end in it."""
    if not text.strip():
        return Refusal("text_missing")
    if len(text) > _MOST:
        return Refusal("text_too_long", {"found": len(text), "most": _MOST})
    plain = text.replace("\n", " ")
    strange = unbidden(plain) or unprintable(plain)
    return Refusal("text_unprintable", {"sign": sign(strange)}) if strange else None
