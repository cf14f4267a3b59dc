"""The commands as a person or a script calls them: output, exit codes, no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import cli
from tests.cli.running import KEY, RESULTS, program, run
from tests.stage.world import EXAMPLE

# -- the program itself -------------------------------------------------------------------------------


def test_help_names_every_command_in_the_reader_s_language() -> None:
    english = program("--help", LANG="C").stdout
    assert all(name in english for name in (*cli.COMMANDS, "run", "demo"))
    assert "Буйруктар" in program("--language", "ky", "--help").stdout
    assert "участк" in program("--help", LANG="ru_KG.UTF-8", LANGUAGE="").stdout
    assert "участк" in program("--language=ru", "--help").stdout


def test_an_error_is_a_sentence_with_a_code_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "r.sqlite").write_bytes(b"x" * 9000)
    done = program("roll", "find", tmp_path / "r.sqlite", "a", "--key", KEY, LANG="C")
    assert done.returncode == 1
    assert done.stderr.endswith("[database_unreadable]\n")
    assert "Traceback" not in done.stderr


def test_help_imports_little() -> None:
    """What makes `kiosk --help` slow are imports: the heavy ones wait until they are needed."""
    code = "import sys, kiosk.cli; print([m for m in sys.modules if m.split('.')[0] in {heavy}])".format(
        heavy={"cryptography", "sqlcipher3", "sqlite_utils", "typst", "rich", "cwt", "msgspec_", "qrcode"}
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_unknown_commands_are_misuse() -> None:
    assert run("dance").exit_code == 2
    assert run("--version").output.startswith("kiosk, version")


# -- check-election ------------------------------------------------------------------------------------


def test_check_election(small: Path) -> None:
    good = run("check-election", EXAMPLE)
    assert good.exit_code == 0
    assert "candidates: 467, men 276, women 191" in good.output
    assert "voters: 4\u202f297\u202f040" in good.output
    stations = (small / "stations.csv").read_bytes()
    (small / "stations.csv").write_bytes(stations.replace(b"precinct", b"palace"))
    bad = run("check-election", small)
    assert bad.exit_code == 1
    assert bad.output.splitlines()[:2] == [
        f"stations.csv:{n}: kind is “palace”; write one of: precinct, abroad, enterprise, shopping_centre, airport,"
        " remote_only"
        for n in (2, 3)
    ]
    assert run("check-election", small / "none").exit_code == 2


# -- seats ----------------------------------------------------------------------------------------------


def test_seats(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text(RESULTS, "utf-8")
    found = json.loads(run("seats", path, "--json").output)
    assert [d["district"] for d in found] == [1, 2, 3, 4]
    assert found[0]["seats"][2] == {"candidate": "D", "sex": "f", "votes": 10, "reason": "sex_rule"}
    assert [d["flags"] for d in found] == [
        ["against_all_leads"], ["unresolved_tie"], ["vacant_seat"], ["tie_by_filing_order"],
    ]  # fmt: skip
    text = run("seats", path).output
    for words in ("sex rule", "district 1: “against all”", "district 2: equal votes and equal filing", "vacant"):
        assert words in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1,A,m,100", "1,A,x,100", "results.csv:2: sex is “x”"),
        ("1,A,m,100", "1,A,m,-1", "results.csv:2: votes is “-1”"),
        ("1,B,m,90,2", "1,A,m,90,2", "results.csv:3: A is given twice"),
        ("filed", "file", "results.csv:1: columns are missing: filed"),
    ],
)
def test_bad_results_are_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "results.csv"
    path.write_text(RESULTS.replace(old, new, 1), "utf-8")
    done = run("seats", path)
    assert done.exit_code == 1
    assert said in done.output


def test_a_ballot_that_no_sheet_holds_is_told_with_the_election(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not on the day, at the first station whose district has so many candidates."""
    assert run("check-election", small).exit_code == 0
    monkeypatch.setattr("kiosk.forms.one_length.LENGTH", 20_000)
    done = run("check-election", small)
    assert done.exit_code == 1 and "candidates.csv:1: the ballot of district" in done.output, done.output
