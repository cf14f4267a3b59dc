"""python -m tests.bench [--small] [--record] [--only roll|day|screen|centre]: run every row or those of one part,
print the table, write build/bench.json."""

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

from tests.bench import centre_rows, day_rows, roll_rows, screen_rows
from tests.bench.measure import Row
from tests.stage.world import example_source


def _record(rows: list[Row]) -> None:
    """The table of docs/measurements.md, between its two marks; rows that were not run stay as they are."""
    page = Path("docs/measurements.md")
    head, _, rest = page.read_text("utf-8").partition("<!-- table -->\n")
    _middle, _, tail = rest.partition("<!-- end of table -->")
    before = {line.split("|")[1].strip(): line for line in _middle.splitlines()[2:]}
    for r in rows:
        ours = f"{r.p50:,.3f} | {r.p95:,.3f} | {r.p99:,.3f}"
        times = f"{ours} | {r.reference} | {r.reference_p50 or 0:,.3f} | {r.ratio or 0:.3g} ×"
        before[r.what] = f"| {r.what} | {r.n:,} | {times} | {r.goal} | {'✓' if r.met else '✗'} {r.note} |"
    lines = [
        "| what | n | p50 | p95 | p99 | reference | its p50 | ratio | goal | |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *before.values(),
    ]
    page.write_text(f"{head}<!-- table -->\n" + "\n".join(lines) + f"\n<!-- end of table -->{tail}", "utf-8")


def main() -> int:
    small = "--small" in sys.argv
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    sizes = [2_000, 100_000] if small else [2_000, 100_000, 1_000_000, 4_297_040]
    found: list[Row] = []
    console = Console(width=170)
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        folder = Path(place)
        (folder / "roll").mkdir()
        (folder / "day").mkdir()
        for part in ("screen", "centre"):
            (folder / part).mkdir()
        parts = {
            "start": iter([day_rows.start_row()]) if not only else iter(()),
            "screen": screen_rows.rows(folder / "screen", small),
            "day": day_rows.rows(folder / "day"),
            "roll": roll_rows.rows(folder / "roll", example_source(), sizes),
            "centre": centre_rows.rows(folder / "centre", small),
        }
        for name, part_rows in parts.items():
            if only and name != only:
                continue
            for row in part_rows:
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
