"""Spellings of a name → words to search by. Many spellings of one person must give the same words.

Kyrgyz ң ө ү, the old ѳ, Russian forms, Дж/Ж, soft signs, and Latin letters as in passports and as people type
them (docs/station.md, "Names").
"""

import re
import unicodedata
from functools import lru_cache

# Said of a person, not part of the name: “son of”, “daughter of”.
_KINSHIP = frozenset(("уулу", "кызы", "уул", "кыз"))

# Written in one with the father's name; nobody is called less than two letters.
_KIN_AT_END = re.compile("(?<=[а-яёөүң]{3})(?:уулу|кызы)$")

_CYRILLIC = str.maketrans(
    {
        "ө": "о", "ѳ": "о", "ү": "у", "ұ": "у", "ў": "у", "ң": "н", "ё": "е", "э": "е", "й": "и", "і": "и",
        "қ": "к", "ғ": "г", "ҳ": "х", "һ": "х", "ә": "а", "ь": "", "ъ": "", "я": "иа", "ю": "иу", "щ": "шч",
    }
)  # fmt: skip

# Longest first: what several Latin letters say together.
_LATIN = (
    ("shch", "шч"), ("dzh", "ж"), ("zh", "ж"), ("kh", "х"), ("ts", "тс"), ("ch", "ч"), ("sh", "ш"), ("ph", "ф"),
    ("iu", "иу"), ("yu", "иу"), ("ia", "иа"), ("ya", "иа"), ("yo", "е"), ("ye", "е"), ("dj", "ж"),
    ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"),
    ("j", "ж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"),
    ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("x", "кс"), ("y", "ы"), ("z", "з"),
)  # fmt: skip
_LATIN_PATTERN = re.compile("|".join(latin for latin, _ in _LATIN))
_LATIN_LETTERS = dict(_LATIN)
_Y_AFTER_VOWEL = re.compile("(?<=[aeiou])y(?![aou])")

# A Latin letter inside a Cyrillic word is a keyboard slip: take it for the letter it looks like.
_LOOKALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")

_DZH = re.compile("д+ж")  # Джумабек is Жумабек

# Words that a hand wrote wholly in Latin letters which look like Cyrillic ones, mostly in capitals: ACAHOB.
_ALL_ALIKE = re.compile("[aceopxykmthb]+")
_DIGITS_ALIKE = str.maketrans("03468", "озчбв")
_WITH_DIGITS = re.compile(r"(?<=[^\W\d_])[0-9]+|[0-9]+(?=[^\W\d_])")
# A keyboard that was left in its Latin layout: the Cyrillic letters on the same keys.
_KEYS = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")

_NOT_A_LETTER = re.compile(r"[^\w]+|[\d_]+")


def words(text: str) -> list[str]:
    """The search words of a name in the order written: folded, without kinship words and duplicates."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = (_word(_KIN_AT_END.sub("", part)) for part in _NOT_A_LETTER.split(plain) if part)
    return list(dict.fromkeys(word for word in found if word and word not in _KINSHIP))


SURNAME, GIVEN = "1", "2"  # before a word in the index: no word of a name has a digit


def indexed(name: str, kind: str = "") -> list[str]:
    """The words by which a surname, given name or patronymic is found: its own, and those of people who join what is
    parted (O’Brien, Obrien), part what is joined, or take a sign for the one that looks like it. `kind`: SURNAME or
    GIVEN: each word once more with its mark, so that a search can put surnames before patronymics."""
    found = words(name)
    more = [spelled for spelling in _alike(name) for spelled in spelling]
    joined = ["".join(found)] if len(found) > 1 else []
    every = list(dict.fromkeys((*found, *more, *joined)))
    return [*every, *(kind + word for word in every)] if kind else every


def spellings(typed: str) -> list[list[str]]:
    """Other words that a search may have meant, each list to be tried by itself, the likeliest first."""
    found = words(typed)
    joined = [[*found[:at], found[at] + found[at + 1], *found[at + 2 :]] for at in range(len(found) - 1)]
    keys = [words(typed.casefold().translate(_KEYS))] if typed.isascii() else []
    return [spelling for spelling in (*_alike(typed), *joined, *keys) if spelling and spelling != found]


def _alike(name: str) -> list[list[str]]:
    plain = unicodedata.normalize("NFKC", name).casefold()
    parts = [part for part in _NOT_A_LETTER.split(plain) if part]
    found = []
    if any(_ALL_ALIKE.fullmatch(part) for part in parts):
        cyrillic = (part.translate(_LOOKALIKES) if _ALL_ALIKE.fullmatch(part) else part for part in parts)
        found.append(words(" ".join(cyrillic)))
    if _WITH_DIGITS.search(plain):
        found.append(words(plain.translate(_DIGITS_ALIKE)))
    return found


@lru_cache(maxsize=100_000)
def _word(part: str) -> str:
    if part.isascii():
        part = _LATIN_PATTERN.sub(lambda m: _LATIN_LETTERS[m.group()], _Y_AFTER_VOWEL.sub("i", part))
    else:
        part = part.translate(_LOOKALIKES)
    part = unicodedata.normalize("NFC", part).translate(_CYRILLIC)
    return _DZH.sub("ж", part).replace("ц", "тс")
