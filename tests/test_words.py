"""The glossary holds: no sentence, form or page says what the law calls otherwise, and no number reads wrong."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from kiosk.numerals import number, percent, tenths
from kiosk.settings import RESOURCES
from kiosk.text import speaking

ROOT = Path(__file__).parents[1]
_LAW = (ROOT / "docs" / "glossary.md").read_text("utf-8").partition("## The words of the law")[2]
_ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in _LAW.splitlines() if line.startswith("| ")][2:]
NEVER = [(row[0], word.strip()) for row in _ROWS for word in row[3].split(",")]


def written() -> dict[str, list[str]]:
    """place → texts: of both catalogues, and of whatever is printed or published."""
    found: dict[str, list[str]] = {}
    for language in ("ky", "ru"):
        with (RESOURCES / "locale" / language / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
            found[language] = [str(message.string) for message in read_po(file) if message.id]
    for path in (*RESOURCES.glob("forms/*.typ"), *RESOURCES.glob("pages/*.j2"), *RESOURCES.glob("*/protocol.toml")):
        found[path.name] = path.read_text("utf-8").splitlines()
    for path in (*ROOT.glob("kiosk/**/*.py"), *ROOT.glob("ui/**/*.py")):
        found[path.name] = [line for line in path.read_text("utf-8").splitlines() if re.search("[а-яА-Я]", line)]
    return found


WRITTEN = written()


@pytest.mark.parametrize(("what", "never"), NEVER, ids=[word for _what, word in NEVER])
def test_no_word_stands_for_what_the_law_calls_otherwise(what: str, never: str) -> None:
    wrong = [f"{place}: {t}" for place, texts in WRITTEN.items() for t in texts if never.lower() in t.lower()]
    assert wrong == [], what


def test_the_sealed_box_is_never_the_box_for_paper() -> None:
    """Two boxes stand in the room; what opens the one with badges must not be read as the other."""
    sealed = re.compile(
        r"box key|[Oo]pen\w* the box|slot of the box|[Tt]he box (?:is open|has been opened|can be opened)"
    )
    for language in ("ky", "ru"):
        with (RESOURCES / "locale" / language / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
            for message in read_po(file):
                if message.id and sealed.search(str(message.id)) and re.search("ящи[кг]", str(message.string).lower()):
                    assert "электрон" in str(message.string).lower(), message.id


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_a_number_stays_with_what_it_counts(language: str) -> None:
    """A sign of number or of percent is never parted from its figure at the end of a line."""
    assert [text for text in WRITTEN[language] if re.search(r"№ [{0-9]|[}0-9] %", text)] == []


# A count before its noun: “1 members”, “21 участков” is read out in front of a queue. “{n} of {k}” reads right, and so
# does the number of a district or a station.
_COUNTS = r"\{(?:n|count|found|needed|entered|present|copies|served|tries|m|f)\}"
_COUNTED = re.compile(
    rf"(?<!district )(?<!station ){_COUNTS} (?!of\b|s\b|this\b|does\b|has\b|is\b|stations the)[a-z]+s\b"
)
_COUNTED_RU = re.compile(rf"(?<!№\u00a0)(?<!участке ){_COUNTS} [а-я]{{4,}}(?:ов|ей|ых)\b")
_NEVER_ONE = ("{n} years", "All {n} stations", "{n} stations; a posting")


def test_no_sentence_reads_wrong_of_one() -> None:
    with (RESOURCES / "locale" / "ru" / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        sentences = [(str(m.id), str(m.string)) for m in read_po(file) if m.id]
    left = [english for english, _ru in sentences if not any(one in english for one in _NEVER_ONE)]
    assert [english for english in left if _COUNTED.search(english)] == []
    # Russian has three forms of a noun after its count: the count stands after the noun.
    assert [russian for _english, russian in sentences if _COUNTED_RU.search(russian)] == []


def test_shares_are_written_as_the_reader_writes_them() -> None:
    with speaking("en"):
        assert (tenths(1, 16), percent(3, 8), number(1_234_567)) == ("6.3", "37.5\u202f%", "1\u202f234\u202f567")
    for language in ("ky", "ru"):
        with speaking(language):
            assert (tenths(1, 16), percent(3, 8), tenths(0, 0)) == ("6,3", "37,5\u202f%", "–")


@pytest.mark.parametrize("whole", [7, 16, 1000, 1999])
def test_a_half_is_rounded_up(whole: int) -> None:
    from decimal import ROUND_HALF_UP, Decimal

    for part in range(whole + 1):
        exact = (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
        with speaking("en"):
            assert tenths(part, whole) == str(exact)
