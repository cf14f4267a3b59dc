"""docs/changing.md, pasted as it stands into a copy of the project: every recipe leads where it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "changing.md"
RECIPES = [
    "A message", "A journal event", "A verb", "An intent", "A page", "A form", "A reason to choose", "A station file",
    "A language",
]  # fmt: skip
_WHERE = re.compile(
    r"(?:^|(?<=\. ))(?:In `(?P<file>[^`]+)`, (?P<how>after|instead of) `(?P<line>[^`]+)`"
    r"|New file `(?P<new>[^`]+)`|At the end of `(?P<end>[^`]+)`):$"
)


class Step(NamedTuple):
    """`where`: the sentence before the block, if it says where to paste; else the block is a command."""

    where: re.Match[str] | None
    language: str
    block: str


def recipes() -> dict[str, list[Step]]:
    found: dict[str, list[Step]] = {}
    for part in PAGE.read_text("utf-8").split("\n## ")[1:]:
        title, _newline, text = part.partition("\n")
        found[title] = []
        before = ""
        for piece in re.split(r"(?ms)^(```\w+\n.*?^```)$", text):
            if block := re.match(r"(?ms)```(\w+)\n(.*?)^```$", piece):
                found[title].append(Step(_WHERE.search(before), block[1], block[2]))
            elif piece.strip():
                before = piece.strip().split("\n")[-1]
    return found


def paste(step: Step, project: Path) -> None:
    where = step.where
    assert where, step.block
    if where["new"]:
        path = project / where["new"]
        assert not path.exists()
        path.write_text(step.block, "utf-8")
        return
    path = project / (where["end"] or where["file"])
    text = path.read_text("utf-8")
    if where["end"]:
        path.write_text(text + step.block, "utf-8")
        return
    lines = text.splitlines(keepends=True)
    [place] = [n for n, line in enumerate(lines) if line.rstrip("\n") == where["line"]]  # there, and only there
    lines[place : place + 1] = [*([lines[place]] if where["how"] == "after" else []), step.block]
    path.write_text("".join(lines), "utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("copy") / "project"
    copy.mkdir()
    for name in ("kiosk", "ui", "resources", "tests", "packaging", "docs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "pictures", "golden"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / ".venv").symlink_to(Path(sys.prefix))
    return copy


def test_the_recipes_are_the_ones_that_are_tried() -> None:
    assert list(recipes()) == RECIPES


def test_every_recipe_pasted_as_it_stands(project: Path) -> None:
    """In this order: the later ones stand on the earlier."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    for title, steps in recipes().items():
        assert any(step.where is None for step in steps), f"{title}: how does one see that it works?"
        for step in steps:
            if step.where:
                paste(step, project)
                continue
            assert step.language == "sh"
            done = subprocess.run(
                ["bash", "-euc", step.block],
                cwd=project,
                env={**environment, "PYTHONPATH": str(project)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{title}: {done.stdout}{done.stderr}"
