"""Debian's Chromium, driven headless; pages are opened from the disk, as an observer opens them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

_QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--lang=ky", "--hide-scrollbars", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip


def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert program and driver, "packaging/bootstrap.sh installs Chromium for the tests"
    options = Options()
    options.binary_location = program
    for argument in (*_QUIET, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options, Service(driver))
    browser.set_window_size(1280, 900)
    yield browser
    browser.quit()


def silent(browser: webdriver.Chrome) -> bool:
    """No error and no warning in the console."""
    return browser.get_log("browser") == []  # type: ignore[no-untyped-call]


def open_page(browser: webdriver.Chrome, path: Path) -> None:
    browser.get(path.as_uri())
