"""What the trainer is given."""

from typing import Literal

from ui.views.common import Named, Person, Record, Said


class Sample(Record, frozen=True):
    """A training document that can be "scanned" by touching it."""

    key: str
    story: str
    name: str
    number: str


class Scenario(Record, frozen=True):
    key: str
    state: Literal["new", "running", "passed"] = "new"


class Mistake(Record, frozen=True):
    at: str
    said: Said


class TrainerView(Record, frozen=True, kw_only=True):
    badges: tuple[Person, ...] = ()
    samples: tuple[Sample, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    papers: tuple[tuple[Named, int], ...] = ()
    served: int = 0
    paper_out: bool = False
