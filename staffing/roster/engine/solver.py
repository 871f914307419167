"""The road from a case to the best roster found: bound first, then people led by its prices.

1. Dual ascent gives a proven bound and a price per slot.
2. Everybody answers those prices while the kink of each slot's price is slowly sharpened: at the prices of
   the bound the crowd meets the need on average, and sharpening makes it meet the need exactly. The best
   roster is loosened and sharpened again.
3. Where shifts of different days keep apart, all days are chosen anew one after the other, then a few at a time
   (`relay`). Elsewhere small groups are taken out and put back, and days chosen again alone.
Work is counted in iterations, so that equal inputs and seed give the equal roster; the clock only stops.
"""

from __future__ import annotations

from collections.abc import Callable

from staffing.roster.case import Case, SolveLimits
from staffing.roster.engine import relay, windows
from staffing.roster.engine.dual import Dual
from staffing.roster.engine.progress import SolveProgress
from staffing.roster.engine.run import Run, Solution
from staffing.roster.engine.strategies.annealing import Annealing
from staffing.roster.engine.strategies.ascent import Ascent
from staffing.roster.engine.strategies.columns import Columns, WindowColumns
from staffing.roster.engine.strategies.first_answers import FirstAnswers
from staffing.roster.engine.strategies.groups import Groups
from staffing.roster.engine.strategies.loose import LooseBound
from staffing.roster.engine.strategies.open_days import OpenDays
from staffing.roster.engine.strategies.patches import Patches
from staffing.roster.engine.strategies.queues import Requeue
from staffing.roster.engine.strategies.roll_forward import RollForward
from staffing.roster.engine.strategies.strategy import Strategy
from staffing.roster.engine.strategies.teams import HoldTeams, MoveTeams
from staffing.roster.engine.strategies.whole_days import WholeDays

AGENT_TURNS = 6_000  # annealing turns times agents and weeks
LEAST_TURNS, MOST_TURNS = 3, 240
FEW_TURNS = 8  # where opening days together soon does better
SHORT_ASCENT = Ascent(chunks=2, share=0.1)  # where totals are counted: pricing is dear there, the master small
LONG_DAYS, MANY_PEOPLE = 84, 60  # with totals, beyond which whole tours are too dear to price
PATCH_SHARE, WARM = 0.5, 0.005  # of the time, before columns are generated, and heat after them
MOST_TOTALS = 6

Road = tuple[Strategy, ...]


def solve_case(
    case: Case,
    limits: SolveLimits,
    progress: Callable[[SolveProgress], None] | None = None,
    hand_over: Callable[[Solution], None] | None = None,
) -> Solution:
    """The best roster found, always complete; `hand_over` hears of rosters on the way."""
    run = Run(case, limits, progress, hand_over)
    _walk(run, (*bound_road(case), *roster_road(case)))
    return run.solution()


def bound_case(case: Case, limits: SolveLimits) -> Dual:
    """The best bound proven within a share of the time, and the slot prices that prove it."""
    run = Run(case, limits)
    _walk(run, bound_road(case))
    return Dual(run.bound, run.worth)


def _walk(run: Run, road: Road) -> None:
    for strategy in road:
        strategy.improve(run)


def bound_road(case: Case) -> Road:
    """A first roster and the bound; where a whole tour is too dear to price, of totals that are priced."""
    if not case.counts_totals:
        return HoldTeams(), FirstAnswers(), Ascent()
    if is_large(case):
        return RollForward(), LooseBound()
    if case.days <= windows.WINDOW_DAYS:
        return FirstAnswers(), SHORT_ASCENT
    return RollForward(), LooseBound(share=0.1)


def roster_road(case: Case) -> Road:
    """From the first roster to the best; with totals the last step goes on until the time is up."""
    if relay.suits(case):
        return MoveTeams(), Annealing(FEW_TURNS), OpenDays()
    if not case.counts_totals:
        turns = AGENT_TURNS // (case.days // 7 * len(case.agent_class))
        annealing = Annealing(min(max(LEAST_TURNS, turns), MOST_TURNS))
        return MoveTeams(), annealing, Groups(), Requeue(), MoveTeams(1.0), WholeDays()
    columns = Columns() if case.days <= windows.WINDOW_DAYS else WindowColumns()
    if is_crowded(case):
        return (Patches(),)
    if is_large(case):
        return Patches(PATCH_SHARE), columns, Patches(hot=WARM)
    if case.days <= windows.WINDOW_DAYS:
        return Annealing(LEAST_TURNS), Groups(), columns
    return Annealing(LEAST_TURNS), Groups(), WholeDays(nodes=(1,)), columns, Patches(hot=WARM)


def is_large(case: Case) -> bool:
    """Whether, with totals, tours of the whole horizon or for everybody are too dear to price."""
    return case.days > LONG_DAYS or len(case.agent_class) > MANY_PEOPLE


def is_crowded(case: Case) -> bool:
    """Whether so many totals are held over a long horizon that pricing a tour under all of them takes seconds."""
    return case.days > LONG_DAYS and case.automata.added.shape[2] > MOST_TOTALS
