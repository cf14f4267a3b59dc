"""PINs, and machine-readable zones as ICAO Doc 9303 prints them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.demo.voters import td3
from kiosk.errors import Refusal
from kiosk.roll.person import Pin, Scan, check_digit, is_whole, parse_mrz, parse_pin, pin_agrees
from tests.conftest import SHARED
from tests.stage.world import voter_of

# The examples of ICAO Doc 9303 part 4, 4.2.2 and part 5, 4.2.2.
ICAO_TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
ICAO_TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"

ROW = ("21503198012345", "Асанов", "Бакыт", "", "1980-03-15", "m", 101, 1, "Көчө 1", "AC1234567")


def kyrgyz_id_card() -> str:
    """TD1 with the PIN in the optional field, as on the national ID card."""
    first = f"IDKGZAN1234567{check_digit('AN1234567')}20101199012345<"
    birth, expires = "900101", "300101"
    second = f"{birth}{check_digit(birth)}F{expires}{check_digit(expires)}KGZ<<<<<<<<<<<"
    whole = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    return f"{first}\n{second}{check_digit(whole)}\nBEKOVA<<AIGUL<<<<<<<<<<<<<<<<<"


def test_icao_passport() -> None:
    assert parse_mrz(ICAO_TD3) == Scan(
        form="TD3",
        country="UTO",
        document="L898902C3",
        surname="ERIKSSON",
        given_name="ANNA MARIA",
        birth_date="740812",
        sex="F",
        pin=None,
    )


def test_icao_card() -> None:
    assert parse_mrz(ICAO_TD1) == Scan(
        form="TD1",
        country="UTO",
        document="D23145890",
        surname="ERIKSSON",
        given_name="ANNA MARIA",
        birth_date="740812",
        sex="F",
        pin=None,
    )


def test_kyrgyz_documents_carry_the_pin() -> None:
    card = parse_mrz(kyrgyz_id_card())
    assert isinstance(card, Scan)
    assert (card.pin, card.country, card.surname) == ("20101199012345", "KGZ", "BEKOVA")
    passport = parse_mrz(td3(ROW))
    assert isinstance(passport, Scan)
    assert (passport.pin, passport.sex, passport.document) == (ROW[0], "M", "AC1234567")


def test_line_ends_are_not_needed_and_case_and_blanks_are_forgiven() -> None:
    assert parse_mrz(ICAO_TD3.replace("\n", "")) == parse_mrz(ICAO_TD3)
    assert parse_mrz(ICAO_TD1.replace("\n", "")) == parse_mrz(ICAO_TD1)
    assert parse_mrz("\r\n" + ICAO_TD3.lower().replace("\n", "\r\n") + "\r\n") == parse_mrz(ICAO_TD3)
    assert parse_mrz(ICAO_TD3.replace("<<<<<1", "     1")) == parse_mrz(ICAO_TD3)


def test_a_long_document_number_goes_on_in_the_optional_field() -> None:
    number = "D23145890734"
    first = f"I<UTO{number[:9]}<{number[9:]}{check_digit(number)}<<<<<<<<<<<"
    second = "7408122F1204159UTO<<<<<<<<<<<"
    whole = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    scan = parse_mrz(f"{first}\n{second}{check_digit(whole)}\nERIKSSON<<ANNA<MARIA<<<<<<<<<<")
    assert isinstance(scan, Scan)
    assert scan.document == number


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("", "mrz_partial", {"found": 0, "wanted": 2}),
        (ICAO_TD3.split("\n")[0], "mrz_partial", {"found": 1, "wanted": 2}),
        ("\n".join(ICAO_TD1.split("\n")[:2]), "mrz_partial", {"found": 2, "wanted": 3}),
        (ICAO_TD3[:-1], "mrz_length", {"line": 2, "found": 43, "wanted": 44}),
        (ICAO_TD1[:-2], "mrz_length", {"line": 3, "found": 28, "wanted": 30}),
        (ICAO_TD3.replace("ANNA", "AN?A"), "mrz_characters", {"line": 1, "place": 18}),
        (ICAO_TD3.replace("L898902C3", "L898902C4"), "mrz_check_digit", {"field": "document"}),
        (ICAO_TD3.replace("7408122F", "7408132F"), "mrz_check_digit", {"field": "birth date"}),
        (ICAO_TD3.replace("1204159", "1204158"), "mrz_check_digit", {"field": "expiry date"}),
        (ICAO_TD3.replace("ZE184226B", "ZE184226C"), "mrz_check_digit", {"field": "personal number"}),
        (ICAO_TD3[:-1] + "1", "mrz_check_digit", {"field": "whole line"}),
        (ICAO_TD1.replace("<<<6", "<<<7"), "mrz_check_digit", {"field": "whole card"}),
    ],
)
def test_damage_is_answered_with_what_is_wrong(text: str, code: str, facts: dict[str, object]) -> None:
    assert parse_mrz(text) == Refusal(code, facts)  # type: ignore[arg-type]


def test_an_impossible_date_with_a_right_digit() -> None:
    birth = "741332"
    second = f"L898902C36UTO{birth}{check_digit(birth)}F1204159ZE184226B<<<<<1"
    whole = second[0:10] + second[13:20] + second[21:43]
    text = f"{ICAO_TD3.split(chr(10))[0]}\n{second}{check_digit(whole)}"
    assert parse_mrz(text) == Refusal("mrz_date", {"field": "birth date"})


@given(st.text(st.sampled_from("ABC0123456789<P\nI "), max_size=120) | st.text(max_size=120))
def test_no_scan_whatever_raises(text: str) -> None:
    assert isinstance(parse_mrz(text), Scan | Refusal)


@given(st.integers(0, 87), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))
def test_one_wrong_character_in_the_numbers_is_never_read_as_another_pin(place: int, wrong: str) -> None:
    good = td3(ROW).replace("\n", "")
    scan = parse_mrz(good[:place] + wrong + good[place + 1 :])
    if isinstance(scan, Scan):
        assert scan.pin in (ROW[0], None)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("21503198012345", Pin("21503198012345")),
        (" 2150 3198-012345\n", Pin("21503198012345")),
        ("", Refusal("pin_empty")),
        ("215031980123456", Refusal("pin_length", {"found": 15, "wanted": 14})),
        ("990101300123", Refusal("pin_length", {"found": 12, "wanted": 14})),  # a Kazakh number
        ("2150319801234X", Refusal("pin_characters")),
        ("٢١٥٠٣١٩٨٠١٢٣٤٥", Refusal("pin_characters")),
    ],
)
def test_pins(text: str, answer: Pin | Refusal) -> None:
    assert parse_pin(text) == answer


def test_a_pin_that_disagrees_is_only_noticed() -> None:
    voter = voter_of(ROW)
    assert pin_agrees(voter)
    assert not pin_agrees(voter_of(("11503198012345", *ROW[1:])))
    assert not pin_agrees(voter_of(("21603198012345", *ROW[1:])))


def test_a_voter_never_shows_in_a_log() -> None:
    for thing in (voter_of(ROW), parse_mrz(td3(ROW))):
        assert not any(secret in repr(thing) for secret in (ROW[0], "Асанов", "SYNTHETIC"))


def mrz(form: str, birth: str) -> str:
    """A document of ours whose holder's birth date is written so, all check digits right (ICAO 9303-4, 9303-5)."""
    pin = "21503198012345"
    if form == "TD3":
        head, personal = f"AC1234567{check_digit('AC1234567')}", f"{pin}{check_digit(pin)}"
        dates = (f"{birth}{check_digit(birth)}", f"300101{check_digit('300101')}")
        whole = check_digit(head + dates[0] + dates[1] + personal)
        return f"{'P<KGZASANOV<<BAKYT'.ljust(44, '<')}\n{head}KGZ{dates[0]}M{dates[1]}{personal}{whole}"
    first = f"IDKGZAC1234567{check_digit('AC1234567')}{pin}<"
    second = f"{birth}{check_digit(birth)}M300101{check_digit('300101')}KGZ" + "<" * 11
    whole = check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    return f"{first}\n{second}{whole}\n{'ASANOV<<BAKYT'.ljust(30, '<')}"


