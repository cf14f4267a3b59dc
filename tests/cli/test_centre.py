"""kiosk authority, tally, intake, observer-page as somebody at the central commission types them."""

from pathlib import Path

from click.testing import CliRunner

from kiosk.centre.provision import authority as authority_file
from kiosk.cli.centre import authority, intake, observer_page, tally
from kiosk.cli.provision import order
from kiosk.day import orders
from kiosk.errors import IntegrityError
from tests.stage.country import Country
from tests.stage.world import AWAY


def arguments(evening: Country, *keys: Path) -> list[str]:
    found = [str(evening.packets), "--centre", str(evening.world.out), "--out", str(evening.folder / "out")]
    for key in keys:
        found += ["--authority-key", str(key)]
    return found


def test_the_key_in_shares_opens_and_versions_are_told(evening: Country, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    _signing, *shares = authority_file.save_split(evening.world.authority, tmp_path / "keys", 2, 3)
    done = CliRunner().invoke(tally, arguments(evening, *shares[:2]))
    assert done.exit_code == 0, done.output
    assert "version 1" in done.output and "report.html" in done.output
    assert "✗ bad.zip" in done.output and "archive_malformed" in done.output
    again = CliRunner().invoke(tally, arguments(evening, *shares[1:]))
    assert "Nothing has changed since version 1" in again.output
    decisions = tmp_path / "decisions.toml"
    decisions.write_text('[[strike]]\ndistrict = 1\ncandidate = 1\nreason = "court"\n')
    changed = CliRunner().invoke(tally, [*arguments(evening, *shares[1:]), "--decisions", str(decisions)])
    assert changed.exit_code == 0 and "district 1: lost 1" in changed.output and "version 2" in changed.output
    decisions.write_text("[[strike]]\ndistrict = 77\ncandidate = 1\nreason = 'x'\n")
    wrong = CliRunner().invoke(tally, [*arguments(evening, *shares[1:]), "--decisions", str(decisions)])
    assert wrong.exit_code == 1 and "decisions.toml:3: nobody stands in district 77" in wrong.output


def test_a_version_that_tells_how_few_voted_is_told(evening: Country, tmp_path: Path) -> None:
    """The difference to the version before is one station's one remote ballot."""
    (tmp_path / "keys").mkdir()
    _signing, *shares = authority_file.save_split(evening.world.authority, tmp_path / "keys", 2, 3)
    first = CliRunner().invoke(tally, arguments(evening, *shares[:2]))
    assert "Careful" not in first.output
    decisions = tmp_path / "decisions.toml"
    decisions.write_text(f'[[annul]]\nstation = {AWAY}\npart = "all"\nreason = "court"\n')
    second = CliRunner().invoke(tally, [*arguments(evening, *shares[:2]), "--decisions", str(decisions)])
    assert second.exit_code == 0 and "shows how remote ballots were cast (1)" in second.output


def test_too_few_shares_and_a_folder_that_is_not_the_centre_s(evening: Country, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    _signing, *shares = authority_file.save_split(evening.world.authority, tmp_path / "keys", 2, 3)
    few = CliRunner().invoke(tally, arguments(evening, shares[0]))
    assert isinstance(few.exception, IntegrityError) and few.exception.code == "authority_shares_few"
    lost = CliRunner().invoke(
        tally, [str(evening.packets), "--out", str(tmp_path / "o"), "--authority-key", str(shares[0])]
    )
    assert isinstance(lost.exception, IntegrityError) and lost.exception.code == "centre_incomplete"


def test_keys_are_made_once(tmp_path: Path) -> None:
    made = CliRunner().invoke(authority, ["--out", str(tmp_path / "k"), "--shares", "4", "--needed", "3"])
    assert made.exit_code == 0 and len(list((tmp_path / "k").iterdir())) == 5 and "Fingerprint" in made.output
    assert CliRunner().invoke(authority, ["--out", str(tmp_path / "k")]).exit_code == 2
    assert (
        CliRunner().invoke(authority, ["--out", str(tmp_path / "l"), "--shares", "2", "--needed", "3"]).exit_code == 2
    )


def test_a_folder_is_taken_in_once_without_a_key(evening: Country, tmp_path: Path) -> None:
    command = ["watch", str(evening.packets), "--database", str(tmp_path / "d.duckdb"), "--centre",
               str(evening.world.out), "--once"]  # fmt: skip
    first = CliRunner().invoke(intake, command)
    assert first.exit_code == 0 and first.output.count("✓") == 3 and first.output.count("✗") == 1
    again = CliRunner().invoke(intake, command)
    assert again.exception is None
    assert again.output.count("taken in before") == 4


def test_the_observer_s_page_is_written_once(evening: Country, tmp_path: Path) -> None:
    page = tmp_path / "verify.html"
    done = CliRunner().invoke(observer_page, [str(evening.world.out), "--out", str(page)])
    assert done.exit_code == 0 and page.stat().st_size > 20_000
    assert CliRunner().invoke(observer_page, [str(evening.world.out), "--out", str(page)]).exit_code == 2


def test_an_order_names_an_hour_or_a_correction(evening: Country, tmp_path: Path) -> None:
    key, stick = tmp_path / "authority.json", tmp_path / "stick"
    stick.mkdir()
    authority_file.save(evening.world.authority, key)
    common = [str(evening.world.out), "--station", str(AWAY), "--authority-key", str(key), "--out", str(stick)]

    def said(*more: str) -> str:
        return CliRunner().invoke(order, [*common, *more]).output

    assert "name either" in said("--number", "1")
    assert "name either" in said("--number", "1", "--correct", "--until", "2025-11-30T22:00")
    assert "is no time" in said("--number", "1", "--until", "late")
    assert f"station {AWAY} votes until 30.11.2025 22:00" in said("--number", "1", "--until", "2025-11-30T22:00")
    assert f"station {AWAY} corrects its protocol" in said("--number", "2", "--correct")
    world = evening.world
    to = world.authority.public, world.source.definition.hash, AWAY
    made = (stick / f"{AWAY}-2.order.json").read_bytes()
    found = orders.read(made, *to, action="correct")
    assert found is not None and found.number == 2 and found.until == ""
    assert orders.read(made, *to) is None  # a correction reopens nothing
