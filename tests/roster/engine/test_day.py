"""Choosing a day again against trying every choice of shifts and breaks of everybody."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from staffing.roster import SolveLimits
from staffing.roster.case import BLOCKED, Case
from staffing.roster.engine import programme
from staffing.roster.engine.day import choose_day
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.programme import Effort, Programme
from staffing.roster.engine.run import Run
from staffing.roster.engine.search import State
from staffing.roster.engine.worth import cover_cost
from staffing.roster.inputs.build import build
from tests.roster.sites import DAY, LATE, need, people, site

WEDNESDAY = 2


def rough(wanted: np.ndarray) -> Run:
    """Three people after one answer each, before anything is polished."""
    table = need(1.0)
    table["agents_scheduled"] = np.resize(wanted, len(table))
    run = Run(build(site(*people(3), shifts=(DAY, LATE), requirements=table)), SolveLimits(60, 0.0))
    run.sweep(np.array([2, 1, 0]), run.no_guide, 0.0)
    return run


def presences(case: Case, i: int, state: State) -> list[tuple[float, np.ndarray]]:
    """Price and presence of everything an agent could do that Wednesday."""
    options, found = case.options, []
    for option in (-1, *range(options.day_ptr[WEDNESDAY], options.day_ptr[WEDNESDAY + 1])):
        tour = state.tours[i].copy()
        tour[WEDNESDAY] = option
        price = tour_price(case, int(state.agent_class[i]), tour)
        if price >= BLOCKED:
            continue
        here = np.zeros(case.grid.slots, int)
        if option < 0:
            found.append((price, here))
            continue
        start, template = options.start[option], options.template[option]
        here[start : start + options.length[option]] = 1
        breaks = range(options.break_ptr[template], options.break_ptr[template + 1])
        places = [range(options.break_lo[b], options.break_hi[b] + 1) for b in breaks]
        for offsets in itertools.product(*places):
            away = here.copy()
            for b, offset in zip(breaks, offsets, strict=True):
                away[start + offset : start + offset + options.break_len[b]] = 0
            found.append((price, away))
    return found


def best_by_trial(case: Case, state: State) -> float:
    others = state.counts[0].astype(int)
    for i, option in enumerate(state.tours[:, WEDNESDAY]):
        if option >= 0:
            span = slice(case.options.start[option], case.options.start[option] + case.options.length[option])
            others[span] -= state.served[i, span] >= 0
    cover = case.cover
    best = np.inf
    for choice in itertools.product(*(presences(case, i, state) for i in range(3))):
        missing = cover.need[0] - others - sum(here for _, here in choice)
        price = (cover.short[0] * np.maximum(missing, 0) + cover.excess[0] * np.maximum(-missing, 0)).sum()
        best = min(best, price + sum(one for one, _ in choice))
    return float(best)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_day_chosen_again_is_the_best_of_all(seed: int) -> None:
    run = rough(np.random.default_rng(seed).integers(0, 4, 24).astype(float))
    case, state = run.case, run.state
    best = best_by_trial(case, state)
    before = state.tours.copy()
    choose_day(case, state, WEDNESDAY, 0, Effort(600, 1000))
    assert cover_cost(case.cover, state.counts) + state.price.sum() == pytest.approx(best, rel=programme.GAP)
    others = np.arange(case.days) != WEDNESDAY
    assert (state.tours[:, others] == before[:, others]).all()
    counts = np.stack([(state.served == q).sum(axis=0) for q in range(len(state.counts))])
    assert (counts[0] == state.counts[0]).all()


def test_a_programme_is_solved_whole_and_keeps_its_start_when_nothing_is_better() -> None:
    small = Programme()
    x, y = (small.column(cost, 5, whole=True) for cost in (1.0, 1.1))
    rest = small.column(10.0)
    small.row([(x, 2.0), (y, 3.0), (rest, 1.0)], 7.0)
    values = small.solve({x: 2, y: 1}, Effort(60, 100))
    assert values is not None
    assert np.rint(values).tolist() == [2, 1, 0]


@pytest.mark.parametrize("moving", [0.5, 3.0, 50.0])
def test_breaks_move_where_that_saves_more_than_a_move_costs(moving: float) -> None:
    run = rough(np.random.default_rng(3).integers(0, 4, 24).astype(float))
    case, state = run.case, run.state
    options, held = case.options, state.offsets[:, WEDNESDAY].copy()
    shifts = state.tours[:, WEDNESDAY].copy()
    worth = {}
    places = [_places(case, int(option)) for option in shifts]
    for offsets in itertools.product(*places):
        moved = sum(x != int(h) for own, was in zip(offsets, held, strict=True) for x, h in zip(own, was, strict=False))
        counts = state.counts[0].copy()
        for i, (option, own) in enumerate(zip(shifts.tolist(), offsets, strict=True)):
            for sign, taken in ((1, held[i].tolist()), (-1, own)):
                first = options.break_ptr[options.template[option]] if option >= 0 else 0
                for b, offset in enumerate(taken[: len(own)]):
                    begin = options.start[option] + offset
                    counts[begin : begin + options.break_len[first + b]] += sign
        missing = case.cover.need[0] - counts
        cost = float(
            (case.cover.short[0] * np.maximum(missing, 0) + case.cover.excess[0] * np.maximum(-missing, 0)).sum()
        )
        worth[offsets] = cost + moving * moved
    choose_day(case, state, WEDNESDAY, 0, Effort(600, 1000), keep_shifts=True, moving=moving)
    assert (state.tours[:, WEDNESDAY] == shifts).all()
    now = tuple(tuple(state.offsets[i, WEDNESDAY].tolist()[: len(own[0])]) for i, own in enumerate(places))
    assert worth[now] == pytest.approx(min(worth.values()), rel=programme.GAP)


def _places(case: Case, option: int) -> list[tuple[int, ...]]:
    """Everywhere that the breaks of a shift may lie."""
    if option < 0:
        return [()]
    options, template = case.options, case.options.template[option]
    breaks = range(options.break_ptr[template], options.break_ptr[template + 1])
    return list(itertools.product(*(range(options.break_lo[b], options.break_hi[b] + 1) for b in breaks)))
