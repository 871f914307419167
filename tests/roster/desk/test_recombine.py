"""The best mix of weeks seen, against trying every mix."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from staffing.domain.workforce import Contract, DaySpan
from staffing.roster import SolveLimits, solve
from staffing.roster.desk.mend import Aim, Mender
from staffing.roster.desk.recombine import URGENCY, OtherWeek
from staffing.roster.engine.search import copy_state, put_in, take_out
from staffing.roster.engine.worth import cover_cost
from staffing.roster.inputs.build import build
from staffing.roster.inputs.load import load_table
from tests.roster.sites import DAY, LATE, START, need, people, site

CONTRACT = Contract(name="free", min_hours=16, max_hours=32, max_days=4)


@pytest.fixture
def mender() -> Mender:
    """Four people of whom one is away on the first two days, and some weeks that were tried."""
    wanted = need(1.0)
    drawn = np.random.default_rng(1).uniform(0.0, 3.5, len(wanted)).round(1)
    wanted["agents_scheduled"] = np.where(wanted["start"].dt.hour.between(8, 20), drawn, 0.0)
    inputs = site(*people(4), contracts=(CONTRACT,), shifts=(DAY, LATE), requirements=wanted)
    published = solve(inputs, SolveLimits(seconds=3, gap=0.0)).table
    away = inputs.agents[0].model_copy(update={"time_off": (DaySpan(start=START, end=inputs.date(1)),)})
    now = replace(inputs, agents=(away, *inputs.agents[1:]), published=published)
    case = build(now)
    made = Mender(case, load_table(now, case, published, 1), 1.0, 1)
    made.forced_only()
    for weight in (1.0, 2.0, 4.0, 8.0):
        made.mended(weight, Aim(0.0, 21))
    return made


@pytest.mark.parametrize("most", [2, 5, 8])
def test_the_mix_is_the_best_of_all_mixes(mender: Mender, most: int) -> None:
    case, held = mender.case, mender.published
    cover = case.cover._replace(short=case.cover.short * URGENCY)
    weeks: list[list[OtherWeek | None]] = [[None] * (not forced) for forced in mender.forced]
    for week in mender.seen.weeks.values():
        weeks[week.agent].append(week)
    weeks = [some[:8] for some in weeks]
    mender.seen.weeks = {
        key: week for key, week in mender.seen.weeks.items() if any(week is one for one in weeks[key[0]])
    }
    mender._load_published()
    begun, best = copy_state(mender.state), np.inf
    for mix in itertools.product(*weeks):
        if sum(week.changed for week in mix if week) > most:
            continue
        state = copy_state(begun)
        for week in filter(None, mix):
            take_out(week.agent, state)
            state.served[week.agent], state.price[week.agent] = week.served, week.price
            put_in(week.agent, state)
        best = min(best, cover_cost(cover, state.counts) + state.price.sum())
    assert len(mender.seen.weeks) > 6
    assert mender.seen.mix(mender.state, mender.published, most, 10.0)
    assert cover_cost(cover, mender.state.counts) + mender.state.price.sum() == pytest.approx(best, rel=2e-3)
    assert held.served.tolist() != mender.state.served.tolist()
