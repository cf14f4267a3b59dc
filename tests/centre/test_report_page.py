"""The result's page in a real browser; the other files of a result."""

import base64
import csv
import json
from pathlib import Path

import jsonschema
import msgspec
import pyarrow.parquet
import pypdfium2
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from kiosk.centre.publish import report, report_pdf
from kiosk.centre.steps import findings
from kiosk.messages import every_language
from tests.stage.browser import chromium, open_page, silent
from tests.stage.evening import Tallied, shown, text
from tests.stage.world import AWAY, HOME, NEIGHBOUR

browser = pytest.fixture(scope="module")(chromium)


def test_the_report_renders_speaks_filters_and_sorts(browser: webdriver.Chrome, tallied: Tallied) -> None:
    open_page(browser, tallied.made.folder / "report.html")
    assert text(browser, "#version") == "2"
    assert text(browser, "#seated") == f"{tallied.made.result.seated} / 6"
    for language, word in (("ky", "Мандаттар"), ("ru", "Мандаты"), ("en", "Seats")):
        browser.find_element(By.CSS_SELECTOR, f'[data-language="{language}"]').click()
        assert word in text(browser, ".cards")
        assert browser.execute_script("return document.documentElement.lang") == language
    cards = browser.find_elements(By.CSS_SELECTOR, ".district")
    assert len(cards) == 2
    Select(browser.find_element(By.ID, "district")).select_by_value("2")
    assert [card.is_displayed() for card in cards] == [False, True]
    Select(browser.find_element(By.ID, "district")).select_by_value("")
    browser.find_element(By.ID, "find").send_keys("асанов")
    assert [card.is_displayed() for card in cards] == [True, False]
    assert any("Асанов" in row for row in shown(browser, ".district[open] tr.candidate"))
    browser.find_element(By.ID, "find").clear()
    [heading] = [b for b in browser.find_elements(By.CSS_SELECTOR, "#remote th button") if b.text == "Remote ballots"]
    heading.click()
    first = text(browser, "#remote tbody tr:first-child td:last-child")
    heading.click()
    assert (first, text(browser, "#remote tbody tr:first-child td:last-child")) == ("1", "0")
    assert silent(browser)


def test_what_packets_and_decisions_say_never_becomes_markup(browser: webdriver.Chrome, tallied: Tallied) -> None:
    open_page(browser, tallied.made.folder / "report.html")
    assert "<img src=x onerror=alert(1)>.zip" in text(browser, "#rejected")
    assert "<b>court</b>" in text(browser, "main")
    assert browser.find_elements(By.CSS_SELECTOR, "img") == []
    assert silent(browser)


def test_the_report_fits_a_phone_and_prints_whole(browser: webdriver.Chrome, tallied: Tallied) -> None:
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    open_page(browser, tallied.made.folder / "report.html")
    for card in browser.find_elements(By.CSS_SELECTOR, ".district"):
        browser.execute_script("arguments[0].open = true", card)
    for language in ("ky", "ru", "en"):
        browser.find_element(By.CSS_SELECTOR, f'[data-language="{language}"]').click()
        wide = browser.execute_script(
            "return Array.from(document.querySelectorAll('html, .wrap, .card, table'))"
            ".filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.id || e.className || e.tagName)"
        )
        assert wide == [], language
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.set_window_size(1280, 900)
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    pages = pypdfium2.PdfDocument(base64.b64decode(printed["data"]))
    words = " ".join(p.get_textpage().get_text_range() for p in pages)
    assert "Төрөбекова" in words or "Торобекова" in words  # the cards are open on paper
    assert silent(browser)


def test_changed_seats_have_names_and_district_tables_are_sorted(browser: webdriver.Chrome, tallied: Tallied) -> None:
    open_page(browser, tallied.made.folder / "report.html")
    browser.find_element(By.CSS_SELECTOR, '[data-language="ru"]').click()
    [change] = [x for x in tallied.made.result.changed if x.district == 1]
    assert change.lost == ("2",)
    d = tallied.made.result.districts[0]
    assert f"2. {next(c.name_ru for c in d.candidates if c.number == 2)}" in text(browser, "#changed")
    card = browser.find_element(By.CSS_SELECTOR, '[data-district="1"]')
    browser.execute_script("arguments[0].open = true", card)

    def votes() -> list[int]:
        cells = card.find_elements(By.CSS_SELECTOR, "tbody tr td:nth-child(2)")
        return [int(cell.get_attribute("data-n") or "") for cell in cells]

    button = card.find_element(By.CSS_SELECTOR, "th:nth-child(2) button")
    button.click()
    assert votes() == sorted(votes(), reverse=True)
    button.click()
    assert votes() == sorted(votes()) and len(votes()) == len(d.candidates)
    assert card.find_element(By.CSS_SELECTOR, "tfoot").text  # against all stays at the end


