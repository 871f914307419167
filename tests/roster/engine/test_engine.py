"""The engine against enumeration: the pricing finds the best allowed week, the bound lies below the optimum."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from staffing.domain.labour import PRICED
from staffing.domain.workforce import Agent, Contract, LabourRules, RuleChange, ShiftTemplate
from staffing.roster import Roster, SolveLimits, solve
from staffing.roster.case import Case
from staffing.roster.engine.kernels import cheapest_tour, value_options
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.workspace import workspace
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.rules import check, judge
from staffing.roster.rules.people import Worked, people_of
from tests.roster.sites import DAY, NIGHT, START, need, people, shifts_of, site

EARLY = ShiftTemplate(name="early", length_min=480, first_start="06:00", last_start="06:00")
ONE_DAY = DAY.model_copy(update={"last_start": DAY.first_start})
QUICK = SolveLimits(seconds=20, gap=0.005, seed=3)


class Weeks:
    """All weeks of one agent, judged by the checkers alone."""

    def __init__(self, inputs: Inputs, case: Case) -> None:
        self.inputs = inputs
        self.blank = people_of(shifts_of("p0", "Mon 06:00-14:00"), inputs)[0]
        kinds = {(shift.name, shift.length_min): shift for shift in inputs.kinds}
        hours = case.grid.slot_min / 60
        self.worked = []
        for shift, start, length in zip(case.shifts, case.options.start, case.options.length, strict=True):
            begin = pd.Timestamp(START, tz="UTC") + pd.Timedelta(hours=float(start * hours))
            end = begin + pd.Timedelta(hours=float(length * hours))
            self.worked.append(Worked(begin, end, "calls", (), kinds[shift.template, shift.length_min]))

    def allowed(self, tour: Sequence[int]) -> bool:
        """Whether no rule is broken that never may be."""
        return self.price(tour) < math.inf

    def price(self, tour: Sequence[int]) -> float:
        """Price of all broken rules, infinite where one never may be."""
        person = replace(self.blank, shifts=tuple(self.worked[option] for option in tour if option >= 0))
        prices = [price for _, price in judge(person, self.inputs)]
        return sum(math.inf if price is None else price for price in prices)


def all_tours(case: Case) -> list[tuple[int, ...]]:
    ptr = case.options.day_ptr
    return list(itertools.product(*([-1, *range(ptr[d], ptr[d + 1])] for d in range(case.days))))


LABOUR_RULES = {
    "min_rest_h": st.sampled_from([8.0, 11.0, 16.0]),
    "min_rest_after_night_h": st.sampled_from([None, 20.0, 30.0]),
    "weekly_rest_h": st.sampled_from([None, 35.0, 44.0]),
    "max_days_in_row": st.integers(2, 6),
    "min_days_in_row": st.integers(1, 2),
    "max_weekend_days": st.sampled_from([None, 0, 1]),
    "min_days_off_in_row": st.integers(1, 3),
    "max_days_off_in_row": st.sampled_from([None, 2, 4]),
    "max_nights_per_week": st.sampled_from([None, 1, 3]),
    "max_nights_in_row": st.sampled_from([None, 2]),
    "days_off_after_nights": st.integers(0, 2),
    "max_weekends": st.sampled_from([None, 0, 1]),
    "weekend_weeks": st.sampled_from([None, 2]),
    "whole_weekends": st.booleans(),
    "max_start_spread_min": st.sampled_from([None, 120]),
    "max_shifts_of": st.sampled_from([{}, {"early": 2}, {"night": 1, "early": 3}]),
    "forbidden_next": st.sampled_from([(), (("early", "night"),), (("night", "early"),)]),
}
DATES = {
    "contract_changes": st.just(("2026-03-05 less",)),
    "elsewhere": st.sampled_from([("2026-03-03 22:00-02:00",), ("2026-02-28 08:00-16:00", "2026-03-05 05:00-09:00")]),
    "employed_from": st.just("2026-03-04"),
}
LESS = Contract(name="less", min_hours=8, max_hours=16, max_days=3, shifts=("early",))
NIGHT_HOURS = {"night_from": "23:00", "night_to": "05:00"}
PRICES_OF_RULES = st.dictionaries(st.sampled_from(sorted(PRICED)), st.sampled_from([0.5, 3.0]), max_size=6)
PAST = pd.concat(
    [shifts_of("p0", "Sat-2 06:00-14:00", "Wed-1 06:00-14:00", "Sat-1 22:00-06:00", "Sun-1 22:00-06:00"),
     shifts_of("p1", "Mon-1 06:00-14:00")]
)  # fmt: skip


@settings(max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(
    rules=st.fixed_dictionaries(LABOUR_RULES), prices=PRICES_OF_RULES, low=st.sampled_from([0, 16, 24]),
    changed=st.fixed_dictionaries({}, optional=LABOUR_RULES), from_day=st.integers(1, 6),
    past=st.booleans(), away=st.sampled_from([(), ("2026-02-26..2026-03-01", "2026-03-05")]), seed=st.integers(0, 99),
    dates=st.fixed_dictionaries({}, optional=DATES),
)  # fmt: skip
def test_pricing_finds_the_best_week_that_the_checkers_allow(rules: dict[str, object], prices: dict[str, float],
                                                             low: int, changed: dict[str, object], from_day: int,
                                                             past: bool, away: tuple[str, ...], seed: int,
                                                             dates: dict[str, object]) -> None:  # fmt: skip
    contract = Contract(name="free", min_hours=low, max_hours=40, max_days=5)
    book = LabourRules.model_validate({**rules, **NIGHT_HOURS, "prices": prices})
    somebody = Agent.parse({"name": "p0", "contract": "free", "time_off": away, **dates})
    change = RuleChange(name="later", start=START + dt.timedelta(days=from_day), rules=changed)
    inputs = replace(
        site(somebody, rules=book, contracts=(contract, LESS), shifts=(EARLY, NIGHT), past=PAST if past else None),
        rule_changes=(change,),
    )
    case = build(inputs)
    weeks = Weeks(inputs, case)
    worth = np.random.default_rng(seed).normal(1.0, 1.0, case.grid.slots)
    ws = workspace(case.options, case.automata, case.grid.slots)
    value_options(worth, case.options, ws)
    tour = np.full(case.days, -1, np.int32)
    found = cheapest_tour(0, case.people, case.options, case.automata, ws, tour)
    paid_h = np.array([*case.paid_min, 0]) / 60
    gains = np.array([*(paid_h[:-1] - ws.gain), 0.0])
    best = math.inf
    for one in sorted(all_tours(case), key=lambda one: gains[list(one)].sum()):
        if gains[list(one)].sum() >= best:
            break
        best = min(best, gains[list(one)].sum() + weeks.price(one))
    if case.elastic:
        assert best == math.inf
        return
    assert found == pytest.approx(best)
    assert tour_price(case, 0, tour) == pytest.approx(paid_h[tour].sum() + weeks.price(tour))


def optimum(inputs: Inputs) -> float:
    """Exact optimum by enumerating everybody's allowed weeks and solving the choice with PuLP."""
    import pulp

    case = build(inputs)
    cover = case.cover
    model = pulp.LpProblem("choice", pulp.LpMinimize)
    presence: dict[int, list[pulp.LpAffineExpression]] = {}
    prices = []
    judge = Weeks(inputs, case)
    weeks = [tour for tour in all_tours(case) if judge.allowed(tour)]
    for i in range(len(inputs.agents)):
        chosen = [pulp.LpVariable(f"w{i}_{j}", cat="Binary") for j in range(len(weeks))]
        model += pulp.lpSum(chosen) == 1
        for tour, variable in zip(weeks, chosen, strict=True):
            paid = sum(case.paid_min[option] for option in tour if option >= 0) / 60
            prices.append(paid * inputs.prices.agent_hour * variable)
            for option in tour:
                if option >= 0:
                    start = int(case.options.start[option])
                    for slot in range(start, start + int(case.options.length[option])):
                        presence.setdefault(slot, []).append(1 * variable)
    for slot in np.flatnonzero(cover.short[0]):  # those after the last midnight have a price though they are not wanted
        short, excess = pulp.LpVariable(f"u{slot}", 0), pulp.LpVariable(f"o{slot}", 0)
        model += pulp.lpSum(presence.get(int(slot), [])) + short - excess == float(cover.need[0, slot])
        prices.append(cover.short[0, slot] * short + cover.excess[0, slot] * excess)
    model.setObjective(pulp.lpSum(prices))
    assert model.solve(pulp.HiGHS(msg=False)) == pulp.LpStatusOptimal
    return float(pulp.value(model.objective))


