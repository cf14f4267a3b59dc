"""Letters: those the forms can print, and those a text has only because somebody's program read or wrote it wrongly.

What the printer would refuse on the day, and what a voter could never be found by, is refused where it comes in.
"""

import json
import re
import unicodedata
from functools import lru_cache

from kiosk.text import _

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_KYRGYZ = "өүң"
_LETTERS = _RUSSIAN + _RUSSIAN.upper() + _KYRGYZ + _KYRGYZ.upper()
# What nearly every row is made of. Without ? and _: they stand where another program lost a letter.
EVERYDAY = "".join(chr(c) for c in range(0x20, 0x7F) if chr(c) not in "?_") + _LETTERS + "№«»–—’“”"

# No Kyrgyz, Russian, Ukrainian or Uzbek name has them; text read in a wrong code page is full of them.
_SERBIAN = frozenset("ЂЃЉЊЌЋЏЅЈђѓљњќћџѕј")
_IN_NAMES = frozenset(" '’‘ʻʼ`´-‐–.,()/\"«»“”*#@$&+")
_LOST = re.compile(r"\?|_")
_LOST_INSIDE = re.compile(r"\w\?+\w|\ufffd")
_CODE_PAGES = {
    "cp1251": "Windows-1251",
    "cp866": "DOS 866",
    "koi8_r": "KOI8-R",
    "mac_cyrillic": "Mac OS",
    "iso8859_5": "ISO 8859-5",
}
# Cyrillic letters by how often they stand in texts of ours, the commonest first.
_BY_FREQUENCY = "аоеиынтрлкбмсудвйгзшпжчхуьяөүңюэцфщъё"
_WEIGHT = {letter: len(_BY_FREQUENCY) - place for place, letter in enumerate(_BY_FREQUENCY)}
_SAMPLE = 4000  # characters
_GOOD, _ENOUGH = 19.0, 8  # how likely text of ours is, and of how many different letters on it may be doubted


def sign(character: str) -> str:
    """As a message names it: itself where it can be seen, and its code."""
    code = f"U+{ord(character):04X}"
    visible = unicodedata.category(character)[0] not in "CZ" and not unbidden(character)
    return f"“{character}” ({code})" if visible else code


def unbidden(text: str) -> str:
    """The first sign of `text` that nobody types and nobody sees: a control sign, one that turns the direction of
    writing, half a sign, an unassigned one. "" if there is none."""
    return next((c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), "")


def unprintable(text: str) -> str:
    """The first sign of `text` that no form can print; "" if there is none."""
    return next((c for c in text if c not in EVERYDAY and not _prints(c)), "")


@lru_cache(maxsize=4096)
def _prints(character: str) -> bool:
    """Asked of the typesetter itself: its own fonts, as a form has them."""
    import typst

    try:
        typst.compile(
            b"#json(bytes(sys.inputs.text))",
            ignore_system_fonts=True,
            sys_inputs={"text": json.dumps(character)},
            format="pdf",
            pdf_standards="a-2b",
        )
    except (typst.TypstError, UnicodeEncodeError):
        return False
    return True


def damage(name: str) -> str:
    """What is wrong with the letters of a person's or a place's name, as a sentence with its remedy; "" if nothing."""
    if _LOST.search(name):
        return _("a letter was lost (“?” stands in its place); export the table again as “CSV UTF-8”")
    if strange := next((c for c in name if c in _SERBIAN or not _may_be_in_a_name(c)), ""):
        return _(
            "{sign} stands in no name: the text was once read wrongly; export it again as “CSV UTF-8”",
            sign=sign(strange),
        )
    latin = sum("\u00c0" <= c <= "\u00ff" for c in name)
    if latin > 2 and 2 * latin > sum(c.isalpha() for c in name):
        return _("Cyrillic letters were read as Western ones; export the table again as “CSV UTF-8”")
    return ""


def damage_of_text(text: str) -> str:
    """As `damage`, of an address or a title, where more signs are at home."""
    if _LOST_INSIDE.search(text):
        return _("a letter was lost (“?” stands in its place); export the table again as “CSV UTF-8”")
    if strange := next((c for c in text if c in _SERBIAN or "\u2500" <= c <= "\u259f"), ""):
        return _(
            "{sign} stands in no name: the text was once read wrongly; export it again as “CSV UTF-8”",
            sign=sign(strange),
        )
    return ""


def _may_be_in_a_name(character: str) -> bool:
    return character in _IN_NAMES or unicodedata.category(character)[0] in "LMN"


def code_page(raw: bytes) -> str:
    """In which code page Cyrillic text that is no UTF-8 was saved: the one in which it reads most like language."""
    return max(_CODE_PAGES, key=lambda page: _likeness(raw[:_SAMPLE].decode(page, "replace")))


def code_page_name(page: str) -> str:
    return _CODE_PAGES[page]


def misread(text: str) -> tuple[str, str]:
    """Of text that was saved in one code page and read in another: in which it should have been read, and how it would
    read then. Two empty strings where it reads best as it stands."""
    text = re.sub(r"(.)\1{2,}", r"\1", text[:_SAMPLE])
    now = _likeness(text)
    if now > _GOOD or len({c for c in text if not c.isascii()}) < _ENOUGH:
        return "", ""
    best, found = now + 4, ("", "")
    for wrong in (*_CODE_PAGES, "cp1252", "latin_1"):
        raw = text.encode(wrong, "ignore")
        if len(text) - len(raw) > 0.05 * sum(not c.isascii() for c in text):
            continue  # there are letters that this page does not have
        for page, name in (("utf-8", "UTF-8"), *_CODE_PAGES.items()):
            better = raw.decode(page, "replace")
            if page != wrong and _likeness(better) > best:
                best, found = _likeness(better), (name, better)
    return found


def foreign(text: str, most: int) -> str:
    """The words of `text` that are not of ASCII alone, to be looked at: no number is among them."""
    return " ".join(word.strip(",;") for word in re.findall(r"[^\s,;\"]+", text) if not word.isascii())[:most]


def _likeness(text: str) -> float:
    """How much of the language there is in the letters that are not of ASCII: common ones, small ones after a large
    one, and no signs between them."""
    letters = [c for c in text if not c.isascii()]
    if not letters:
        return 0.0
    value = sum(_WEIGHT.get(c.lower(), -40) for c in letters)
    value -= 60 * len(re.findall(r"[а-яёөүң][А-ЯЁӨҮҢ]", text))
    return value / len(letters)
