"""Search by name: prefixes in any order, Latin letters, near misses with the likeliest first."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.roll.book import Book
from kiosk.roll.importing import import_roll
from tests.stage.world import HOME, roll_csv

KEY = b"k" * 32
PEOPLE = [
    ("Жолдошова", "Айгүл", "Эсеновна"),
    ("Төрөбекова", "Асел", "Маратовна"),
    ("Түмөнбаев", "Бакыт", ""),
    ("Джумабеков", "Нурлан", "Асанович"),
    ("Тургунбек уулу", "Нурланбек", ""),
    ("Асан кызы", "Мээрим", ""),
    ("Асанов", "Асан", "Асанович"),
    ("Иванов", "Пётр", "Ильич"),
    ("Ким", "Ли", ""),
    *[("Асанова", f"{a}йнура", "") for a in "АБВГДЕЖЗИК"],
]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("search")
    rows = [
        (f"215031980{i:05d}", *name, "1980-03-15", "m", HOME, i + 1, "Көчө", "AC1") for i, name in enumerate(PEOPLE)
    ]
    (folder / "roll.csv").write_bytes(roll_csv(rows))
    import_roll(folder / "roll.csv", folder / "roll.sqlite", KEY)
    return Book.open(folder / "roll.sqlite", KEY)


def names(book: Book, text: str, limit: int = 20) -> list[str]:
    return [v.name for v in book.search(text, limit).voters]


@pytest.mark.parametrize(
    ("typed", "surname"),
    [
        ("Жолдошова", "Жолдошова"),
        ("Джолдошова", "Жолдошова"),
        ("joldoshova", "Жолдошова"),
        ("Zholdoshova", "Жолдошова"),
        ("айг жолд", "Жолдошова"),
        ("торобекова", "Төрөбекова"),
        ("тѳрѳбекова", "Төрөбекова"),
        ("тумонбаев", "Түмөнбаев"),
        ("жумабеков", "Джумабеков"),
        ("Нурланбек Тургунбек уулу", "Тургунбек уулу"),
        ("тургунбек нурланбек", "Тургунбек уулу"),
        ("uulu turgunbek", "Тургунбек уулу"),
        ("petr ivanov", "Иванов"),
        ("ли", "Ким"),
    ],
)
def test_one_search_finds_each_spelling(book: Book, typed: str, surname: str) -> None:
    found = book.search(typed)
    assert not found.near
    assert surname in [v.surname for v in found.voters]


def test_every_prefix_of_every_word_finds_its_person(book: Book) -> None:
    for surname, given_name, _ in PEOPLE[:7]:
        word = surname.split()[0]
        for length in range(2, len(word) + 1):
            assert f"{surname} {given_name}" in " | ".join(names(book, f"{given_name[:3]} {word[:length]}"))


def test_whole_words_come_before_longer_ones(book: Book) -> None:
    assert {v.surname for v in book.search("асан").voters[:2]} == {"Асан кызы", "Асанов"}
    assert len(names(book, "асан")) == 13
    assert len(names(book, "асан", limit=5)) == 5


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Жолдощова", "Жолдошова"),
        ("Жлдошова", "Жолдошова"),
        ("Жодлошова", "Жолдошова"),
        ("Жоллдошовва", "Жолдошова"),
        ("Тюмонбаев", "Түмөнбаев"),
        ("Тургумбек Нурланбек", "Тургунбек уулу"),
        ("Кмм", "Ким"),
        ("жумабекп", "Джумабеков"),
    ],
)
def test_one_or_two_slips_find_the_likeliest_first(book: Book, typed: str, first: str) -> None:
    found = book.search(typed)
    assert found.near
    assert found.voters[0].surname == first


def test_the_commoner_of_two_equally_near_comes_first(book: Book) -> None:
    assert book.search("Асанава").voters[0].surname == "Асанова"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "123",
        "уулу",
        '"',
        "ХХХХХХХХХХ",
        "ъ",
        "Я" * 500,
        "ащвы бшлзк вщфых гцчшн дйклм ежзик жшщцч зхъэю ихцчш",
    ],
)
def test_nothing_is_found_where_nothing_is(book: Book, typed: str) -> None:
    assert book.search(typed).voters == ()


@given(st.text(max_size=40))
def test_no_text_whatever_raises(book: Book, text: str) -> None:
    assert len(book.search(text, 5).voters) <= 5


def test_the_same_answer_after_reopening(book: Book, tmp_path: Path) -> None:
    assert names(book, "асан") == names(book, "асан")


HIDDEN = [
    ("ACAHOB", "Бакыт"),
    ("Токтосунов", "ACAH"),
    ("О'Брайен", "Бакыт"),
    ("Обрайен", "Иван"),
    ("Петрова", "Анна Мария"),
    ("Сидорова", "Анна-Мария"),
    ("Цой", "Аннамария"),
    ("Дайыркул кызы", "Салтанат"),
    ("Дайыркулкызы", "Жамал"),
    ("0смонов", "Улан"),
    ("Эсен4аев", "Нур"),
    ("Сулайман Уулу", "Эрмек"),
]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Асанов", [0]),
        ("асан", [0, 1]),
        ("ACAHOB", [0]),
        ("Обрайен", [2, 3]),
        ("O'Brayen", [2, 3]),
        ("О'Брайен", [2, 3]),
        ("о брайен", [2, 3]),
        ("Аннамария", [4, 5, 6]),
        ("Анна Мария", [4, 5, 6]),
        ("Цой Анна Мария", [6]),
        ("Дайыркул", [7, 8]),
        ("Дайыркулкызы", [7, 8]),
        ("Осмонов", [9]),
        ("Эсенчаев", [10]),
        ("Эсен4аев", [10]),
        ("cekfqvfy", [11]),  # the keyboard stood in Latin
    ],
)
def test_no_way_of_writing_hides_a_voter(tmp_path: Path, typed: str, found: list[int]) -> None:
    rows = [
        (f"{21503198012345 + i}", s, g, "", f"19{60 + i}-03-15", "m", 101, i + 1, "Көчө 1", "AC1")
        for i, (s, g) in enumerate(HIDDEN)
    ]
    (tmp_path / "roll.csv").write_bytes(roll_csv(rows))
    import_roll(tmp_path / "roll.csv", tmp_path / "roll.sqlite", b"k" * 32)
    shown = Book.open(tmp_path / "roll.sqlite", b"k" * 32).search(typed, 20)
    assert not shown.near
    assert sorted(voter.line - 1 for voter in shown.voters) == found


def test_surnames_come_before_given_names_before_patronymics(tmp_path: Path) -> None:
    people = [("Бекова", "Айгүл", "Асановна"), ("Осмонова", "Асан", ""), ("Асанова", "Жамал", ""), ("Асан", "Нур", "")]
    rows = [
        (f"{21503198012345 + i}", s, g, p, f"19{60 + i}-03-15", "m", HOME, i + 1, "Көчө 1", "AC1")
        for i, (s, g, p) in enumerate(people)
    ]
    (tmp_path / "roll.csv").write_bytes(roll_csv(rows))
    import_roll(tmp_path / "roll.csv", tmp_path / "roll.sqlite", KEY)
    book = Book.open(tmp_path / "roll.sqlite", KEY)

    def shown(typed: str, limit: int = 20) -> list[int]:
        return [voter.line - 1 for voter in book.search(typed, limit).voters]

    assert shown("асан") == [3, 2, 1, 0]
    assert shown("асан", 2) == [3, 2]
    assert shown("асанов") == [2, 0]
    assert shown("жамал асан") == [2] == shown("асан жамал")
    assert shown("айгүл асан") == [0]
