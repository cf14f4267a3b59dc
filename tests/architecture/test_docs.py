"""The documentation leads somewhere: every link, every file it names, and every heading that the code points to."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


CODE = sorted(path for folder in ("kiosk", "ui", "tests") for path in (ROOT / folder).rglob("*.py"))


def test_what_the_code_points_to_is_there() -> None:
    """A page of the documentation, and a heading on it in quotes."""
    lost = []
    for path in CODE:
        text = " ".join(path.read_text("utf-8").split())
        for page, heading in re.findall(r'(docs/[\w/-]+\.md)(?:, "([^"]+)")?', text):
            target = ROOT / page
            if not target.exists() or (heading and f"# {heading}\n" not in target.read_text("utf-8")):
                lost.append(f"{path.relative_to(ROOT)}: {page} {heading}")
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    """Whole paths only; what a recipe makes is not there yet."""
    text = page.read_text("utf-8")
    made = set(re.findall(r"New file `([^`]+)`", text))
    named = set(re.findall(r"`((?:kiosk|ui|tests|resources|packaging|docs)/[\w/.-]+\.\w+)`", text))
    assert [name for name in sorted(named - made) if not (ROOT / name).exists()] == []
