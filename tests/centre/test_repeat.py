"""An auditor repeats the steps of a result: the same, or the place where they part."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest
from click.testing import CliRunner

from kiosk.centre.provision import authority as authority_file
from kiosk.centre.publish import audit
from kiosk.centre.publish import repeat as r
from kiosk.centre.tally import Tally
from kiosk.cli.centre import repeat
from kiosk.errors import IntegrityError
from tests.stage.country import Country
from tests.stage.world import AWAY, HOME

DECISIONS = '[[strike]]\ndistrict = 1\ncandidate = 2\nreason = "court"\n'


@pytest.fixture
def evening(evening: Country) -> Country:
    """With enough ballots of other districts to see whether their order was changed."""
    away = [evening.remote(AWAY, HOME, 9 + n, 1 + n % 3) for n in range(6)]
    evening.send(AWAY, [evening.home(AWAY, 0, 1), *away])
    return evening


def found(evening: Country, made: Tally, seed: bytes = b"") -> dict[str, tuple[str, int]]:
    done = r.repeat(made.folder, evening.world.source.definition, seed)
    return {one.step: (one.found, one.line) for one in done}


@pytest.mark.parametrize("decisions", ["", DECISIONS, f'[[annul]]\nstation = {AWAY}\npart = "all"\nreason = "x"\n'])
def test_every_step_of_an_honest_result_comes_out_the_same(evening: Country, decisions: str) -> None:
    made = evening.tally(decisions=decisions)
    again = found(evening, made, evening.world.authority.sealing_seed)
    assert again == dict.fromkeys(("anonymise", "open", "count", "seats", "results"), ("equal", 0))
    interim = evening.tally(out="interim", keyed=False, decisions=decisions)
    assert found(evening, interim)["count"] == ("equal", 0)
    assert found(evening, interim)["open"] == ("key_missing", 0)


def _edited(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return edit


def _one_ballot_less(folder: Path) -> None:
    table = pyarrow.parquet.read_table(folder / audit.ANONYMOUS_FILE)
    pyarrow.parquet.write_table(table.slice(1), folder / audit.ANONYMOUS_FILE)


def _turned_round(folder: Path) -> None:
    table = pyarrow.parquet.read_table(folder / audit.ANONYMOUS_FILE)
    pyarrow.parquet.write_table(table.take(list(range(len(table)))[::-1]), folder / audit.ANONYMOUS_FILE)


@pytest.mark.parametrize(
    ("bend", "step"),
    [
        (_one_ballot_less, "anonymise"),
        (_turned_round, "anonymise"),
        (_edited(audit.OPEN_FILE, "1,1,2", "1,1,3"), "open"),
        (_edited(audit.RESULTS_FILE, "1,101,1,5,5", "1,101,1,5,6"), "count"),
        (_edited(audit.SEATS_FILE, "votes\n", "sex_rule\n"), "seats"),
        (_edited(audit.NIST_FILE, "election-day", "absentee"), "results"),
    ],
)
def test_a_step_that_was_bent_is_named(evening: Country, bend: Callable[[Path], None], step: str) -> None:
    made = evening.tally()
    bend(made.folder)
    again = found(evening, made, evening.world.authority.sealing_seed)
    assert next(name for name, (state, _line) in again.items() if state == "differs") == step


@pytest.mark.parametrize("name", [audit.OPEN_FILE, audit.RESULTS_FILE, audit.ANONYMOUS_FILE, audit.COUNT_FILE])
def test_files_that_are_gone_or_rubbish_are_named_not_a_traceback(evening: Country, name: str) -> None:
    made = evening.tally()
    for content in (b"", b"a,b\nx,y,z,q,w\n", b"\xff\xfe"):
        (made.folder / name).write_bytes(content)
        try:
            assert "differs" in {state for state, _line in found(evening, made).values()}
        except IntegrityError as error:
            assert error.code == "audit_unreadable"
    (made.folder / name).unlink()
    with pytest.raises(IntegrityError, match="audit_unreadable"):
        found(evening, made)


def test_the_command_tells_each_step_and_ends_with_one_where_they_part(evening: Country, tmp_path: Path) -> None:
    made = evening.tally()
    key = tmp_path / "authority.json"
    authority_file.save(evening.world.authority, key)
    arguments = [str(made.folder), "--centre", str(evening.world.out)]
    done = CliRunner().invoke(repeat, [*arguments, "--authority-key", str(key)])
    assert done.exit_code == 0 and done.output.count("✓") == 5
    _edited(audit.OPEN_FILE, "1,1,2", "1,1,3")(made.folder)
    done = CliRunner().invoke(repeat, arguments)
    assert done.exit_code == 1 and "✗" in done.output and "–" in done.output and "5-count.csv" in done.output
