"""Compile the kernels before any clock runs: the first roster on a machine is as good as the next."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

from staffing.domain.calendar import SiteCalendar
from staffing.domain.prices import Prices
from staffing.domain.workforce import Agent, BreakRule, Contract, LabourRules, ShiftTemplate
from staffing.roster.case import SolveLimits
from staffing.roster.given import Inputs

if TYPE_CHECKING:
    from staffing.roster.engine.run import Run


DONE = "rosters-warm"  # a file beside the kernels: all of them are compiled


@cache
def warm_up() -> None:
    """Solve a two-person week once per process; minutes where nothing is compiled yet, else a moment.

    Kernels that only some sites use are compiled once per machine, and loaded by those who use them.
    """
    from staffing.compiled import kernels_folder
    from staffing.roster.engine.run import Run
    from staffing.roster.engine.solver import solve_case
    from staffing.roster.inputs.build import build

    case, limits = build(_toy()), SolveLimits(seconds=600.0, gap=0.0, seed=1, threads=1)
    solve_case(case, limits)
    folder = kernels_folder()
    if folder is None or not (folder / DONE).exists():
        _compile_rarer(Run(case, limits))
        if folder is not None:
            (folder / DONE).touch()


def _compile_rarer(run: Run) -> None:
    """What only sites with shifts through the night, several queues or totals over the horizon use, and who replans."""
    import numpy as np

    from staffing.roster.engine.columns import answer, answers
    from staffing.roster.engine.day import choose_day
    from staffing.roster.engine.listing import tours_within
    from staffing.roster.engine.loose import LooseAscent
    from staffing.roster.engine.patches import patch
    from staffing.roster.engine.programme import Effort
    from staffing.roster.engine.search import improve

    case, seed = run.case, np.ones(1, np.uint64)
    improve(1, 1, run.everyone, seed, *run.args)
    choose_day(case, run.state, 0, 0, Effort(600.0, 1))
    patch(0, 1, 1, 0.0, run.everyone, seed, case.automata.final.copy(), *run.args)
    LooseAscent(case, run.ws).climb(0.0)
    answer(run.everyone[:0], run.worth, answers(case, 1), case.cover, case.people, case.options, case.automata, run.ws)
    tours_within(0.0, 1, 0, case.people.off_price[0], case.options, case.automata, run.ws)


def _toy() -> Inputs:
    import pandas as pd

    site, monday = SiteCalendar(interval_min=60), dt.date(2024, 1, 1)
    needed = pd.DataFrame({"queue": "a", "start": site.grid(monday, 7), "agents": 1, "agents_scheduled": 1.0})
    lunch = BreakRule(name="lunch", minutes=60, paid=False, earliest_min=120, latest_min=240)
    shift = ShiftTemplate(name="day", length_min=480, first_start=480, last_start=540, step_min=60, breaks=(lunch,))
    people = tuple(Agent(name=name, contract="full") for name in ("one", "two"))
    contract = Contract(name="full", max_hours=40)
    return Inputs(
        requirements=needed,
        agents=people,
        contracts=(contract,),
        shifts=(shift,),
        rules=LabourRules(),
        prices=Prices(),
        calendar=site,
        start=monday,
        queues=("a",),
    )
