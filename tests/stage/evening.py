"""A result with something of everything, and its packets; and what a browser shows of a page."""

from selenium import webdriver
from selenium.webdriver.common.by import By

from kiosk.centre.tally import Tally
from tests.stage.country import Country
from tests.stage.world import NEIGHBOUR


class Tallied:
    def __init__(self, country: Country) -> None:
        self.country = country
        country.send_an_evening()
        country.send(NEIGHBOUR, [country.home(NEIGHBOUR, 0, 4)], slip=2)  # a count by hand that differs
        (country.packets / "bad.zip").rename(country.packets / "<img src=x onerror=alert(1)>.zip")
        first = country.tally()
        assert first.result.version == 1
        self.made: Tally = country.tally(decisions='[[strike]]\ndistrict = 1\ncandidate = 2\nreason = "<b>court</b>"\n')


def text(browser: webdriver.Chrome, query: str) -> str:
    return browser.find_element(By.CSS_SELECTOR, query).text


def shown(browser: webdriver.Chrome, query: str) -> list[str]:
    return [e.text for e in browser.find_elements(By.CSS_SELECTOR, query) if e.is_displayed()]
