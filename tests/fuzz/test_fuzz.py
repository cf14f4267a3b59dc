"""Every reader of strangers' bytes under a coverage-guided fuzzer: a minute each here, hours by hand.

The corpus is committed: it is tried first, byte for byte, in every run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, try_one

CORPUS = Path(__file__).parent / "corpus"
SECONDS = 60


@pytest.mark.parametrize("name", list(TARGETS))
def test_the_corpus(name: str) -> None:
    seeds = list((CORPUS / name).iterdir())
    assert seeds
    for seed in seeds:
        try_one(name, seed.read_bytes())


@pytest.mark.parametrize("name", list(TARGETS))
def test_a_minute(name: str, tmp_path: Path) -> None:
    corpus, found = tmp_path / "corpus", tmp_path / "found"
    shutil.copytree(CORPUS / name, corpus)
    found.mkdir()
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz", name, f"-max_total_time={SECONDS}", f"-artifact_prefix={found}/",
            "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1", str(corpus),
        ],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, errors="replace",
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
    )  # fmt: skip
    assert done.returncode == 0 and not list(found.iterdir()), done.stderr[-3000:]
    [executed] = [line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    assert int(executed) > 100
