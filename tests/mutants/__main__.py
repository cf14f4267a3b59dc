"""Tests with teeth: `make mutants` (or `python -m tests.mutants [PART…] [--all] [--seed N]`) bends a rule at one place
after the other and runs the tests that should mind. What survives is printed with its line; then the end is 1.

A sample of each part, or with --all every mutant; in a copy of the tree under build/mutants.
"""

import ast
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TREE = ROOT / "build" / "mutants" / "tree"
SAMPLE = 20
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", "shared")

_DISK = "tests/secrecy/test_disk_order.py::test_no_older_page_of_the_box_is_left"
_FAULTS = ("tests/faults/test_commit.py", "tests/faults/test_mirror.py")

PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "phases": ("kiosk/day/phases.py", ("tests/day/test_phases.py",)),
    "desk": ("kiosk/day/desk.py", ("tests/day/test_desk.py", "tests/day/test_counts.py")),
    "restart": ("kiosk/day/restart.py", ("tests/day", "tests/faults/test_spare.py")),
    "rollback": ("kiosk/day/rollback.py", ("tests/day/test_rollback.py",)),
    "recovery": ("kiosk/day/recovery.py", ("tests/day/test_recovery.py",)),
    "attempts": ("kiosk/trust/attempts.py", ("tests/trust/test_badges.py", "tests/day/test_locked.py")),
    "box": ("kiosk/ballot/box.py", ("tests/ballot", "tests/day/test_booth.py", _DISK)),
    "envelopes": ("kiosk/ballot/envelopes.py", ("tests/ballot", "tests/day/test_booth.py")),
    "commit": ("kiosk/storage/commit.py", ("tests/storage", *_FAULTS)),
    "mirror": ("kiosk/storage/mirror.py", _FAULTS),
    "chain": ("kiosk/journal/chain.py", ("tests/journal", "tests/journeys/test_paper_pins.py")),
    "verify": ("kiosk/packet/verify.py", ("tests/packet/test_verify.py", "tests/packet/test_insiders.py")),
    "seats": ("kiosk/election/seats.py", ("tests/election",)),
    "squash": (
        "kiosk/centre/steps/squash.py",
        ("tests/centre/test_tally.py", "tests/centre/test_decisions.py", "tests/faults/test_spare.py"),
    ),
}  # fmt: skip

_OTHER = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.In: "not in",
    ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip


class Mutant(NamedTuple):
    line: int
    what: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Each with one place bent: a comparison, a connective, a `not`, a number, a truth, a refusal that is not made."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode()))
    raw = source.encode()

    def span(node: ast.AST) -> tuple[int, int]:
        first, last = starts[node.lineno - 1], starts[node.end_lineno - 1]  # type: ignore[attr-defined]
        return first + node.col_offset, last + node.end_col_offset  # type: ignore[attr-defined]

    def bent(node: ast.AST, text: str, what: str) -> Mutant:
        begin, end = span(node)
        return Mutant(node.lineno, what, (raw[:begin] + text.encode() + raw[end:]).decode())  # type: ignore[attr-defined]

    tree = ast.parse(source)
    kept = {id(k.value) for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for k in n.keywords}  # frozen=True
    for node in ast.walk(tree):
        if id(node) in kept:
            continue
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OTHER:
                other = _OTHER[type(op)]
                yield bent(node, f"({ast.unparse(left)} {other} {ast.unparse(right)})", f"{other}")
            case ast.BoolOp(op=op, values=values):
                word = " or " if isinstance(op, ast.And) else " and "
                yield bent(node, "(" + word.join(f"({ast.unparse(v)})" for v in values) + ")", word.strip())
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield bent(node, f"({ast.unparse(operand)})", "no not")
            case ast.Constant(value=bool(value)):
                yield bent(node, str(not value), str(not value))
            case ast.Constant(value=int(value)):
                yield bent(node, str(value + 1), f"{value} + 1")
            case ast.Return(value=ast.Call(func=ast.Name(id="Refusal"))):
                yield bent(node, "return None", "no refusal")
            case ast.Raise(exc=ast.Call(func=ast.Name(id="IntegrityError"))):
                yield bent(node, "pass", "no error")


def survives(path: Path, mutant: Mutant, tests: tuple[str, ...]) -> bool:
    good = path.read_text("utf-8")
    path.write_text(mutant.source, "utf-8")
    try:
        ast.parse(mutant.source)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "--no-header", *tests],
            cwd=TREE, capture_output=True, timeout=300, check=False,
        )  # fmt: skip
    except (SyntaxError, subprocess.TimeoutExpired):
        return False  # a loop without end is noticed too
    finally:
        path.write_text(good, "utf-8")
    return done.returncode == 0


def main() -> int:
    wanted = [name for name in sys.argv[1:] if name in PARTS] or list(PARTS)
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 1
    shutil.rmtree(TREE, ignore_errors=True)
    shutil.copytree(ROOT, TREE, ignore=_LEFT_OUT)
    left = 0
    for name in wanted:
        file, tests = PARTS[name]
        path = TREE / file
        found = [m for m in mutants(path.read_text("utf-8")) if m.source != path.read_text("utf-8")]
        chosen = found if "--all" in sys.argv else random.Random(seed).sample(found, min(SAMPLE, len(found)))
        alive = [m for m in sorted(chosen) if survives(path, m, tests)]
        left += len(alive)
        sys.stdout.write(f"{name}: {len(chosen) - len(alive)} of {len(chosen)} killed ({len(found)} there are)\n")
        for mutant in alive:
            sys.stdout.write(f"  {file}:{mutant.line}: {mutant.what}\n")
        sys.stdout.flush()
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
