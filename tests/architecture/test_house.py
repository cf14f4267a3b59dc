"""The house rules that no linter knows."""

import ast
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtGui import QFont

from kiosk import messages
from kiosk.day.vocabulary import TABLES
from kiosk.devices.media import TrainingMedia
from kiosk.devices.printer import FolderPrinter
from kiosk.progress import silent
from kiosk.text import use_language
from ui import intents
from ui.behind import terminal
from ui.model.setting import Setting
from ui.views import OfPage, Page, Screen
from ui.window.pages import _SCREENS

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*(ROOT / "kiosk").rglob("*.py"), *(ROOT / "ui").rglob("*.py")])


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_hold_one_idea(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree), "a module says what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 50, node.name


@pytest.mark.filterwarnings("default::UserWarning")
def test_long_files_are_told_of() -> None:
    """No rule: a file of one idea may be long. But whoever makes one longer than this looks at it again."""
    for path in SOURCES:
        if (lines := path.read_text("utf-8").count("\n")) > 300:
            warnings.warn(f"{path.relative_to(ROOT)} has {lines} lines", UserWarning, stacklevel=1)


def test_arguments_go_by_name() -> None:
    """Nobody can read the sixth unnamed argument of a call. Click hands over to its commands by name."""
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call) and len(node.args) > 5:
                found.append(f"{where}: {len(node.args)} unnamed arguments")
            if isinstance(node, ast.FunctionDef) and not any("option" in ast.unparse(d) for d in node.decorator_list):
                unnamed = [a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
                if len(unnamed) > 4:
                    found.append(f"{where}: {node.name} takes {len(unnamed)} arguments without a name")
                if len(unnamed) + len(node.args.kwonlyargs) > 8:
                    found.append(f"{where}: {node.name} has more than eight parameters")
    assert found == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_wide_structs_are_made_by_name(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef):
            fields = [
                x for x in node.body if isinstance(x, ast.AnnAssign) and "ClassVar" not in ast.unparse(x.annotation)
            ]
            words = " ".join(ast.unparse(x) for x in (*node.bases, *node.keywords, *node.decorator_list))
            made_of_fields = "Struct" in words or "Record" in words or "dataclass" in words
            assert not made_of_fields or len(fields) <= 4 or "kw_only=True" in words, node.name


def test_every_code_has_a_message_and_every_message_a_code() -> None:
    raised: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                if node.func.id.endswith(("Refusal", "Error")) and isinstance(first, ast.Constant):
                    raised.add(str(first.value))
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    known = set(messages.codes())
    raised = {code for code in raised if re.fullmatch(r"[a-z]+(_[a-z]+)*", code)}
    assert raised - known == set()
    assert {code for code in known - {"unknown"} if f'"{code}"' not in text} == set()


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_every_message_speaks_every_language(language: str) -> None:
    use_language(language)
    facts = {"phase": "open", "role": "chair", "at": "08:00", "address_ky": "Көчө", "address_ru": "Улица"}
    for code, entry in messages.codes().items():
        said = messages.message(code, facts)
        assert said.sentence and said.next_step
        if language != "en":
            assert said.sentence != entry["says"]
    assert messages.message("no such code", {}).sentence
    wanted = {"ky": "Көчө", "ru": "Улица", "en": "Көчө"}[language]
    assert wanted in messages.message("other_station", {"station": 1, **facts}).sentence
    phase = {"ky": "ачык", "ru": "открыт", "en": "open"}[language]
    assert phase in messages.message("wrong_phase", facts).sentence


def test_every_choice_has_its_words() -> None:
    """A reason, a kind of author, a category, a state: defined once, worded once, in one order."""
    for table, vocabulary in TABLES.items():
        assert tuple(messages.choices(table)) == get_args(vocabulary), table
    tones = {entry.get("tone") for entry in messages.codes().values()}
    assert tones == {None, "warn"}


def test_no_sentence_hides_inside_an_f_string() -> None:
    """The extractor does not see into f-strings: such a sentence would never be translated."""
    found = []
    for path in [*(ROOT / "kiosk").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [n for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
                hidden = [c for c in calls if ast.unparse(c.func) == "_" and isinstance(c.args[0], ast.Constant)]
                found += [f"{path.name}:{node.lineno}" for _c in hidden]
    assert found == []


def test_qt_gives_away_no_none() -> None:
    """docs/decisions/0018: such a binding kills the process after some thousand calls."""
    font = QFont("Inter")
    before = sys.getrefcount(None)
    for _n in range(200):
        font.setPixelSize(12)
    assert sys.getrefcount(None) - before > -100


def test_every_intent_is_handled_and_every_page_has_its_screen() -> None:
    """What a screen may ask, the terminal answers; what the terminal may show, a screen can."""
    nowhere = Path("/nowhere")
    setting = Setting(
        folder=nowhere, purpose="test", printer=FolderPrinter(nowhere, "test"), media=TrainingMedia(nowhere, "test")
    )
    built = terminal(setting, silent)
    handled = set(built._handlers)
    asked = {c for c in vars(intents).values() if isinstance(c, type) and issubclass(c, intents.Intent)}
    assert asked - handled == {intents.Intent, *intents.OF_WINDOW}
    shown: set[type[OfPage]] = set(get_args(Screen))
    assert set(_SCREENS) == shown
    assert {kind.page for kind in shown} == set(get_args(Page)) and len(shown) == len(get_args(Page))
    assert set(built._screens) == set(get_args(Page)) - {"starting"}  # that is the window's own


def test_colours_stand_in_one_room() -> None:
    """Nothing but ui/look says how anything is coloured."""
    found = [
        f"{path.relative_to(ROOT)}: {colour}"
        for path in SOURCES
        if path.is_relative_to(ROOT / "ui") and not path.is_relative_to(ROOT / "ui" / "look")
        for colour in re.findall(r'"#[0-9A-Fa-f]{3,8}"|QColor\(\d[^)]*\)', path.read_text("utf-8"))
    ]
    assert found == []


def test_kiosk_names_nothing_of_the_face() -> None:
    """Not even in a string: what stands above joins by entry point."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        if path.is_relative_to(ROOT / "kiosk")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.match(r"ui(\.\w+)+$", node.value)
    ]
    assert found == []


@pytest.mark.parametrize("script", ["strings.py", "journal_events.py"])
def test_generated_files_are_up_to_date(script: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_promises_name_tests_that_exist() -> None:
    """docs/threat-model.md says where each promise is tried; the names must lead somewhere."""
    page = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) >= 10
    for path, test in named:
        text = (ROOT / path).read_text("utf-8")
        assert not test or re.search(rf"(def|class) {test}\b|^{test} =", text, re.MULTILINE), f"{path}::{test}"
    for promise in (f"P{i}" for i in range(1, 11)):
        assert f"| {promise} " in page


def test_nothing_names_a_host_of_a_registry() -> None:
    """Packages are found by the ordinary clients as each machine sets them up."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > 100
