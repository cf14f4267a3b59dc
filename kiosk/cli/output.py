"""How commands speak: problems and errors on stderr, tables and progress for people, JSON for programs."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kiosk.errors import KioskError, Problem, Refusal
from kiosk.messages import message
from kiosk.progress import Progress
from kiosk.text import _


def explain(what: KioskError | Refusal) -> None:
    """Sentence, next step and code on stderr."""
    said = message(what.code, what.facts)
    click.echo(f"{said.sentence} {said.next_step} [{what.code}]", err=True)


class PlainFile(click.Path):
    """A file to be read: a pipe or a device under its name would be waited for, for ever."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, parameter: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, parameter, ctx)))
        if not path.is_file():
            self.fail(_("{file} is not a file: a pipe or a device is not read", file=path), parameter, ctx)
        return path


def new_file(ctx: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """A click callback for files to be written: an existing one is never replaced, and its folder must take it."""
    if value.exists() or value.is_symlink():
        raise click.BadParameter(_("{file} exists already; choose another name or remove it", file=value))
    if not value.absolute().parent.is_dir():
        raise click.BadParameter(_("there is no folder {folder}; make it first", folder=value.absolute().parent))
    if not os.access(value.absolute().parent, os.W_OK):
        raise click.BadParameter(
            _("nothing may be written in {folder}; choose another", folder=value.absolute().parent)
        )
    return value


def problem(what: Problem) -> None:
    click.echo(str(what), err=True)


def as_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


@contextmanager
def progress(unit: str = "", *counted: str) -> Iterator[Progress]:
    """A bar on stderr with the time left, and of the steps that are `counted` in units the rate."""
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.TextColumn("{task.description:<28}"),
        rich.BarColumn(),
        rich.TaskProgressColumn(),
        rich.TextColumn("{task.fields[rate]}"),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, size: int) -> None:
            if step not in tasks:
                for earlier in tasks.values():
                    bars.update(earlier, completed=bars.tasks[earlier].total)
                tasks[step] = bars.add_task(step, total=max(size, 1), rate="")
            spent = bars.tasks[tasks[step]].elapsed or 0
            told = done and step in counted and spent > 0.2
            rate = _("{rate} {unit}/s", rate=f"{done / spent:,.1f}", unit=unit) if told else ""
            bars.update(tasks[step], completed=done, total=max(size, 1), rate=rate)

        yield show
        for task in tasks.values():
            bars.update(task, completed=bars.tasks[task].total)


def table(rows: Sequence[tuple[str, ...]], header: tuple[str, ...]) -> None:
    """A plain table on stdout, also where there is no terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=box.SIMPLE_HEAD)
    for place, name in enumerate(header):
        widest = max((len(row[0]) for row in rows), default=0) if place == 0 else None  # a PIN stays in one piece
        shown.add_column(name, overflow="fold", min_width=widest)
    for row in rows:
        shown.add_row(*row)
    Console(highlight=False, markup=False).print(shown)
