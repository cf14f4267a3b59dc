"""One reader of tables from outside: what a spreadsheet leaves behind is forgiven, what is damaged is named."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.letters import code_page, damage, misread
from kiosk.spreadsheet import Sheet, Unreadable

COLUMNS = ("name", "place")
ROWS = [["Асанов Бакыт", "Баткен, Достук көчөсү 126"], ["Иманалиева Айгүл", "Ош, Ленин көчөсү 5"]]
TEXT = "name,place\n" + "".join(f'{name},"{place}"\n' for name, place in ROWS)
RUSSIAN = TEXT.translate(str.maketrans("өүңӨҮҢ", "оунОУН"))


def read(untrusted: bytes, **options: bool) -> tuple[list[list[str]], list[str]]:
    sheet = Sheet(io.BytesIO(untrusted), COLUMNS, ("photo",), **options)
    rows = [cells for _line, cells in sheet]
    return rows, sheet.told()


def refused(untrusted: bytes, **options: bool) -> str:
    with pytest.raises(Unreadable) as caught:
        read(untrusted, **options)
    return f"{caught.value.line}: {caught.value.what}"


def with_(tail: str) -> bytes:
    return (TEXT + tail).encode()


@pytest.mark.parametrize(
    "untrusted",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.rstrip("\n").encode(),
        with_("\n\n"),
        with_(",\n,\n"),
        with_("\x1a"),
        with_("\u00a0,\u00a0\n"),
        TEXT.replace("\n", ",,\n").encode(),
        TEXT.replace("name", "  name ", 1).encode(),
    ],
)
def test_what_spreadsheets_leave_behind_is_forgiven(untrusted: bytes) -> None:
    assert read(untrusted)[0] == ROWS


def test_what_was_forgiven_is_told() -> None:
    assert read(with_(",\n,\n"))[1] == ["Empty rows that were passed over: 2."]
    assert read(TEXT.replace('"\n', '",\n').encode())[1] == [
        "Rows with empty cells at the end, which were passed over: 2."
    ]
    assert read(TEXT.encode())[1] == []


def test_columns_may_stand_in_any_order_and_some_may_be_missing() -> None:
    assert read("place,name\nб,а\n".encode())[0] == [["а", "б"]]
    assert read("photo,place,name\nв,б,а\n".encode())[0] == [["а", "б", "в"]]


@pytest.mark.parametrize(
    ("untrusted", "said"),
    [
        (b"sep=,\n" + TEXT.encode(), "1: the first line is “sep=”"),
        (b"sep=;\n" + TEXT.encode(), "1: the first line is “sep=;”"),
        (TEXT.replace(",", "\t").encode(), "1: the cells are parted by tabs"),
        (TEXT.replace(",", ";").encode(), "1: the cells are parted by semicolons"),
        (TEXT.replace(",", "|").encode(), "1: the cells are parted by “|”"),
        (TEXT.encode("utf-16"), "1: this is UTF-16"),
        (TEXT.encode("utf-16-le"), "1: this is UTF-16"),
        (TEXT.encode("utf-32"), "1: this is UTF-16"),
        (b"PK\x03\x04whatever", "1: this is a file of the kind XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "1: this is a file of the kind XLS "),
        (b"<!doctype html><html>", "1: this is a file of the kind HTML"),
        (b"", "1: the file is empty"),
        (b"\n", "1: the file is empty"),
        (b"name\n", "1: columns are missing: place"),
        (b"name,place,nmae\n", "1: columns are not known: nmae"),
        (b"name,place,name\n", "1: columns are given twice: name"),
        (TEXT.encode() + b'x,"y\n', "4: here begins what is no CSV row"),
    ],
)
def test_what_is_no_table_is_named_by_its_cause(untrusted: bytes, said: str) -> None:
    assert refused(untrusted).startswith(said)


PAGES = {"cp866": "DOS 866", "koi8_r": "KOI8-R", "mac_cyrillic": "Mac OS", "iso8859_5": "ISO 8859-5"}


@pytest.mark.parametrize("page", [*PAGES, "cp1251"])
def test_old_code_pages_are_told_apart_with_the_words_as_they_should_read(page: str) -> None:
    untrusted = RUSSIAN.encode(page)
    assert code_page(untrusted) == page
    said = refused(untrusted)
    assert said.startswith("2: ") and PAGES.get(page, "Windows-1251") in said and "Асанов Бакыт Баткен" in said


def test_windows_1251_is_read_where_old_registers_are() -> None:
    sheet = Sheet(io.BytesIO(RUSSIAN.encode("cp1251")), COLUMNS, old_code_page=True)
    assert next(iter(sheet))[1][0] == "Асанов Бакыт" and sheet.encoding == "cp1251"
    assert "Mac OS" in refused(RUSSIAN.encode("mac_cyrillic"), old_code_page=True)


READ_WRONGLY = [
    (wrong, right)
    for wrong in (*PAGES, "cp1251", "cp1252", "latin_1")
    for right in ("utf-8", *PAGES, "cp1251")
    if wrong != right
]


@pytest.mark.parametrize(("wrong", "right"), READ_WRONGLY)
def test_text_that_was_once_read_in_a_wrong_code_page_is_refused(wrong: str, right: str) -> None:
    """By the whole file, or by each name in it."""
    text = (TEXT if right == "utf-8" else RUSSIAN).encode(right).decode(wrong, "ignore")
    try:
        rows, _ = read(text.encode())
    except Unreadable as error:
        assert "once read wrongly" in error.what and error.line == 2
    else:
        assert all(damage(name) for name, _place in rows), rows


OURS = ("Асанов", "Төрөбекова", "Ёлкин", "Цой", "Щётка", "Ибраим", "уулу", "О’Брайен", "Юй", "Müller", "李")


@given(st.lists(st.sampled_from(OURS), max_size=9))
def test_names_of_ours_are_never_taken_for_misread(names: list[str]) -> None:
    assert misread(" ".join(names)) == ("", "")


@pytest.mark.parametrize(
    "name", ["О’Брайен", "Ұлан", "Ҷамшед", "Петровъ ѣ", "Фарходʻ", "Ма́рия", "Ким (Цой)", "Анна-Мария"]
)
def test_rare_names_are_names(name: str) -> None:
    assert damage(name) == ""