@pytest.mark.parametrize("seed", [1])
def test_bound_optimum_and_roster_stand_in_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = need(1.0)
    table["agents_scheduled"] = rng.uniform(0, 2.2, len(table))
    contract = Contract(name="free", min_hours=16, max_hours=24, max_days=3)
    inputs = site(*people(2), contracts=(contract,), shifts=(EARLY, NIGHT), requirements=table)
    best = optimum(inputs)
    made = solve(inputs, QUICK)
    assert made.bound <= best + 1e-6
    assert made.objective >= best - 1e-6
    assert made.objective == pytest.approx(best, rel=0.01)
    assert made.gap == pytest.approx((made.objective - made.bound) / made.objective)


def net_presence(table: pd.DataFrame, moments: pd.DatetimeIndex) -> np.ndarray:
    """People present at each moment, counted from the published rows alone."""
    signs = {"shift": 1, "work": 0}
    present = np.zeros(len(moments))
    for start, end, activity in zip(table["start"], table["end"], table["activity"], strict=True):
        present += signs.get(activity, -1) * ((moments >= start) & (moments < end))
    return present


def checked(inputs: Inputs, made: Roster) -> None:
    """No rule broken, nobody dropped, hours recounted."""
    assert check(made.table, inputs) == []
    assert list(made.fairness["agent"]) == [agent.name for agent in inputs.agents]
    table = inputs.requirements
    present = net_presence(made.table, pd.DatetimeIndex(table["start"]))
    wanted = table["agents_scheduled"].to_numpy()
    assert made.short_hours == pytest.approx(np.maximum(wanted - present, 0).sum())
    assert made.excess_hours == pytest.approx(np.maximum(present - wanted, 0).sum())
    assert made.uncovered["short_hours"].sum() == pytest.approx(made.short_hours)


