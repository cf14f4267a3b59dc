"""Control equations are data: read, evaluated, both sides told."""

import pytest

from kiosk.election.definition import Equation
from kiosk.election.equations import EquationResult, evaluate, parse


def test_parse_both_relations() -> None:
    assert parse("a", "x + y = z") == Equation("a", ("x", "y"), "=", ("z",))
    assert parse("b", "x <= y+z") == parse("b", "x ≤ y + z") == Equation("b", ("x",), "<=", ("y", "z"))


@pytest.mark.parametrize("text", ["", "x", "x =", "= y", "x + = y", "x = 1", "x - y = z"])
def test_anything_else_is_no_equation(text: str) -> None:
    with pytest.raises(ValueError, match="^" if not text else "."):
        parse("a", text)


def test_evaluate_tells_both_sides() -> None:
    equations = (parse("a", "x = candidates + against_all"), parse("b", "x <= y"))
    assert evaluate(equations, {"x": 5, "y": 4}, 3, 2) == (
        EquationResult(id="a", left=5, relation="=", right=5, holds=True),
        EquationResult(id="b", left=5, relation="<=", right=4, holds=False),
    )
