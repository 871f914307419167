"""Days opened together: prices through a shift against every tour, and the bound that ends a road."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from staffing.domain.workforce import Contract, LabourRules, ShiftTemplate
from staffing.roster import SolveLimits
from staffing.roster.case import BLOCKED, Case
from staffing.roster.engine import relay
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.programme import Effort, Programme
from staffing.roster.engine.run import Run
from staffing.roster.engine.search import State
from staffing.roster.engine.solver import bound_case
from staffing.roster.engine.worth import cover_cost
from staffing.roster.inputs.build import build
from tests.roster.sites import DAY, LATE, NIGHT, need, people, site

TUESDAY, WEDNESDAY = 1, 2
LIMITS = SolveLimits(60, 0.0)
EARLY = ShiftTemplate(name="early", length_min=480, first_start="05:00", last_start="05:00")
TWO_LONG_DAYS = Contract(name="free", max_hours=24, max_days=3)  # 3 short shifts, or 2 with one long


def rough(seed: int) -> Run:
    """Three people after one answer each to a random need."""
    table = need(1.0)
    table["agents_scheduled"] = np.resize(np.random.default_rng(seed).integers(0, 4, 24).astype(float), len(table))
    run = Run(
        build(
            site(
                *people(3), shifts=(DAY, LATE), contracts=(TWO_LONG_DAYS,), rules=LabourRules(min_rest_h=11),
                requirements=table,
            )
        ),
        LIMITS,
    )  # fmt: skip
    run.sweep(np.array([2, 1, 0]), run.no_guide, 0.0)
    return run


def started(run: Run, worth: np.ndarray) -> relay.Relay:
    effort = Effort(60, 1000)
    return relay.Relay(run.case, run.state, run.ws, worth, run.rng, lambda: False, lambda: effort)


def gain(case: Case, option: int, worth: np.ndarray) -> float:
    """Worth of a shift with its breaks where they cost least, by trying all places (breaks keep apart here)."""
    options = case.options
    start, template = options.start[option], options.template[option]
    total = worth[start : start + options.length[option]].sum()
    for b in range(options.break_ptr[template], options.break_ptr[template + 1]):
        begun = range(start + options.break_lo[b], start + options.break_hi[b] + 1)
        total -= min(worth[t : t + options.break_len[b]].sum() for t in begun)
    return float(total)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_shift_costs_what_the_cheapest_tour_through_it_costs(seed: int) -> None:
    run = rough(seed)
    case, state = run.case, run.state
    worth = np.random.default_rng(seed).uniform(0, 3, case.cover.need.shape)
    worth = np.minimum(worth, case.cover.short)
    part = relay._part(case, state, [TUESDAY, WEDNESDAY])
    found = started(run, worth)._prices_through(part, TUESDAY, worth)
    choices = [[*range(case.options.day_ptr[day], case.options.day_ptr[day + 1]), -1] for day in (TUESDAY, WEDNESDAY)]
    for i, (at, option) in itertools.product(range(3), enumerate(choices[0])):
        tour, prices = state.tours[i].copy(), [BLOCKED]
        for other in choices[1]:
            tour[TUESDAY], tour[WEDNESDAY] = option, other
            price = tour_price(case, int(state.agent_class[i]), tour)
            prices.append(min(BLOCKED, price - (gain(case, other, worth[0]) if other >= 0 else 0.0)))
        assert found[i, at] == pytest.approx(min(prices))


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_days_opened_together_keep_all_rules_and_stay_above_their_bound(seed: int) -> None:
    run = rough(seed)
    case, state = run.case, run.state
    opened = started(run, bound_case(run.case, LIMITS).worth)
    before, price = state.tours.copy(), run.price
    days = [WEDNESDAY, TUESDAY]
    bound, _ = opened._ascend(relay._part(case, state, days), opened.worth, price)
    assert opened.run(days, 2 * price)
    after = run.price
    assert after >= bound - 1e-6
    others = ~np.isin(np.arange(case.days), days)
    assert (state.tours[:, others] == before[:, others]).all()
    assert (state.price < BLOCKED).all()
    assert after == pytest.approx(counted(case, state))


def counted(case: Case, state: State) -> float:
    """Price of a roster from what its people work, counts and prices taken anew."""
    counts = np.stack([(state.served == q).sum(axis=0) for q in range(len(state.counts))]).astype(np.int32)
    prices = [tour_price(case, int(k), tour) for k, tour in zip(state.agent_class, state.tours, strict=True)]
    return float(cover_cost(case.cover, counts) + sum(prices))


def test_a_road_that_cannot_be_better_ends_before_its_first_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    run = rough(0)
    opened = started(run, bound_case(run.case, LIMITS).worth)
    bound, _ = opened._ascend(relay._part(run.case, run.state, range(7)), opened.worth, run.price)
    monkeypatch.setattr(relay, "choose_at", lambda *_: pytest.fail("a programme was solved"))
    assert not opened.run(range(7), bound - 1.0)


def test_a_search_ends_with_the_best_roster_it_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "IDLE_TURNS", 2)
    run, told = rough(1), []
    worth = bound_case(run.case, LIMITS).worth
    before = run.price
    started(run, worth).search(before, told.append, lambda: False)
    assert told == sorted(told, reverse=True)
    assert run.price == pytest.approx(min([before, *told]))
    assert run.price == pytest.approx(counted(run.case, run.state))


def test_days_that_meet_and_several_queues_are_not_opened() -> None:
    two = pd.concat([need(1.0), need(1.0, queue="mail")], ignore_index=True)
    assert relay.suits(build(site(*people(2), shifts=(DAY,), requirements=need(1.0))))
    assert relay.suits(build(site(*people(2), shifts=(DAY, NIGHT), requirements=need(1.0))))  # from 08:00 to 06:00
    assert not relay.suits(build(site(*people(2), shifts=(EARLY, NIGHT), requirements=need(1.0))))
    assert not relay.suits(build(site(*people(2), shifts=(DAY,), requirements=two)))


def test_a_programme_leaves_out_what_is_too_dear_unless_it_is_known_or_needed() -> None:
    """3x + 5y + z = 5: the linear programme takes x alone; y costs 1.03 beyond it, z 0.67."""

    def solved(near: float, start: dict[int, int], most: float = np.inf) -> list[int]:
        small = Programme()
        columns = [
            small.column(1.0, 5, whole=True),
            small.column(2.7, 5, whole=True),
            small.column(1.0, most, slack=True),
        ]
        small.row(zip(columns, (3.0, 5.0, 1.0), strict=True), 5.0)
        values = small.solve(start, Effort(60, 100, near=near))
        assert values is not None
        return np.rint(values).astype(int).tolist()

    assert solved(np.inf, {}) == [0, 1, 0]
    assert solved(0.8, {}) == [1, 0, 2]
    assert solved(0.8, {1: 1}) == [0, 1, 0]
    assert solved(0.8, {}, most=1.0) == [0, 1, 0]  # without y there is no whole solution