def test_round_the_clock_roster_keeps_every_rule_and_counts_its_hours() -> None:
    rules = LabourRules(max_weekend_days=1, max_nights_per_week=3, days_off_after_nights=1, night_to="05:00")
    contract = Contract(name="free", min_hours=32, max_hours=40, max_days=5)
    inputs = site(*people(12), rules=rules, contracts=(contract,), requirements=need(2.0))
    made = solve(inputs, QUICK)
    checked(inputs, made)
    nights = made.table[(made.table["activity"] == "shift") & (made.table["start"].dt.hour == 22)]
    assert len(nights) > 0
    assert (nights["end"].dt.day != nights["start"].dt.day).all()


def test_same_inputs_and_seed_give_the_same_roster() -> None:
    inputs = site(*people(6), requirements=need(dict.fromkeys(range(8, 20), 2.0)))
    limits = SolveLimits(seconds=300, gap=0.0, seed=5)
    one, other = solve(inputs, limits), solve(inputs, limits)
    pd.testing.assert_frame_equal(one.table, other.table)
    assert (one.objective, one.bound) == (other.objective, other.bound)


def test_what_nobody_can_meet_is_a_stated_shortage() -> None:
    made = solve(site(*people(2), requirements=need({3: 50.0, 9: 1.0})), SolveLimits(seconds=10))
    lacking = made.uncovered[made.uncovered["start"].dt.hour == 3]
    assert len(lacking) == 7
    assert (lacking["short_hours"] >= 48).all()
    assert (made.uncovered["queue"] == "calls").all()


