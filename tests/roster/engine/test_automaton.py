"""The automaton of rules against every tour, each judged by the rules one day after the other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from staffing.roster.case import BLOCKED, DatedShift
from staffing.roster.engine.automaton import RuleAutomaton, TourRule, build_automaton
from staffing.roster.limits.limit import Limit
from staffing.roster.limits.order import StartSpread
from staffing.roster.limits.rests import Rest, WeeklyRest
from staffing.roster.limits.runs import DaysInRow, DaysOffInRow
from staffing.roster.limits.totals import HorizonTotal, SpanTotal

DAYS = 7
SHIFTS = tuple(
    DatedShift(f"s{start}", start, length - 30, night=start > 1200, undesired=False, length_min=length)
    for start, length in ((420, 480), (960, 360), (1320, 480))
)
STARTS = tuple(shift.start_min for shift in SHIFTS)


def paid(shift: DatedShift) -> int:
    return shift.paid_min


RULES: dict[str, list[TourRule]] = {
    "runs": [DaysInRow(Limit.steady(3, DAYS, 2.5), Limit.steady(2, DAYS), False), DaysOffInRow(Limit.steady(2, DAYS))],
    "totals": [
        SpanTotal(paid, (Limit.steady(900, DAYS, 0.5),), (Limit.steady(1500, DAYS),)),
        HorizonTotal(paid, 0, 2000),
    ],
    "starts": [
        StartSpread(Limit.steady(600, DAYS), (420, 1320)),
        DaysInRow(Limit.steady(5, DAYS), Limit.steady(1, DAYS), False),
    ],
    "priced starts": [StartSpread(Limit.steady(500, DAYS, 3.0), (420, 1320))],
    "starts that never lie too far": [StartSpread(Limit.steady(900, DAYS), (420, 1320))],
    "weekly rest": [
        WeeklyRest(Limit.steady(2160, DAYS), 420, STARTS),
        Rest(Limit.steady(660, DAYS, 1.0), Limit.steady(900, DAYS, 1.0)),
    ],
    "long weekly rest": [WeeklyRest(Limit.steady(3600, DAYS, 7.0), 420, STARTS)],
}  # fmt: skip


def walked(automaton: RuleAutomaton, tour: Sequence[int]) -> tuple[float | None, list[int]]:
    """Price of a tour of kinds and what it adds to the totals; None where it is forbidden."""
    if not automaton.feasible:
        return None, []
    node, price, added = 0, 0.0, [0] * len(automaton.totals)
    for day, kind in enumerate(tour):
        if automaton.next_node[day][node, kind] < 0:
            return None, []
        price += float(automaton.price[day][node, kind])
        added = [have + int(more) for have, more in zip(added, automaton.count[day][node, kind], strict=True)]
        node = int(automaton.next_node[day][node, kind])
    last = float(automaton.final[node])
    return (None, []) if last >= BLOCKED else (price + last, added)


def judged(rules: Sequence[TourRule], tour: Sequence[int]) -> float | None:
    """Price of a tour, rule by rule and day by day."""
    total = 0.0
    for rule in rules:
        memory = rule.begin(())
        for day, kind in enumerate(tour):
            stepped = rule.step(memory, day, rule.label(SHIFTS[kind - 1]) if kind else None)
            if stepped is None:
                return None
            memory, price = stepped
            total += price
        end = rule.finish(memory)
        if end is None:
            return None
        total += end
    return total


@pytest.mark.parametrize("name", list(RULES))
def test_every_tour_has_the_price_that_the_rules_say(name: str) -> None:
    rules = RULES[name]
    labels = [[rule.label(shift) for rule in rules] for shift in SHIFTS]
    day_kinds = [frozenset({0, 1, 2, 3} if day != 4 else {0, 2, 3}) for day in range(DAYS)]
    automaton = build_automaton(rules, labels, day_kinds)
    allowed = 0
    for tour in itertools.product(range(4), repeat=DAYS):
        price, added = walked(automaton, tour)
        want = judged(rules, tour) if tour[4] != 1 else None
        assert price == (None if want is None else pytest.approx(want)), tour
        allowed += price is not None
        if price is not None and added:
            assert added == [sum(SHIFTS[kind - 1].paid_min for kind in tour if kind)]
    assert 0 < allowed < 4**DAYS


@pytest.mark.parametrize("kinds", [frozenset[int](), frozenset({1})])
def test_rules_that_leave_no_tour_are_told(kinds: frozenset[int]) -> None:
    rules: list[TourRule] = [DaysInRow(Limit.steady(2, DAYS), Limit.steady(1, DAYS), False)]
    assert not build_automaton(rules, [[True]], [kinds] * DAYS).feasible