def test_an_interim_result_shows_nothing_that_it_cannot_know(browser: webdriver.Chrome, tallied: Tallied) -> None:
    made = tallied.country.tally(out="interim", keyed=False)
    open_page(browser, made.folder / "report.html")
    assert text(browser, "#interim") and not browser.find_elements(By.ID, "hours")
    assert not browser.find_elements(By.ID, "remote") and not browser.find_elements(By.ID, "twice")
    words = printed(made.folder)
    assert "По часам" not in words and "Бюллетени, поданные вне своего округа" not in words


def printed(folder: Path) -> str:
    pages = pypdfium2.PdfDocument(folder / "report.pdf")
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_the_paper_says_what_the_page_says(tallied: Tallied) -> None:
    words, found = printed(tallied.made.folder), tallied.made.result.findings
    one = tallied.made.result.districts[0]
    assert found.broken and found.rejected
    for said in (
        *(c.name_ky for c in one.candidates),
        *(f"{b.station} {b.equation}" for b in found.broken),
        *(str(n) for n in found.missing),
        "үлүштөргө кирбейт", "Эски нускалар" if found.superseded else "Жаңысына", "Добуштар",
    ):  # fmt: skip
        assert said in words, said
    kinds = ("missing", "unopened", "superseded", "ambiguous", "forked", "replayed", "rejected", "broken", "outliers")
    for kind in kinds:
        assert every_language(report.TEXTS)["ru"][kind].split()[0] in words, kind


def test_a_folder_of_rubbish_buries_nothing(tallied: Tallied, browser: webdriver.Chrome, tmp_path: Path) -> None:
    """Hundreds of refused files are counted by kind, a hundred are listed, and the rest is in the table."""
    rubbish = tuple(findings.Rejected(f"{n}.zip", "archive_malformed", {}) for n in range(4321))
    found = msgspec.structs.replace(tallied.made.result.findings, rejected=rubbish)
    path = tmp_path / "report.html"
    path.write_text(report.page(msgspec.structs.replace(tallied.made.result, findings=found)), "utf-8")
    open_page(browser, path)
    browser.find_element(By.CSS_SELECTOR, '[data-language="en"]').click()
    assert len(browser.find_elements(By.CSS_SELECTOR, "#rejected tr")) == 101
    assert "4\u202f321 ×" in text(browser, "#kinds") and "4\u202f221 more" in text(browser, "main")
    (tmp_path / "report.pdf").write_bytes(report_pdf.pdf(msgspec.structs.replace(tallied.made.result, findings=found)))
    assert "4321 ×" in printed(tmp_path)
    assert silent(browser)


def test_the_report_asks_no_network(tallied: Tallied) -> None:
    html = (tallied.made.folder / "report.html").read_text("utf-8")
    assert "http://" not in html and "https://" not in html and "default-src 'none'" in html


# -- the other files -----------------------------------------------------------------------------------------


def test_the_nist_report_validates(tallied: Tallied, nist: Path) -> None:
    schema = nist / "NIST_V2_election_results_reporting.json"
    report = json.loads((tallied.made.folder / "results.json").read_text("utf-8"))
    errors = list(jsonschema.Draft4Validator(json.loads(schema.read_text("utf-8"))).iter_errors(report))
    assert [e.message for e in errors][:3] == []
    assert report["SequenceStart"] == 2 and report["Status"] == "unofficial-partial"


def test_tables_for_programs_agree_with_each_other(tallied: Tallied) -> None:
    with (tallied.made.folder / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = pyarrow.parquet.read_table(tallied.made.folder / "results.parquet").to_pylist()
    assert [[int(r["station"]), int(r["number"]), int(r["legal"])] for r in rows] == [
        [r["station"], r["number"], r["legal"]] for r in table
    ]
    assert {r["station"] for r in table} == {HOME, NEIGHBOUR, AWAY}
    with (tallied.made.folder / "1-check.csv").open(encoding="utf-8", newline="") as file:
        checked = list(csv.DictReader(file))
    assert sorted(r["refused"] for r in checked) == ["", "", "", "archive_malformed"]
    assert (tallied.made.folder / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_spreadsheet_knows_the_tables_with_names_for_utf_8(tallied: Tallied) -> None:
    folder = tallied.made.folder
    marked = {path.name for path in folder.glob("*.csv") if path.read_bytes().startswith(b"\xef\xbb\xbf")}
    assert marked == {"5-count.csv", "6-seats.csv"}
