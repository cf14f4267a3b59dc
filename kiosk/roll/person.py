"""A voter, the personal number, and what a scanner reads from a document.

The machine-readable zone is parsed here and not by a library: the one on the registry was last released in 2020.
Source of formats and check digits: ICAO Doc 9303, parts 3 (check digit), 4 (TD3) and 5 (TD1).
"""

import re
from datetime import date
from typing import Literal, NewType

import msgspec

from kiosk.election.definition import Sex
from kiosk.errors import Refusal

Pin = NewType("Pin", str)
PIN_DIGITS = 14


class Voter(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the roll."""

    pin: Pin
    surname: str
    given_name: str
    patronymic: str
    birth_date: str  # ISO
    sex: Sex
    station: int
    line: int  # on the station's list
    address: str
    document: str

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    def __repr__(self) -> str:
        return f"Voter(station={self.station}, line={self.line})"  # never a name or PIN in a log or traceback


# Between the digits of a number as people write and print it: any space, any dash.
_BETWEEN = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212]")


def is_number(typed: str) -> bool:
    """Whether somebody types a personal number, whole or not, and not a name."""
    digits = _BETWEEN.sub("", typed)
    return digits.isascii() and digits.isdigit()


def parse_pin(untrusted: str) -> Pin | Refusal:
    """14 digits, spaces and dashes between them allowed. No checksum is enforced: none is reliable."""
    digits = _BETWEEN.sub("", untrusted)
    if not digits:
        return Refusal("pin_empty")
    if not (digits.isascii() and digits.isdigit()):
        return Refusal("pin_characters")
    if len(digits) != PIN_DIGITS:
        return Refusal("pin_length", {"found": len(digits), "wanted": PIN_DIGITS})
    return Pin(digits)


def read_pin(untrusted: str) -> Pin | Refusal:
    """From what a scanner or a person typed: a machine-readable zone or a bare number. `mrz_…`, `pin_…`,
    `document_without_pin` (another country's 14 digits are no PIN)."""
    if not looks_like_mrz(untrusted):
        return parse_pin(untrusted)
    scan = parse_mrz(untrusted)
    if isinstance(scan, Refusal):
        return scan
    if scan.pin is None or scan.country != "KGZ":
        return Refusal("document_without_pin", {"country": scan.country})
    return scan.pin


def pin_agrees(voter: Voter) -> bool:
    """Whether sex and birth date in the PIN are those of the roll. A mismatch is a soft warning, never a refusal:
    numbers with mistakes exist (docs/station.md, "Identify")."""
    year, month, day = voter.birth_date.split("-")
    return voter.pin[0] == ("2" if voter.sex == "m" else "1") and voter.pin[1:9] == day + month + year


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says of its holder. `pin` is None on documents that carry none."""

    form: Literal["TD1", "TD3"]
    country: str
    document: str
    surname: str
    given_name: str
    birth_date: str  # YYMMDD as printed; `<<` for each part that is not known
    sex: Literal["M", "F", "X"]
    pin: Pin | None

    def __repr__(self) -> str:
        return f"Scan({self.form}, {self.country})"


_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}


def check_digit(field: str) -> str:
    """ICAO 9303-3, 4.9: weights 7, 3, 1, modulus 10."""
    return str(sum(_VALUES[c] * (7, 3, 1)[i % 3] for i, c in enumerate(field)) % 10)


def is_whole(scanned: str) -> bool:
    """Whether this is all of a number or of a document's lines, whatever stands in them: nothing more will follow."""
    if not looks_like_mrz(scanned):
        return len(scanned) == PIN_DIGITS and scanned.isascii() and scanned.isdigit()
    sizes = [len(line) for line in scanned.splitlines()]
    return sizes in ([44, 44], [30, 30, 30], [88], [90])


def looks_like_mrz(untrusted: str) -> bool:
    return "<" in untrusted


def parse_mrz(untrusted: str) -> Scan | Refusal:
    """Two lines of 44 (TD3) or three of 30 (TD1), with or without line ends between them.

    `mrz_characters` (where), `mrz_length` (line, found, wanted), `mrz_partial` (lines found), `mrz_check_digit`
    (field), `mrz_date`.
    """
    lines = [line.strip().replace(" ", "<") for line in untrusted.upper().splitlines() if line.strip()]
    if len(lines) == 1 and len(lines[0]) in (88, 90):
        size = 44 if len(lines[0]) == 88 else 30
        lines = [lines[0][i : i + size] for i in range(0, len(lines[0]), size)]
    for number, line in enumerate(lines, 1):
        for place, character in enumerate(line, 1):
            if character not in _VALUES:
                return Refusal("mrz_characters", {"line": number, "place": place})
    if not lines:
        return Refusal("mrz_partial", {"found": 0, "wanted": 2})
    form: Literal["TD1", "TD3"] = "TD3" if lines[0][0] == "P" or (len(lines) == 2 and len(lines[0]) > 36) else "TD1"
    count, size = (2, 44) if form == "TD3" else (3, 30)
    if len(lines) != count:
        return Refusal("mrz_partial", {"found": len(lines), "wanted": count})
    for number, line in enumerate(lines, 1):
        if len(line) != size:
            return Refusal("mrz_length", {"line": number, "found": len(line), "wanted": size})
    return _td3(*lines) if form == "TD3" else _td1(*lines)


def _td3(first: str, second: str) -> Scan | Refusal:
    personal = second[28:42]
    # An empty personal number may have `<` for a check digit (9303-4, 4.2.2.2).
    checks = [
        ("document", second[0:9], second[9]),
        ("birth date", second[13:19], second[19]),
        ("expiry date", second[21:27], second[27]),
        ("personal number", personal, second[42] if personal.strip("<") or second[42] != "<" else "0"),
        ("whole line", second[0:10] + second[13:20] + second[21:43], second[43]),
    ]
    return _checked(checks) or _scan(
        "TD3", first[2:5], second[0:9], first[5:], birth=second[13:19], sex=second[20], personal=personal
    )


def _td1(first: str, second: str, third: str) -> Scan | Refusal:
    document, check, optional = first[5:14], first[14], first[15:30]
    if check == "<":  # a number longer than nine characters goes on in the optional field (9303-5, note j)
        rest, _, optional = optional.partition("<")
        document, check = document + rest[:-1], rest[-1:] or "<"
    checks = [
        ("document", document, check),
        ("birth date", second[0:6], second[6]),
        ("expiry date", second[8:14], second[14]),
        ("whole card", first[5:30] + second[0:7] + second[8:15] + second[18:29], second[29]),
    ]
    personal = next((f.strip("<") for f in (optional, second[18:29]) if f.strip("<")), "")
    return _checked(checks) or _scan(
        "TD1", first[2:5], document, third, birth=second[0:6], sex=second[7], personal=personal
    )


def _checked(checks: list[tuple[str, str, str]]) -> Refusal | None:
    for name, field, digit in checks:
        if check_digit(field) != digit:
            return Refusal("mrz_check_digit", {"field": name})
    return None


def _is_birth_date(written: str) -> bool:
    """YYMMDD, of which the parts that nobody knows are fillers (ICAO 9303-3, 4.8). In a leap year, for want of the
    century."""
    parts = [written[:2], written[2:4], written[4:6]]
    known = ["2000" if parts[0] == "<<" else "20" + parts[0], *(("01" if p == "<<" else p) for p in parts[1:])]
    try:
        date.fromisoformat("-".join(["2000" if known[1:] == ["02", "29"] else known[0], *known[1:]]))
    except ValueError:
        return False
    return True


def _scan(
    form: Literal["TD1", "TD3"], country: str, document: str, names: str, *, birth: str, sex: str, personal: str
) -> Scan | Refusal:
    if not _is_birth_date(birth):
        return Refusal("mrz_date", {"field": "birth date"})
    surname, _, given = names.partition("<<")
    pin = parse_pin(personal.strip("<"))
    return Scan(
        form=form,
        country=country.strip("<"),
        document=document.strip("<"),
        surname=surname.replace("<", " ").strip(),
        given_name=given.replace("<", " ").strip(),
        birth_date=birth,
        sex="M" if sex == "M" else "F" if sex == "F" else "X",
        pin=None if isinstance(pin, Refusal) else pin,
    )
