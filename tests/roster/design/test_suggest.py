"""Kinds of shifts for a site: covers worked out by hand, sets against trying all of them."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.workforce import Agent, BreakRule, Contract, ShiftTemplate
from staffing.errors import InputError, PlanError
from staffing.roster.design.choose import Chooser
from staffing.roster.design.cover import Group, ShiftOptions, cover, whole_cover
from staffing.roster.design.kinds import Reach, ShiftStart, fits, library_kinds, possible_kinds
from staffing.roster.design.suggest import demand_of, suggest
from staffing.roster.given import Inputs
from staffing.roster.inputs.options import grid_of, open_slots
from tests.roster.sites import DAY, LATE, need, people, site

OPEN = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "08:00-20:00")
HOURS = Reach(start_step_min=60, length_step_min=60)
ANY = Contract(name="free", max_hours=60, max_days=7)


def office(wanted: dict[int, float], count: int = 6, contract: Contract = ANY) -> Inputs:
    """A site open from eight to eight."""
    calendar = SiteCalendar(timezone="UTC", interval_min=60, opening=OPEN)
    return site(*people(count), shifts=(DAY,), contracts=(contract,), requirements=need(wanted), calendar=calendar)


def kind(start: int, hours: int, *breaks: BreakRule) -> ShiftStart:
    return ShiftStart(
        ShiftTemplate(name="new", length_min=60 * hours, first_start=0, last_start=0, breaks=breaks), 60 * start
    )


def choice(inputs: Inputs, *kinds: ShiftStart) -> ShiftOptions:
    grid = grid_of(inputs)
    on = np.array([fits(one, inputs, grid, open_slots(inputs, grid)) for one in kinds])
    return ShiftOptions(kinds, on, np.ones((len(demand_of(inputs).groups), len(kinds)), bool))


def test_a_break_takes_its_share_of_every_slot_in_its_window() -> None:
    lunch = BreakRule(name="lunch", minutes=60, paid=False, earliest_min=120, latest_min=180)
    assert kind(8, 6, lunch).presence(60).tolist() == [1.0, 1.0, 0.5, 0.5, 1.0, 1.0]
    assert kind(8, 6, lunch).paid_hours == 5


def test_a_cover_is_priced_by_hand() -> None:
    inputs = office({8: 2.0, 9: 2.0, 10: 1.0, 11: 1.0, 12: 1.0})
    made = whole_cover(choice(inputs, kind(8, 4), kind(8, 2)), demand_of(inputs), 10)
    assert made.count.tolist() == [[1.0] * 7, [1.0] * 7]
    assert (made.paid_hours, made.short_hours, made.excess_hours) == (42.0, 7.0, 0.0)
    assert made.price == pytest.approx(42 * 1.0 + 7 * 4.0)
    parts, worth = cover(choice(inputs, kind(8, 4), kind(8, 2)), demand_of(inputs))
    assert parts.price <= made.price + 1e-6
    assert worth[12] == pytest.approx(4.0)  # the hour that stays short


def test_weeks_are_mixes_that_a_contract_allows_and_who_has_none_is_idle() -> None:
    contract = Contract(name="free", min_hours=20, max_hours=20, min_days=3, max_days=4)
    group = Group(contract, 0, 1440, 2, (2,) * 7, 1.0)
    found = {tuple(mix) for mix in group.mixes([4.0, 6.0, 8.0])}
    tried = itertools.product(range(5), repeat=3)
    assert found == {mix for mix in tried if 3 <= sum(mix) <= 4 and np.dot(mix, (4, 6, 8)) == 20}
    inputs = office({9: 2.0}, count=2, contract=contract)
    made = whole_cover(choice(inputs, kind(8, 7)), demand_of(inputs), 10)  # three sevens are too much
    assert made.idle_hours == 40.0
    assert made.count.sum() == 0


def test_people_who_begin_late_get_no_early_shift() -> None:
    inputs = office({9: 1.0})
    agents = tuple(Agent(name=f"p{i}", contract="free", earliest="12:00") for i in range(2))
    late = demand_of(replace(inputs, agents=agents)).groups
    assert [group.has_room(kind(9, 4)) for group in late] == [False]
    assert [group.has_room(kind(12, 4)) for group in late] == [True]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_kinds_are_as_good_as_the_best_of_all_pairs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs = office({hour: float(rng.integers(0, 4)) for hour in range(8, 20)})
    reach = Reach(start_step_min=120, shortest_min=240, longest_min=480, length_step_min=120)
    grid, demand = grid_of(inputs), demand_of(inputs)
    every = [one for one in possible_kinds(inputs, reach) if fits(one, inputs, grid, open_slots(inputs, grid)).any()]
    on = np.array([fits(one, inputs, grid, open_slots(inputs, grid)) for one in every])
    chooser = Chooser(every, on, demand, time.monotonic() + 60, 5)
    least = min(chooser.price(frozenset(pair)) for pair in itertools.combinations(range(len(every)), 2))
    fresh = Chooser(every, on, demand, time.monotonic() + 60, 5)
    assert fresh.price(fresh.chosen(frozenset(), 2)) == pytest.approx(least, rel=0.01)


def test_one_more_costs_less_and_the_shifts_begin_where_the_kinds_do() -> None:
    inputs = office({hour: 1.0 + (hour in (10, 11, 15, 16)) for hour in range(8, 20)})
    made = suggest(inputs, 2, Reach(start_step_min=60, length_step_min=60), 6.0, rosters=False)
    assert made.fewer is not None
    prices = [one.covered.price for one in (made.fewer, made.suggested, made.more)]
    assert prices == sorted(prices, reverse=True)
    shifts = made.suggested.templates()
    begun = sorted((start, one.length_min) for one in shifts for start in one.starts_min)
    assert begun == sorted((one.start_min, one.length_min) for one in made.suggested.kinds)
    assert len(library_kinds(inputs)) == len(made.today.kinds) == 3
    assert made.rosters is None


@pytest.mark.parametrize(
    ("count", "reach", "error", "says"),
    [
        (0, HOURS, InputError, "0 kinds"),
        (10_000, HOURS, InputError, "kinds fit into the opening hours"),
        (2, Reach(shortest_min=600, longest_min=300), InputError, "cannot be meant"),
        (2, Reach(start_step_min=7), InputError, "do not lie on the site's grid"),
        (2, replace(HOURS, longest_min=240), PlanError, "fits the contract 'free'"),
    ],
)
def test_what_cannot_be_meant_is_refused(count: int, reach: Reach, error: type[Exception], says: str) -> None:
    inputs = office({9: 1.0}, contract=Contract(name="free", min_hours=40, max_hours=40, min_days=5, max_days=5))
    with pytest.raises(error, match=says):
        suggest(inputs, count, reach, 2.0)


def test_shifts_through_the_night_cover_the_next_morning() -> None:
    inputs = site(*people(3), shifts=(LATE,), requirements=need(dict.fromkeys((22, 23, 0, 1), 1.0)))
    made = whole_cover(choice(inputs, kind(22, 4)), demand_of(inputs), 10)
    assert made.count.tolist() == [[1.0] * 7]
    assert made.short_hours == 0.0
