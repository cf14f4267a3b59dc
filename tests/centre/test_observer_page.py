"""The observer's page in a real browser, against good and bent packets and codes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from kiosk.centre.provision.run import ELECTION_FILE
from kiosk.centre.publish.observer import page
from kiosk.errors import IntegrityError
from kiosk.packet import archive, qr
from kiosk.packet import content as c
from kiosk.packet.verify import verify_file
from kiosk.trust import election_file, keys
from tests.stage.browser import chromium, open_page, silent
from tests.stage.country import Country, resealed
from tests.stage.evening import Tallied, shown, text
from tests.stage.world import AWAY, HOME, World

browser = pytest.fixture(scope="module")(chromium)


@pytest.fixture(scope="module")
def observer(tallied: Tallied, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("observer") / "verify.html"
    path.write_text(page(tallied.country.world.out), "utf-8")
    yield path


def _code(tallied: Tallied) -> str:
    """The text of the QR of the home station's protocol."""
    entries = archive.read_file(tallied.country.packets / f"{HOME}-test-1.packet.zip", c.ENTRIES)
    protocol = c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL)
    key = keys.signing_key(bytes.fromhex(tallied.country.desk(HOME).secrets.station_seed))
    listed = [c.file_entry(name, data) for name, data in entries.items() if name != c.MANIFEST]
    content = qr.content_of(protocol, c.content_hash(listed), "0123456789abcdef" * 4)
    return qr.encode(content, key.private_bytes_raw(), keys.signing_public(key))


def _verdict(browser: webdriver.Chrome) -> str:
    WebDriverWait(browser, 10).until(lambda b: b.find_element(By.ID, "verdict").is_displayed())
    return str(browser.find_element(By.ID, "verdict").get_attribute("class"))


def _check_text(browser: webdriver.Chrome, path: Path, code: str) -> str:
    open_page(browser, path)
    browser.find_element(By.CSS_SELECTOR, '[data-language="en"]').click()
    browser.execute_script("document.getElementById('text').value = arguments[0]", code)
    browser.find_element(By.ID, "check").click()
    return _verdict(browser)


def _check_file(browser: webdriver.Chrome, path: Path, packet: Path) -> str:
    open_page(browser, path)
    browser.find_element(By.CSS_SELECTOR, '[data-language="en"]').click()
    browser.find_element(By.ID, "file").send_keys(str(packet))
    return _verdict(browser)


def test_a_protocol_s_code_is_checked_and_its_figures_shown(
    browser: webdriver.Chrome, tallied: Tallied, observer: Path
) -> None:
    assert _check_text(browser, observer, _code(tallied)) == "good"
    figures = text(browser, "#figures")
    assert f"№ {HOME}" in figures and "Асанов Бакыт" in figures
    assert len(shown(browser, "#checks li.good")) >= 6 and shown(browser, "#checks li.bad") == []
    for language, word in (("ky", "Добуштар"), ("ru", "Голоса")):
        browser.find_element(By.CSS_SELECTOR, f'[data-language="{language}"]').click()
        assert word in text(browser, "#figures")
    assert silent(browser)


def test_a_code_that_was_pasted_is_mended_where_nothing_has_to_be_guessed(
    browser: webdriver.Chrome, tallied: Tallied, observer: Path
) -> None:
    code = _code(tallied)
    lines = [code[at : at + 76] for at in range(0, len(code), 76)]
    for way in (
        "\n".join(lines),
        "\r\n".join(lines),
        code.replace(" ", "\u00a0"),
        f"Протокол: {code}",
        f"]Q1{code}",
        f"\ufeff{code}\n",
        f"«{code}» деп жазылган",
        code[:50] + "\u200b" + code[50:],
        f"\n\n {code}\t",
    ):
        assert _check_text(browser, observer, way) == "good", way[:20]
    spoilt = [code.lower(), code[:-30], code.replace("KS1:", ""), code[:99] + "ж" + code[100:]]
    for way in spoilt:
        assert _check_text(browser, observer, way) == "bad"
        assert "changed when it was copied" in text(browser, "#verdict")


def test_the_camera_reads_the_code_where_the_browser_can(
    browser: webdriver.Chrome, tallied: Tallied, observer: Path
) -> None:
    """The picture is Chromium's own stand-in for a camera; the detector, which its Linux build lacks, is ours."""
    open_page(browser, observer)
    browser.find_element(By.CSS_SELECTOR, '[data-language="en"]').click()
    browser.execute_script("delete window.BarcodeDetector")
    browser.find_element(By.ID, "camera").click()
    assert "paste its text" in text(browser, "#no-camera")
    browser.execute_script(
        "let looks = 0; window.BarcodeDetector = class { async detect(video) {"
        " if (!video.videoWidth || ++looks < 3) return [{rawValue: 'something else'}];"
        " return [{rawValue: arguments[0].code}]; } }; HTMLVideoElement.prototype.code = arguments[0]",
        _code(tallied),
    )
    browser.find_element(By.ID, "camera").click()
    assert _verdict(browser) == "good" and f"№ {HOME}" in text(browser, "#figures")
    assert not browser.find_element(By.ID, "video").is_displayed()
    assert silent(browser)


def test_codes_that_were_changed_or_are_none(browser: webdriver.Chrome, tallied: Tallied, observer: Path) -> None:
    good = _code(tallied)
    entries = archive.read_file(tallied.country.packets / f"{HOME}-test-1.packet.zip", c.ENTRIES)
    protocol = c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL)
    content = qr.content_of(protocol, "00" * 32, "00" * 32)
    other = keys.signing_key(b"x" * 32)
    forged = qr.encode(content, other.private_bytes_raw(), keys.signing_public(other))
    assert _check_text(browser, observer, forged) == "bad"
    assert "signed by the station" in " ".join(shown(browser, "#checks li.bad"))
    for code in (
        good[:-3],
        good.replace("KS1:", "HC1:"),
        "",
        "KS1:???",
        "KS1:" + "A" * 3000,
        good[:40] + "A" + good[41:],
    ):
        assert _check_text(browser, observer, code) == "bad", code[:20]
        assert "no code of a protocol" in text(browser, "#verdict") or shown(browser, "#checks li.bad")
    assert silent(browser)


