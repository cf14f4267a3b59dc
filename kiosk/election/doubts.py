"""What the law or a commission may want so and what looks like a slip all the same: said before anybody signs it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from kiosk import toml
from kiosk.election import definition as d
from kiosk.election.equations import evaluate
from kiosk.errors import Problem
from kiosk.text import _

# A day on which everybody makes everything right, to try the equations on.
_GOOD_DAY = {
    "roll": 1000, "given_inside": 400, "given_outside": 30, "cast": 390, "cancelled": 6, "not_returned": 4,
    "portable": 30, "stationary": 390, "valid": 411, "invalid": 9, "remote_given": 17, "remote_sealed": 17,
}  # fmt: skip
_AGAINST_ALL = 11
_SEATS = 3  # the rule of the sexes is written for so many
_NAMED = 5  # of the same kind; the rest is told as a number

Filed = Mapping[int, list[tuple[int, d.Candidate]]]  # district → (line, candidate)


def found(
    definition: d.Definition, files: Mapping[str, bytes], candidates: Filed, officials: tuple[d.Official, ...]
) -> Iterator[Problem]:
    """Every doubt with its file and line. The definition itself is good."""
    if definition.quorum == 1:
        line = toml.line_of(files["election.toml"], "quorum")
        yield Problem("election.toml", line, _("with a quorum of 1, a single member opens the box beside the chair"))
    yield from _equations(definition, files["protocol.toml"])
    yield from _districts(definition, files["districts.csv"])
    yield from _namesakes(candidates)
    yield from _twice(officials)


def _equations(definition: d.Definition, written: bytes) -> Iterator[Problem]:
    name = "protocol.toml"
    if not definition.equations:
        yield Problem(name, 1, _("there is no control equation: no miscount would be noticed"))
    for equation in definition.equations:
        if not {*equation.left, *equation.right} <= {*_GOOD_DAY, "candidates", "against_all"}:
            continue  # of lines of the commission's own
        votes = _GOOD_DAY["valid"] - _AGAINST_ALL
        if not evaluate((equation,), _GOOD_DAY, votes, _AGAINST_ALL)[0].holds:
            what = _("the equation {id} would not hold on a day without any mistake; look at it again", id=equation.id)
            yield Problem(name, toml.line_with(written, f'"{equation.id}"'), what)


def _districts(definition: d.Definition, written: bytes) -> Iterator[Problem]:
    name = "districts.csv"
    served = {station.district for station in definition.stations}
    for district in definition.districts:
        line = toml.line_with(written, f"{district.number},")
        if district.number not in served:
            yield Problem(name, line, _("district {n} has no station of its own", n=district.number))
        if district.seats != _SEATS:
            what = _("district {n} has {seats} seats; the law has three, and at most two of one sex",
                     n=district.number, seats=district.seats)  # fmt: skip
            yield Problem(name, line, what)
        if len(district.standing) < district.seats:
            what = _("district {n} has fewer candidates than seats: a seat will stay vacant", n=district.number)
            yield Problem(name, line, what)


def _namesakes(candidates: Filed) -> Iterator[Problem]:
    for district, rows in candidates.items():
        seen: dict[tuple[str, str], int] = {}
        for line, candidate in rows:
            names = [(one, " ".join(getattr(candidate, one).casefold().split())) for one in ("name_ky", "name_ru")]
            earlier = next((seen[name] for name in names if name in seen), None)
            if earlier is not None:
                what = _("on the ballot of district {n} this name reads like the one of line {line}; add the "
                         "patronymic or the year of birth to both", n=district, line=earlier)  # fmt: skip
                yield Problem("candidates.csv", line, what)
            for name in names:
                seen.setdefault(name, line)


def _twice(officials: tuple[d.Official, ...]) -> Iterator[Problem]:
    """A name at two stations may be two people; nobody can be at both on the day."""
    stations: defaultdict[str, set[int]] = defaultdict(set)
    for official in officials:
        stations[" ".join(official.name_ky.casefold().split())].add(official.station)
    shared = sorted(sorted(places) for places in stations.values() if len(places) > 1)
    for places in shared[:_NAMED]:
        what = _("the same name serves at the stations {stations}; make sure that they are two people",
                 stations=", ".join(map(str, places[:_NAMED])))  # fmt: skip
        yield Problem("officials.csv", 1, what)
    if len(shared) > _NAMED:
        what = _("names that serve at more than one station, besides those: {n}", n=len(shared) - _NAMED)
        yield Problem("officials.csv", 1, what)