@pytest.mark.parametrize("form", ["TD1", "TD3"])
@pytest.mark.parametrize(
    "birth", ["35<<<<", "3503<<", "<<<<<<", "350314", "00<<<<", "35<<14", "<<0229", "<<<<31", "040229"]
)
def test_a_birth_date_of_which_parts_are_not_known_is_a_date(form: str, birth: str) -> None:
    scan = parse_mrz(mrz(form, birth))
    assert isinstance(scan, Scan) and scan.pin == "21503198012345" and scan.birth_date == birth


@pytest.mark.parametrize("birth", ["3<<<<<", "351301", "350230", "35<3<<", "3513<<", "35<<32", "<<<<<0"])
def test_what_is_no_date_even_so(birth: str) -> None:
    assert parse_mrz(mrz("TD1", birth)) == Refusal("mrz_date", {"field": "birth date"})


def test_the_cases_of_the_field() -> None:
    folder = SHARED / "cases" / "field" / "F16-mrz-unknown-birth"
    if not folder.is_dir():
        pytest.skip("the cases are not here")
    for file in sorted(folder.glob("*.txt")):
        scan = parse_mrz(file.read_text())
        assert isinstance(scan, Scan) and scan.pin


def test_what_ends_a_scan() -> None:
    assert all(is_whole(text) for text in (mrz("TD1", "350314"), mrz("TD3", "35<<<<"), "21503198012345"))
    assert not any(is_whole(text) for text in ("2150319801234", "215031980123456", "x", mrz("TD1", "350314")[:61]))
