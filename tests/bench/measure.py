"""Timing two things in turn, so that a machine whose speed drifts drifts under both."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

import msgspec


class Row(msgspec.Struct):
    """One line of the table. Times in milliseconds. `ratio`: ours to the reference, medians, unless `of` says else."""

    what: str
    n: int
    p50: float
    p95: float
    p99: float
    reference: str
    reference_p50: float | None
    ratio: float | None
    goal: str
    met: bool
    note: str = ""


def percentile(sorted_values: list[float], share: float) -> float:
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def in_turn(
    ours: Callable[[Any], object], reference: Callable[[Any], object] | None, arguments: Iterable[Any]
) -> tuple[list[float], list[float]]:
    """Milliseconds of each call, ours and the reference's, sorted."""
    first: list[float] = []
    second: list[float] = []
    for argument in arguments:
        start = perf_counter()
        ours(argument)
        middle = perf_counter()
        if reference:
            reference(argument)
        end = perf_counter()
        first.append((middle - start) * 1000)
        second.append((end - middle) * 1000)
    return sorted(first), sorted(second) if reference else []


def row(
    what: str,
    times: tuple[list[float], list[float]],
    reference: str,
    goal: str,
    met: Callable[[Row], bool],
    note: str = "",
) -> Row:
    ours, theirs = times
    middle = percentile(theirs, 0.5) if theirs else None
    made = Row(
        what,
        len(ours),
        percentile(ours, 0.5),
        percentile(ours, 0.95),
        percentile(ours, 0.99),
        reference,
        middle,
        percentile(ours, 0.5) / middle if middle else None,
        goal,
        False,
        note,
    )
    made.met = met(made)
    return made


def at_most(ratio: float) -> Callable[[Row], bool]:
    return lambda r: r.ratio is not None and r.ratio <= ratio


def p95_within(milliseconds: float, faster: float = 0) -> Callable[[Row], bool]:
    """p95 within a limit and, where asked, so many times faster than the reference."""
    return lambda r: r.p95 <= milliseconds and (not faster or (r.ratio is not None and 1 / r.ratio >= faster))
