"""Taking packets in: the same on DuckDB and PostgreSQL, by several people at once, from a watched folder."""

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.centre.intake import run as intake
from kiosk.centre.intake import store
from kiosk.centre.intake.check import Against, Checker
from kiosk.centre.provision.run import ELECTION_FILE
from kiosk.centre.tables import TABLES, Tables
from kiosk.errors import DeviceError
from kiosk.packet import content as c
from tests.stage.country import Country, resealed
from tests.stage.postgres import server
from tests.stage.world import AWAY, HOME

address = pytest.fixture(scope="module")(server)


@pytest.fixture(params=["duckdb", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "duckdb":
        yield str(tmp_path / "centre.duckdb")
        return
    found: str = request.getfixturevalue("address")
    yield found
    tables = Tables.open(found)
    for name in TABLES:
        tables.run(f"DROP TABLE {name}")
    tables.close()


def rows(tables: Tables) -> dict[str, list[str]]:
    """Everything in the tables, free of order."""
    return {name: sorted(map(repr, tables.rows(f"SELECT * FROM {name}"))) for name in TABLES}


def test_both_databases_hold_the_same_and_give_the_same_result(evening: Country, where: str) -> None:
    expected = evening.tally(out="expected")
    tables = Tables.open(where)
    made = evening.tally(tables)
    again = evening.tally(tables)
    found = rows(tables)
    tables.close()
    assert made.result.content == expected.result.content and not again.new_version
    memory = Tables.open()
    evening.tally(memory)
    assert rows(memory) == found
    memory.close()


def test_what_was_taken_in_without_the_key_is_opened_by_the_tally(evening: Country, where: str) -> None:
    expected = evening.tally(out="expected")
    tables = Tables.open(where)
    election = (evening.world.out / ELECTION_FILE).read_bytes()
    files = intake.files_in(evening.packets)
    assert intake.take_in(tables, files, Against(election)) == len(files)
    assert intake.take_in(tables, files, Against(election)) == 0
    assert tables.value("SELECT count(*) FROM envelope") == 0
    made = evening.tally(tables)
    tables.close()
    assert made.result.content == expected.result.content


def test_a_packet_that_only_the_key_shows_to_be_bad_is_refused_after_all(evening: Country, where: str) -> None:
    path = evening.packets / f"{AWAY}-test-1.packet.zip"
    resealed(evening, path, c.SEALED_REGISTER, b"x" * 2000)
    tables = Tables.open(where)
    election = (evening.world.out / ELECTION_FILE).read_bytes()
    intake.take_in(tables, intake.files_in(evening.packets), Against(election))
    assert tables.value("SELECT count(*) FROM packet WHERE code = ''") == 3
    made = evening.tally(tables)
    assert ("sealed_unreadable", path.name) in [(r.code, r.file) for r in made.result.findings.rejected]
    assert AWAY in made.result.findings.missing and tables.value("SELECT count(*) FROM vote") < 30
    tables.close()


def test_a_packet_whose_file_the_tally_does_not_have_does_not_count(evening: Country, where: str) -> None:
    """Its list of those served is not known, so a second vote of theirs would not be seen."""
    tables = Tables.open(where)
    election = (evening.world.out / ELECTION_FILE).read_bytes()
    intake.take_in(tables, intake.files_in(evening.packets), Against(election))
    (evening.packets / f"{HOME}-test-1.packet.zip").rename(evening.folder / "elsewhere")
    made = evening.tally(tables)
    tables.close()
    assert made.result.findings.unopened == ((HOME, 1),) and HOME in made.result.findings.missing


def test_half_a_packet_never_stays(evening: Country, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Tables.open(where)

    def fails(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_sealed_rows", fails)
    with pytest.raises(OSError, match="No space"):
        evening.tally(tables)
    counts = {name: tables.value(f"SELECT count(*) FROM {name}") for name in ("vote", "line", "served")}
    assert set(counts.values()) == {0} and tables.value("SELECT count(*) FROM packet WHERE code = ''") == 0
    monkeypatch.undo()
    assert evening.tally(tables).result.findings.packets == 3
    tables.close()


INTAKE = """
import sys
from pathlib import Path
from kiosk.centre.intake import run as intake
from kiosk.centre.intake.check import Against, Checker
from kiosk.centre.tables import Tables
where, folder, election, seed = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
tables = Tables.open(where)
files = intake.files_in(Path(folder))
print(intake.take_in(tables, files, Against(Path(election).read_bytes(), bytes.fromhex(seed)), workers=1))
"""


def test_several_people_at_once_lose_and_double_nothing(evening: Country, address: str) -> None:
    """The tables are not there yet: the four make them at the same moment."""
    election, seed = evening.world.out / ELECTION_FILE, evening.world.authority.sealing_seed.hex()
    command = [sys.executable, "-c", INTAKE, address, str(evening.packets), str(election), seed]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _n in range(4)]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    taken = []
    for process in processes:
        out, _err = process.communicate(timeout=60)
        assert process.returncode == 0
        taken.append(int(out))
    assert sum(taken) == 4
    tables = Tables.open(address)
    memory = Tables.open()
    evening.tally(memory)
    assert rows(tables) == rows(memory)
    memory.close()
    for name in TABLES:
        tables.run(f"DROP TABLE {name}")
    tables.close()


def test_a_database_that_cannot_be_opened_is_told_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "no.duckdb").write_bytes(b"hello" * 9000)
    for where in (f"postgresql://me:secret@/x?host={tmp_path}", str(tmp_path / "no.duckdb")):
        with pytest.raises(DeviceError) as caught:
            Tables.open(where)
        assert caught.value.code == "tables_unreachable" and "secret" not in str(caught.value.facts["where"])


def test_a_watched_folder_tells_each_packet_once_it_is_whole(evening: Country, tmp_path: Path) -> None:
    upload, database = tmp_path / "upload", tmp_path / "watch.duckdb"
    upload.mkdir()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "LANGUAGE": "en"}
    command = [
        sys.executable, "-c", "from kiosk.cli import main; main()", "intake", "watch", str(upload),
        "--database", str(database), "--centre", str(evening.world.out),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment) as run:
        assert run.stdout
        content = (evening.packets / f"{HOME}-test-1.packet.zip").read_bytes()
        slow = upload / f"{HOME}.zip"
        with slow.open("wb") as file:  # somebody is still copying
            for start in range(0, len(content), len(content) // 3):
                file.write(content[start : start + len(content) // 3])
                file.flush()
                time.sleep(0.6)
        (upload / "bad.zip").write_bytes(b"x")
        (upload / ".hidden.zip").write_bytes(b"x")
        told = [run.stdout.readline().strip() for _n in range(2)]
        run.send_signal(2)
        rest = run.stdout.read()
    assert sorted(line[0] for line in told) == ["✓", "✗"], told
    assert f"station {HOME}, version 1" in " ".join(told) and "bad.zip" in " ".join(told)
    assert "Packets in the tables: 2" in rest
    tables = Tables.open(database)
    assert tables.value("SELECT count(*) FROM packet") == 2
    tables.close()


def test_what_a_person_did_to_a_packet_is_named(evening: Country, tmp_path: Path) -> None:
    """Unpacked by a browser, packed again by a file manager, renamed by a mail gateway, several in one."""
    given = evening.packets / f"{HOME}-test-1.packet.zip"
    folder = tmp_path / "up"
    (folder / "sub").mkdir(parents=True)
    with zipfile.ZipFile(given) as packed:
        packed.extractall(folder / "sub" / f"{HOME}-test-1.packet")
    unpacked = folder / "sub" / f"{HOME}-test-1.packet"
    for name, deflated, below in (("a", True, ""), ("b", False, ""), ("c", True, "x/")):
        method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
        with zipfile.ZipFile(folder / f"{name}.packet.zip", "w", method) as again:
            for file in sorted(path for path in unpacked.rglob("*") if path.is_file()):
                again.write(file, below + file.relative_to(unpacked).as_posix())
    (folder / "d.packet.zi_").write_bytes(given.read_bytes())
    with zipfile.ZipFile(folder / "all.zip", "w") as bundle:
        for number in range(3):
            bundle.write(given, f"packets/{number}.packet.zip")
    (folder / "e.zip").write_bytes(b"PK no archive at all")
    checker = Checker(Against((evening.world.out / ELECTION_FILE).read_bytes()))
    found = {path.name: checker.check(path) for path in intake.files_in(folder)}
    codes = {name: checked.code for name, checked in found.items()}
    assert codes == {
        "101-test-1.packet": "packet_unpacked",
        "a.packet.zip": "packet_repacked",
        "b.packet.zip": "archive_not_canonical",
        "c.packet.zip": "packet_repacked",
        "d.packet.zi_": "",
        "all.zip": "packet_bundle",
        "e.zip": "archive_malformed",
    }
    assert found["all.zip"].facts == {"count": 3}


def test_what_was_thrown_away_does_not_count(evening: Country, tmp_path: Path) -> None:
    given = (evening.packets / f"{HOME}-test-1.packet.zip").read_bytes()
    for place in (
        "$RECYCLE.BIN/S-1-5-21/$RA1B2C3.packet.zip",
        ".Trash-1000/files/1.packet.zip",
        "RECYCLER/1.packet.zip",
        "System Volume Information/1.packet.zip",
        "__MACOSX/1.packet.zip",
        "FOUND.001/1.packet.zip",
    ):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(given)
    (tmp_path / "$RA1B2C3.packet.zip").write_bytes(given)
    assert intake.files_in(tmp_path) == intake.files_in(evening.packets)