def test_a_code_whose_equation_fails_asks_to_look_for_the_act(
    browser: webdriver.Chrome, tallied: Tallied, observer: Path
) -> None:
    """An honest protocol with a slip that an act explains; the code has no acts, so it is neither green nor red."""
    station = tallied.country.desk(HOME).secrets.station_seed
    entries = archive.read_file(tallied.country.packets / f"{HOME}-test-1.packet.zip", c.ENTRIES)
    protocol = c.from_json(entries[c.PROTOCOL], c.Protocol, c.PROTOCOL)
    lines = tuple(msgspec.structs.replace(x, value=x.value + (x.id == "stationary")) for x in protocol.lines)
    content = qr.content_of(msgspec.structs.replace(protocol, lines=lines), "00" * 32, "00" * 32)
    key = keys.signing_key(bytes.fromhex(station))
    code = qr.encode(content, key.private_bytes_raw(), keys.signing_public(key))
    assert _check_text(browser, observer, code) == "look"
    assert "look for its act" in text(browser, "#verdict") and shown(browser, "#checks li.bad")


def _moved(protocol: c.Protocol) -> c.Protocol:
    one, two = protocol.votes[0], protocol.votes[1]
    fewer = msgspec.structs.replace(one, hand=one.hand - 1, legal=one.legal - 1)
    more = msgspec.structs.replace(two, hand=two.hand + 1, legal=two.legal + 1)
    return msgspec.structs.replace(protocol, votes=(fewer, more, *protocol.votes[2:]))


def _relabelled(protocol: c.Protocol) -> c.Protocol:
    lines = tuple(msgspec.structs.replace(line, label_ky="башка") for line in protocol.lines)
    return msgspec.structs.replace(protocol, lines=lines)


def _renamed(protocol: c.Protocol) -> c.Protocol:
    against = msgspec.structs.replace(protocol.votes[-1], name_ru="Бекова Айгүл")
    return msgspec.structs.replace(protocol, votes=(*protocol.votes[:-1], against))


@pytest.mark.parametrize(
    ("bend", "code", "failing"),
    [(_moved, "difference_without_act", 2), (_relabelled, "protocol_foreign", 1), (_renamed, "protocol_rows", 2)],
)
def test_a_packet_that_its_own_signers_bent(
    browser: webdriver.Chrome, tallied: Tallied, observer: Path, tmp_path: Path,
    bend: Callable[[c.Protocol], c.Protocol], code: str, failing: int,
) -> None:  # fmt: skip
    """Every signature is right. The page must not be green where `kiosk verify` refuses."""
    path = tmp_path / "bent.zip"
    path.write_bytes((tallied.country.packets / f"{AWAY}-test-1.packet.zip").read_bytes())
    protocol = c.from_json(archive.read_file(path, c.ENTRIES)[c.PROTOCOL], c.Protocol, c.PROTOCOL)
    resealed(tallied.country, path, c.PROTOCOL, c.to_json(bend(protocol)))
    signed = election_file.read((tallied.country.world.out / ELECTION_FILE).read_bytes())
    assert verify_file(path, signed).code == code
    assert _check_file(browser, observer, path) == "bad"
    # The one check that fails by itself, and the reports where they were not made anew.
    assert len(shown(browser, "#checks li.bad")) == failing and len(shown(browser, "#checks li.good")) >= 6


def test_packets_good_and_tampered(browser: webdriver.Chrome, tallied: Tallied, observer: Path, tmp_path: Path) -> None:
    good = tallied.country.packets / f"{HOME}-test-1.packet.zip"
    assert _check_file(browser, observer, good) == "good"
    assert "Асанов Бакыт" in text(browser, "#figures")
    content = good.read_bytes()
    entries = archive.read(content, c.ENTRIES)
    for name in (c.PROTOCOL, c.JOURNAL, c.MANIFEST, c.SEALED_REGISTER):
        changed = dict(entries)
        middle = len(changed[name]) // 2
        old = changed[name][middle]
        changed[name] = changed[name][:middle] + bytes([old ^ 1]) + changed[name][middle + 1 :]
        path = tmp_path / "changed.zip"
        path.write_bytes(archive.write(changed))
        assert _check_file(browser, observer, path) == "bad", name
    for bad in (b"", content[:5000], content[:-7], b"PK\x05\x06" + bytes(18)):
        path = tmp_path / "bad.zip"
        path.write_bytes(bad)
        assert _check_file(browser, observer, path) == "bad"
        assert "no packet of this system" in text(browser, "#verdict")
    assert silent(browser)


def test_a_packet_of_another_authority_is_refused(
    browser: webdriver.Chrome, observer: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("other")
    other = Country(World.make(folder), folder)
    packet = other.send(HOME, [other.home(HOME, 0, 1)])
    assert _check_file(browser, observer, packet) == "bad"
    assert "the station's keys are signed by the commission" in " ".join(shown(browser, "#checks li.bad"))


def test_the_observer_s_page_asks_no_network_and_needs_the_centre_s_folder(observer: Path, tmp_path: Path) -> None:
    html = observer.read_text("utf-8")
    assert "http://" not in html and "https://" not in html and "default-src 'none'" in html
    with pytest.raises(IntegrityError, match="centre_incomplete"):
        page(tmp_path)