def test_a_contract_that_availability_cannot_fill_is_said_and_nobody_is_dropped() -> None:
    full = Contract(name="full", min_hours=40, max_hours=40, min_days=5, max_days=5)
    inputs = site(Agent(name="ann", contract="full", days=("monday", "tuesday")), contracts=(full,))
    made = solve(inputs, SolveLimits(seconds=5))
    assert "ann" in made.notes[0]
    assert made.fairness.set_index("agent").loc["ann", "shifts"] == 2


def test_the_past_binds_the_first_days() -> None:
    past = pd.concat(
        [shifts_of("p0", *(f"{day}-1 08:00-17:00" for day in ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))),
         shifts_of("p1", "Sun-1 22:00-06:00")]
    )  # fmt: skip
    inputs = site(*people(2), past=past, requirements=need(dict.fromkeys(range(8, 17), 2.0)))
    made = solve(inputs, SolveLimits(seconds=5))
    assert check(made.table, inputs) == []
    monday = made.table[made.table["start"].dt.date == START]
    assert "p0" not in set(monday["agent"])
    first = made.table[made.table["agent"] == "p1"]["start"].min()
    assert first >= pd.Timestamp(START, tz="UTC") + pd.Timedelta(hours=17) or first.date() > START


def test_pinned_shifts_stay_and_free_days_stay_free() -> None:
    off = shifts_of("p1", "Tue 00:00-23:00").assign(activity="off")
    pinned = pd.concat([shifts_of("p0", "Wed 14:00-22:00"), off], ignore_index=True)
    inputs = site(*people(2), pinned=pinned, requirements=need(dict.fromkeys(range(8, 17), 2.0)))
    made = solve(inputs, SolveLimits(seconds=5))
    assert check(made.table, inputs) == []
    kept = made.table[(made.table["agent"] == "p0") & (made.table["start"].dt.date == dt.date(2026, 3, 4))]
    assert list(kept["start"].dt.hour) == [14]
    tuesday = made.table[made.table["start"].dt.date == dt.date(2026, 3, 3)]
    assert "p1" not in set(tuesday["agent"])


def test_flexible_people_serve_one_queue_at_a_time() -> None:
    table = pd.concat(
        [need(dict.fromkeys(range(6, 10), 1.0), queue="calls"), need(dict.fromkeys(range(10, 14), 1.0), queue="mail")],
        ignore_index=True,
    )
    both = Agent(name="p0", contract="free")
    only = Agent(name="p1", contract="free", skills=("mail",), days=("monday",))
    inputs = site(both, only, requirements=table, shifts=(EARLY,))
    made = solve(inputs, SolveLimits(seconds=5))
    assert check(made.table, inputs) == []
    one_day = made.table[(made.table["agent"] == "p0") & (made.table["start"].dt.date == dt.date(2026, 3, 3))]
    assert set(one_day["queue"].dropna()) == {"calls", "mail"}
    assert made.short_hours == pytest.approx(4.0)  # six days a week at most, and p1 has only mail on Monday


def test_the_clock_change_keeps_the_wall_clock() -> None:
    from staffing.domain.calendar import SiteCalendar

    inputs = site(
        *people(2), calendar=SiteCalendar(timezone="Europe/Berlin", interval_min=60),
        requirements=need(dict.fromkeys(range(8, 17), 1.0), zone="Europe/Berlin"),
    )  # fmt: skip
    start = dt.date(2026, 3, 23)
    moved = inputs.requirements.assign(
        start=(inputs.requirements["start"].dt.tz_localize(None) + pd.Timedelta(days=21)).dt.tz_localize(
            "Europe/Berlin", nonexistent="shift_forward", ambiguous=True
        )
    ).drop_duplicates(["queue", "start"])
    made = solve(replace(inputs, start=start, requirements=moved), SolveLimits(seconds=5))
    starts = made.table.loc[made.table["activity"] == "shift", "start"]
    assert set(starts.dt.hour) <= {8, 9, 10, 14, 22}
    assert starts.dt.date.max() == dt.date(2026, 3, 29)  # the day of 23 hours is rostered too
