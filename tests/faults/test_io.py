"""P1, P3: a disk that fails. At every sync, write, truncate, read and open of the day's file and its twin; once and for
ever; on the main medium, the mirror and both; through the verbs and through the window. More than 600 failures here,
every combination with --long.

Nothing acknowledged is lost, nothing happens twice, the second touch or the next badge goes on, and no error is
anything but a sentence.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHORT = (
    ("give", "main"), ("cast", "main"), ("cast-remote", "both"), ("withdraw", "mirror"), ("close", "both"),
    ("window-cast", "main"), ("window-give", "main"),
)  # fmt: skip
ACTS = ("give", "cast", "cast-remote", "withdraw", "close", "window-give", "window-cast")
AT_LEAST = 80  # calls of one act that were made to fail; 600 in all of them


@pytest.fixture(scope="session")
def failing_calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("cc"):
        pytest.skip("no C compiler")
    library = tmp_path_factory.mktemp("io") / "failing_calls.so"
    source = HERE / "failing_calls.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", str(library), str(source), "-ldl"], check=True)
    return library


@pytest.mark.parametrize(
    ("act", "where"),
    [
        pytest.param(act, where, marks=() if (act, where) in SHORT else pytest.mark.long)
        for act in ACTS
        for where in ("main", "mirror", "both")
    ],
)
def test_every_call_fails_once_and_for_ever(failing_calls: Path, tmp_path: Path, act: str, where: str) -> None:
    control = tmp_path / "control"
    control.write_bytes(bytes(400))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COV")},
        "FAILING_CALLS": str(control),
        "LD_PRELOAD": str(failing_calls),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-m", "tests.faults.io_driver", str(tmp_path / "work"), act, where]
    done = subprocess.run(command, env=environment, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    bad = [line for line in done.stdout.splitlines() if line.startswith("BAD")]
    assert not bad and done.returncode == 0, (bad[:10], done.stderr[-2000:])
    found = re.search(r"FAILED (\d+)", done.stdout)
    assert found and int(found[1]) >= (AT_LEAST if not act.startswith("window") else 8), done.stdout
