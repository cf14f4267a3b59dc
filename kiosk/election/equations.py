"""Protocol lines and control equations: reading them and doing the sums."""

from collections.abc import Mapping

import msgspec

from kiosk.election.definition import Equation


class EquationResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Both sides of an equation, so that a reader can see why it holds or fails."""

    id: str
    left: int
    relation: str
    right: int
    holds: bool


def parse(id_: str, text: str) -> Equation:
    """`portable + stationary = valid + invalid` → Equation. ValueError says what is wrong."""
    for sign, relation in (("<=", "<="), ("≤", "<="), ("=", "=")):
        left, found, right = text.partition(sign)
        if found:
            sides = [tuple(term.strip() for term in side.split("+")) for side in (left, right)]
            if any(not term.isidentifier() for side in sides for term in side):
                raise ValueError(text)
            return Equation(id_, sides[0], "=" if relation == "=" else "<=", sides[1])
    raise ValueError(text)


def evaluate(
    equations: tuple[Equation, ...], lines: Mapping[str, int], candidates: int, against_all: int
) -> tuple[EquationResult, ...]:
    """Every equation with both its sides. `lines`: line id → count; `candidates`: sum over all candidates."""
    values = {**lines, "candidates": candidates, "against_all": against_all}

    def result(equation: Equation) -> EquationResult:
        left = sum(values[term] for term in equation.left)
        right = sum(values[term] for term in equation.right)
        holds = left == right if equation.relation == "=" else left <= right
        return EquationResult(id=equation.id, left=left, relation=equation.relation, right=right, holds=holds)

    return tuple(result(e) for e in equations)
