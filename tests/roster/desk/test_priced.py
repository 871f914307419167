"""A price on every departure from a roster, against counting the days that differ."""

from __future__ import annotations

import numpy as np

from staffing.roster import SolveLimits, solve
from staffing.roster.desk.priced import classed, with_changes_priced
from staffing.roster.engine.price import tour_price
from staffing.roster.inputs.build import build
from staffing.roster.inputs.load import load_table
from tests.roster.sites import DAY, LATE, need, people, site


def test_a_week_costs_the_price_of_a_change_more_for_each_day_that_differs() -> None:
    inputs = site(*people(6), shifts=(DAY, LATE), requirements=need(dict.fromkeys(range(8, 20), 2.0)))
    case = build(inputs)
    table = solve(inputs, SolveLimits(1.0, 0.0)).table
    state = load_table(inputs, case, table, 1)
    priced = with_changes_priced(case, state.tours, 3.0)
    held = classed(state, priced)
    assert (np.diff(priced.people.group[priced.agent_class[np.argsort(priced.agent_class)]]) >= 0).all()
    for i, k in enumerate(priced.agent_class.tolist()):
        own = tour_price(case, int(case.agent_class[i]), state.tours[i])
        assert tour_price(priced, k, held.tours[i]) == own
        for j in range(len(state.tours)):
            other = tour_price(case, int(case.agent_class[i]), state.tours[j])
            days = int((state.tours[i] != state.tours[j]).sum())
            assert abs(tour_price(priced, k, state.tours[j]) - (other + 3.0 * days)) < 1e-9
