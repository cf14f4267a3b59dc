"""A result with something of everything, and its packets; and what a browser shows of a page."""

from selenium import webdriver
from selenium.webdriver.common.by import By

from kiosk.centre.tally import Tally
from tests.centre.world import Country
from tests.world import AWAY, HOME, NEIGHBOUR


class Evening:
    def __init__(self, country: Country) -> None:
        self.country = country
        country.send(HOME, [country.home(HOME, n, 1 + n % 2, minute=60 * n) for n in range(9)])
        country.send(
            AWAY, [country.home(AWAY, 0, 1), country.remote(AWAY, HOME, 12, 4), country.remote(AWAY, HOME, 3, 1)]
        )
        country.send(NEIGHBOUR, [country.home(NEIGHBOUR, 0, 4)], slip=2)
        (country.packets / "<img src=x onerror=alert(1)>.zip").write_bytes(b"x")
        first = country.tally()
        assert first.result.version == 1
        self.made: Tally = country.tally(decisions='[[strike]]\ndistrict = 1\ncandidate = 2\nreason = "<b>court</b>"\n')


def text(browser: webdriver.Chrome, query: str) -> str:
    return browser.find_element(By.CSS_SELECTOR, query).text


def shown(browser: webdriver.Chrome, query: str) -> list[str]:
    return [e.text for e in browser.find_elements(By.CSS_SELECTOR, query) if e.is_displayed()]
