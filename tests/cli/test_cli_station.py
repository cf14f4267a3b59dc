"""Rolls, packages, packets and rehearsals on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import IntegrityError
from kiosk.numerals import number
from kiosk.settings import RESOURCES
from tests.cli.running import KEY, RESULTS, program, run
from tests.stage.world import HOME, World, give, roll_csv, vote

# -- roll -------------------------------------------------------------------------------------------------


@pytest.fixture
def roll(world: World, tmp_path: Path, small: Path) -> Path:
    (tmp_path / "roll.csv").write_bytes(roll_csv(world.rows(HOME)))
    done = run("roll", "import", tmp_path / "roll.csv", tmp_path / "r.sqlite", "--key", KEY, "--election", small)
    assert done.exit_code == 0, done.output
    assert "voters: 30, men 14, women 16 (UTF-8)" in done.output
    assert "All 1 stations have the voters the definition says." in done.output
    return tmp_path / "r.sqlite"


def test_roll_find(world: World, roll: Path) -> None:
    from kiosk.demo.voters import td3

    row = world.rows(HOME)[0]
    for text in (row[0], row[1], td3(row), td3(row).replace("\n", "\\n")):
        found = json.loads(run("roll", "find", roll, text, "--key", KEY, "--json").output)
        assert row[0] in [v["pin"] for v in found["voters"]]
        assert found["near"] is False
    assert row[0] in run("roll", "find", roll, row[0], "--key", KEY).output
    surname = row[1].split()[0]
    near = run("roll", "find", roll, surname[:2] + surname[3:] + "ъя", "--key", KEY, "--limit", "3").output
    assert "these are near" in near or "Nobody found" in near
    assert "Nobody found" in run("roll", "find", roll, "Ъъъъъъъъъ", "--key", KEY).output
    assert run("roll", "find", roll, "123", "--key", KEY).exit_code == 1
    assert run("roll", "find", roll, "P<<", "--key", KEY).exit_code == 1
    from tests.roll.test_person import ICAO_TD3

    assert "document_without_pin" in run("roll", "find", roll, ICAO_TD3, "--key", KEY).output


@pytest.mark.parametrize("key", ["", "zz", "ab" * 31])
def test_a_key_is_64_digits(roll: Path, key: str) -> None:
    assert run("roll", "find", roll, "a", "--key", key).exit_code == 2


def test_roll_import_refuses_bad_rows_and_existing_files(world: World, roll: Path, tmp_path: Path, small: Path) -> None:
    assert run("roll", "import", tmp_path / "roll.csv", roll, "--key", KEY).exit_code == 2
    target = tmp_path / "other.sqlite"
    no_definition = run("roll", "import", tmp_path / "roll.csv", target, "--key", KEY)
    assert "Not compared with a definition" in no_definition.output
    (tmp_path / "short.csv").write_bytes(roll_csv(world.rows(HOME)[1:]))
    fewer = run("roll", "import", tmp_path / "short.csv", tmp_path / "s.sqlite", "--key", KEY, "--election", small)
    assert "Stations that differ from the definition: 1" in fewer.output
    bad = [(*world.rows(HOME)[0][:4], "never", *world.rows(HOME)[0][5:]), *world.rows(HOME)[1:]]
    (tmp_path / "bad.csv").write_bytes(roll_csv(bad))
    done = run("roll", "import", tmp_path / "bad.csv", tmp_path / "bad.sqlite", "--key", KEY)
    assert done.exit_code == 1
    assert "bad.csv:2: the birth date is not a date" in done.output
    assert "Bad rows: 1. Nothing was imported" in done.output
    assert not (tmp_path / "bad.sqlite").exists()


def test_roll_post(world: World, roll: Path, tmp_path: Path, small: Path) -> None:
    import pypdfium2

    done = run("roll", "post", roll, tmp_path / "list.pdf", "--key", KEY, "--election", small)
    assert done.exit_code == 0, done.output
    text = "".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(tmp_path / "list.pdf"))
    for row in world.rows(HOME):
        assert row[1] in text and row[4][:4] in text
        assert row[0] not in text and row[9] not in text and row[4] not in text
    both = tmp_path / "both.csv"
    both.write_bytes(roll_csv([*world.rows(HOME), *world.rows(102)]))
    assert run("roll", "import", both, tmp_path / "both.sqlite", "--key", KEY).exit_code == 0
    assert (
        run("roll", "post", tmp_path / "both.sqlite", tmp_path / "x.pdf", "--key", KEY, "--election", small).exit_code
        == 2
    )


def test_nothing_that_exists_is_written_over(roll: Path, tmp_path: Path, small: Path) -> None:
    before = roll.read_bytes()
    common = ("--key", KEY, "--election", small)
    assert run("roll", "post", roll, roll, *common).exit_code == 2
    link = tmp_path / "link.pdf"
    link.symlink_to(roll)
    assert run("roll", "post", roll, link, *common).exit_code == 2
    assert run("demo-nation", "--out", roll).exit_code == 2
    assert run("demo-nation", "--out", "/dev/null").exit_code == 2
    missing = run("demo-nation", "--out", tmp_path / "no" / "x.csv")
    assert missing.exit_code == 2 and "make it first" in missing.output
    assert roll.read_bytes() == before


def test_a_roll_of_a_station_that_is_not_in_the_definition(tmp_path: Path, small: Path) -> None:
    row = ("21503198012345", "Асанов", "Бакыт", "", "1980-03-15", "m", 555, 1, "Көчө", "AC1")
    (tmp_path / "r.csv").write_bytes(roll_csv([row]))
    assert run("roll", "import", tmp_path / "r.csv", tmp_path / "r5.sqlite", "--key", KEY).exit_code == 0
    done = run("roll", "post", tmp_path / "r5.sqlite", tmp_path / "l.pdf", "--key", KEY, "--election", small)
    assert done.exit_code == 2 and "station 555 is not in the definition" in done.output
    nobody = run("roll", "find", tmp_path / "r5.sqlite", "11503198012345", "--key", KEY)
    assert "Nobody on this roll has this number" in nobody.output


def test_a_terminal_that_knows_no_kyrgyz_gets_utf_8(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(RESULTS, "utf-8")
    done = subprocess.run(
        [Path(sys.executable).parent / "kiosk", "--language", "ky", "seats", tmp_path / "r.csv"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"},
    )
    assert "талапкер" in done.stdout.decode().lower()


def test_click_speaks_the_reader_s_language(tmp_path: Path) -> None:
    assert "Не хватает аргумента" in program("--language", "ru", "verify").stderr
    assert "Колдонуу:" in program("--language", "ky", "verify", "--help").stdout
    assert "Missing argument" in program("verify", LANG="C", LANGUAGE="").stderr


def test_a_path_that_cannot_be_used_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "roll.csv").write_text("x")
    (tmp_path / "in-the-way").write_text("x")
    done = program("rehearse", "--out", str(tmp_path / "in-the-way" / "x"), LANG="C")
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr and "in-the-way" in done.stderr


# -- provision, load, verify ----------------------------------------------------------------------------------


def test_provision_load_and_refuse(world: World, tmp_path: Path, small: Path) -> None:
    (tmp_path / "roll.csv").write_bytes(roll_csv(world.rows(HOME)))
    out = tmp_path / "out"
    done = run("provision", small, tmp_path / "roll.csv", "--out", out, "--station", str(HOME))
    assert done.exit_code == 0, done.output
    fingerprint = done.output.rstrip().rpartition(": ")[2]
    package = out / str(HOME) / f"{HOME}.package.zip"
    assert package.exists()
    nation = ("--nation", out / "nation.sqlite")
    wrong = run("load", package, *nation, "--data", tmp_path / "data")
    assert isinstance(wrong.exception, IntegrityError) and wrong.exception.code == "purpose_foreign"
    good = run("load", package, *nation, "--data", tmp_path / "data", "--purpose", "test", "--fingerprint", fingerprint)
    assert good.exit_code == 0, good.output
    assert "compared with paper" in good.output
    once = run("provision", small, tmp_path / "roll.csv", "--out", out, "--station", str(HOME))
    assert isinstance(once.exception, IntegrityError) and once.exception.code == "packages_made_already"
    again = run("provision", small, tmp_path / "roll.csv", "--out", out, "--station", str(HOME), "--replace")
    assert fingerprint in again.output  # the authority's key is kept
    assert run("provision", small, tmp_path / "roll.csv", "--out", out, "--station", "9").exit_code == 2
    (tmp_path / "roll.csv").write_bytes(roll_csv(world.rows(HOME)[1:]))
    assert (
        run("provision", small, tmp_path / "roll.csv", "--out", out, "--station", str(HOME), "--replace").exit_code == 1
    )
    toml = (small / "election.toml").read_text("utf-8").replace('purpose = "test"', 'purpose = "official"')
    (small / "election.toml").write_text(toml, "utf-8")
    refused = run("provision", small, tmp_path / "roll.csv", "--out", tmp_path / "real", "--station", str(HOME))
    assert refused.exit_code == 2 and "--authority" in refused.output


def test_verify(world: World, tmp_path: Path) -> None:
    station = world.opened()
    vote(station, give(station, world.pins(HOME)[0]), 1)
    packet = world.packet(station, {1: 1}, tmp_path / "stick")
    election = world.out / "election.dsse.json"
    good = run("verify", packet, "--election", election)
    assert good.exit_code == 0 and "ACCEPTED" in good.output
    found = json.loads(run("verify", packet, "--json").output)
    assert found["accepted"] and found["station"] == HOME and found["purpose"] == "test"
    bad = tmp_path / "bad.zip"
    content = bytearray(packet.read_bytes())
    content[60_000] ^= 1
    bad.write_bytes(content)
    refused = run("verify", bad, "--election", election)
    assert refused.exit_code == 1 and "REFUSED" in refused.output
    found = json.loads(run("verify", bad, "--json").output)
    assert not found["accepted"] and found["code"] and found["sentence"]
    assert run("verify", tmp_path / "none.zip").exit_code == 2
    assert run("verify", packet, "--election", packet).exit_code == 2
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(64 << 20)
    assert run("verify", packet, "--election", huge).exit_code == 2


# -- demo -----------------------------------------------------------------------------------------------------


def test_rehearse_ends_with_one_json_line(tmp_path: Path) -> None:
    done = program("rehearse", "--voters", "30", "--remote", "3", "--out", str(tmp_path), "--json", LANG="C")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["given"] == found["cast"] + found["abandoned"] + found["withdrawn"]
    assert found["cast"] == found["counted"] + found["remote"]
    assert Path(found["packet"]).is_file() and Path(found["protocol"]).is_file()
    assert found["station"] == 1021 and found["verified"] is True
    assert run("verify", found["packet"], "--election", tmp_path / "centre" / "election.dsse.json").exit_code == 0


def test_rehearse_for_people_and_its_misuse(tmp_path: Path) -> None:
    done = run("rehearse", "--voters", "20", "--remote", "2", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "The packet is verified." in done.output
    assert run("rehearse", "--station", "1", "--out", tmp_path).exit_code == 2
    assert run("rehearse", "--voters", "5000", "--out", tmp_path).exit_code == 2


def test_rehearse_by_screen(tmp_path: Path) -> None:
    done = program(
        "rehearse", "--screen", "--voters", "3", "--out", str(tmp_path), LANG="C", QT_QPA_PLATFORM="offscreen"
    )
    assert done.returncode == 0, done.stderr
    assert "Voters served: 3" in done.stdout
    packet = Path(done.stdout.split("The packet is verified: ")[1].strip())
    assert run("verify", packet, "--election", tmp_path / "centre" / "election.dsse.json").exit_code == 0


def test_demo_nation(tmp_path: Path) -> None:
    done = run("demo-nation", "--out", tmp_path / "n.csv", "--stations", "12")
    assert done.exit_code == 0
    lines = (tmp_path / "n.csv").read_text("utf-8").splitlines()
    assert f"voters: {number(len(lines) - 1)}" in done.output
    assert [p.name for p in tmp_path.iterdir()] == ["n.csv"]
    assert RESOURCES.is_dir()
