"""Three seats, at most two of one sex: the cases of the law, and properties over all of them."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.election.seats import Outcome, Votes, allot, fill_vacancy


def rows(text: str) -> list[Votes]:
    """`A m 100 1; B f 90 2`: candidate, sex, votes, order of filing."""
    found = []
    for part in text.split(";"):
        name, sex, votes, filed = part.split()
        found.append(Votes(name, "m" if sex == "m" else "f", int(votes), int(filed)))
    return found


def winners(outcome: Outcome) -> str:
    return " ".join(f"{s.candidate}{'*' if s.reason == 'sex_rule' else ''}" for s in outcome.seats)


def test_two_sexes_in_front_and_the_third_is_simply_next() -> None:
    outcome = allot(rows("A m 9 1; B f 8 2; C m 7 3; D f 6 4"))
    assert (winners(outcome), outcome.flags) == ("A B C", ())


def test_two_of_one_sex_in_front_and_the_third_is_of_the_other() -> None:
    outcome = allot(rows("A m 9 1; B m 8 2; C m 7 3; D f 1 4"))
    assert (winners(outcome), outcome.flags) == ("A B D*", ())
    assert winners(allot(rows("A f 9 1; B f 8 2; D m 1 4; C f 7 3"))) == "A B D*"


def test_no_rule_was_needed_if_the_next_is_of_the_other_sex_anyway() -> None:
    assert winners(allot(rows("A m 9 1; B m 8 2; C f 7 3"))) == "A B C"


def test_equal_votes_go_to_the_earlier_filing() -> None:
    outcome = allot(rows("A m 9 1; B f 8 2; C m 7 4; D m 7 3"))
    assert (winners(outcome), outcome.flags) == ("A B D", ("tie_by_filing_order",))


def test_equal_votes_among_winners_or_among_losers_are_no_matter() -> None:
    assert allot(rows("A m 9 1; B f 9 2; C m 7 4; D m 1 3; E f 1 5")).flags == ()


def test_a_tie_that_the_sex_rule_decides_is_no_tie() -> None:
    outcome = allot(rows("A f 9 1; B f 8 2; C f 7 3; D m 7 4"))
    assert (winners(outcome), outcome.flags) == ("A B D*", ())


def test_equal_filing_too_leaves_the_seat_to_the_commission() -> None:
    outcome = allot(rows("A m 9 1; B f 8 2; C m 7 3; D m 7 3"))
    assert (winners(outcome), outcome.flags) == ("A B", ("unresolved_tie",))


def test_too_few_of_the_other_sex_leaves_a_seat_vacant() -> None:
    outcome = allot(rows("A m 9 1; B m 8 2; C m 7 3"))
    assert (winners(outcome), outcome.flags) == ("A B", ("vacant_seat",))
    assert allot([]).flags == ("vacant_seat",)


def test_a_seat_without_a_vote_is_flagged() -> None:
    """The law may want it so; the commission must see it."""
    outcome = allot(rows("A m 0 1; B f 0 2; C m 0 3; D f 0 4"))
    assert winners(outcome) == "A B C" and "seat_without_votes" in outcome.flags
    assert "seat_without_votes" in allot(rows("A m 9 1; B f 8 2; C m 0 3")).flags
    assert allot(rows("A m 9 1; B f 8 2; C m 1 3; D f 0 4")).flags == ()


def test_against_all_in_front_is_flagged_and_decides_nothing() -> None:
    outcome = allot(rows("A m 9 1; B f 8 2; C m 7 3"), against_all=10)
    assert (winners(outcome), outcome.flags) == ("A B C", ("against_all_leads",))
    assert allot(rows("A m 9 1; B f 8 2; C m 7 3"), against_all=9).flags == ()


def test_a_vacancy_goes_to_the_same_sex_then_to_the_other() -> None:
    results = rows("A m 9 1; B f 8 2; C m 7 3; D f 6 4; E m 5 5")
    seated = ["A", "B", "C"]
    assert fill_vacancy(results, seated, results[0]) == results[4]
    assert fill_vacancy(results, seated, results[1]) == results[3]
    assert fill_vacancy(results, [*seated, "E"], results[0]) == results[3]
    assert fill_vacancy(results, [*seated, "D", "E"], results[0]) is None


CANDIDATES = st.lists(st.tuples(st.sampled_from("mf"), st.integers(0, 6)), max_size=9).map(
    lambda found: [Votes(f"c{i}", "m" if s == "m" else "f", v, i) for i, (s, v) in enumerate(found)]
)


@given(CANDIDATES, st.integers(0, 8))
def test_never_more_than_two_of_one_sex_and_nobody_outranked_but_by_the_rule(found: list[Votes], against: int) -> None:
    outcome = allot(found, against)
    chosen = {s.candidate for s in outcome.seats}
    assert len(chosen) == len(outcome.seats) <= 3
    for sex in "mf":
        assert sum(s.sex == sex for s in outcome.seats) <= 2
    for loser in (r for r in found if r.candidate not in chosen):
        for seat in outcome.seats:
            if loser.votes > seat.votes:
                full = sum(s.sex == loser.sex for s in outcome.seats) == 2
                assert full
                assert seat.reason == "sex_rule"
    if len(outcome.seats) < 3:
        left = {r.sex for r in found if r.candidate not in chosen}
        assert all(sum(s.sex == sex for s in outcome.seats) == 2 for sex in left)
        assert "vacant_seat" in outcome.flags
    assert ("against_all_leads" in outcome.flags) == bool(found and against > max(r.votes for r in found))


@given(
    st.lists(st.tuples(st.sampled_from("mf"), st.integers(0, 2), st.integers(1, 2)), max_size=6).map(
        lambda found: [Votes(f"c{i}", s, v, f) for i, (s, v, f) in enumerate(found)]  # type: ignore[arg-type]
    )
)
def test_where_filing_is_equal_exactly_those_who_win_in_every_order_are_seated(found: list[Votes]) -> None:
    """Against brute force: every order that votes and filing allow."""
    outcomes = []
    for order in permutations(found):
        keys = [(-r.votes, r.filed) for r in order]
        if keys == sorted(keys):
            renamed = [Votes(r.candidate, r.sex, r.votes, i) for i, r in enumerate(order, 1)]
            outcomes.append({s.candidate for s in allot(renamed).seats})
    outcome = allot(found)
    assert {s.candidate for s in outcome.seats} == set.intersection(*outcomes)
    assert ("unresolved_tie" in outcome.flags) == (len({frozenset(o) for o in outcomes}) > 1)


@given(CANDIDATES, st.randoms())
def test_the_order_of_the_rows_does_not_matter(found: list[Votes], dice) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(found)
    dice.shuffle(shuffled)
    assert allot(shuffled) == allot(found)


def test_where_nobody_voted_at_all_against_all_does_not_lead() -> None:
    outcome = allot([Votes("A", "m", 0, 1), Votes("B", "f", 0, 2)], seats=2)
    assert "against_all_leads" not in outcome.flags
