"""python -m tests.bench [--small] [--record]: run every row, print the table, write build/bench.json."""

import json
import os
import platform
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything brings Qt in

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from tests.bench import day_rows, roll_rows, screen_rows
from tests.bench.measure import Row
from tests.world import example_source


def _record(rows: list[Row]) -> None:
    """The table of docs/measurements.md, between its two marks."""
    page = Path("docs/measurements.md")
    head, _, rest = page.read_text("utf-8").partition("<!-- table -->\n")
    _, _, tail = rest.partition("<!-- end of table -->")
    lines = [
        "| what | n | p50 | p95 | p99 | reference | its p50 | ratio | goal | |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        ours = f"{r.p50:,.3f} | {r.p95:,.3f} | {r.p99:,.3f}"
        times = f"{ours} | {r.reference} | {r.reference_p50 or 0:,.3f} | {r.ratio or 0:.3g} ×"
        lines.append(f"| {r.what} | {r.n:,} | {times} | {r.goal} | {'✓' if r.met else '✗'} {r.note} |")
    page.write_text(f"{head}<!-- table -->\n" + "\n".join(lines) + f"\n<!-- end of table -->{tail}", "utf-8")


def main() -> int:
    small = "--small" in sys.argv
    sizes = [2_000, 100_000] if small else [2_000, 100_000, 1_000_000, 4_297_040]
    found: list[Row] = []
    console = Console(width=170)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "roll").mkdir()
        (folder / "day").mkdir()
        found.append(day_rows.start_row())
        (folder / "screen").mkdir()
        for part in (
            screen_rows.rows(folder / "screen", small),
            day_rows.rows(folder / "day"),
            roll_rows.rows(folder / "roll", example_source(), sizes),
        ):
            for row in part:
                console.print(f"{'✓' if row.met else '✗'} {row.what}", highlight=False)
                found.append(row)
    table = Table(
        "what", "n", "p50", "p95", "p99", "reference", "its p50", "ratio", "goal", "", "", box=box.SIMPLE_HEAD
    )
    for r in found:
        table.add_row(
            r.what, f"{r.n:,}", f"{r.p50:,.3f}", f"{r.p95:,.3f}", f"{r.p99:,.3f}", r.reference,
            f"{r.reference_p50:,.3f}" if r.reference_p50 else "–", f"{r.ratio:.3g} ×" if r.ratio else "–",
            r.goal, "✓" if r.met else "✗", r.note,
        )  # fmt: skip
    console.print("Times in milliseconds.", table)
    report = {
        "machine": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "rows": [msgspec.to_builtins(r) for r in found],
    }
    target = Path("build/bench.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if "--record" in sys.argv:
        _record(found)
    console.print(f"written to {target}; {sum(r.met for r in found)} of {len(found)} goals met")
    return 0


if __name__ == "__main__":
    sys.exit(main())
