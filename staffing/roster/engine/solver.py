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
from staffing.roster.engine import relay
from staffing.roster.engine.dual import Dual
from staffing.roster.engine.progress import SolveProgress
from staffing.roster.engine.run import Run, Solution
from staffing.roster.engine.strategies.annealing import Annealing
from staffing.roster.engine.strategies.ascent import Ascent
from staffing.roster.engine.strategies.columns import Columns, WindowColumns, window_days
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
SHORT_DAYS, FEW_PEOPLE = 28, 60  # with totals, up to which everybody is asked for whole tours at once
LOOSE_SHARE = 0.03  # of the time, for a bound of priced totals where tours of the whole horizon prove a better one
PATCH_SHARE, WARM = 0.06, 0.005  # of the time, before columns are generated, and heat after them

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
    if is_small(case):
        return FirstAnswers(), SHORT_ASCENT
    return RollForward(), LooseBound(LOOSE_SHARE) if is_whole(case) else LooseBound(0.1)


def roster_road(case: Case) -> Road:
    """From the first roster to the best; with totals the last step goes on until the time is up."""
    if relay.suits(case):
        return MoveTeams(), Annealing(FEW_TURNS), OpenDays()
    if not case.counts_totals:
        turns = AGENT_TURNS // (case.days // 7 * len(case.agent_class))
        annealing = Annealing(min(max(LEAST_TURNS, turns), MOST_TURNS))
        return MoveTeams(), annealing, Groups(), Requeue(), MoveTeams(1.0), WholeDays()
    if is_small(case):
        return Annealing(LEAST_TURNS), Groups(), Columns()
    return Patches(PATCH_SHARE), Columns() if is_whole(case) else WindowColumns(), Patches(hot=WARM)


def is_small(case: Case) -> bool:
    """Whether, with totals, everybody can be asked for whole tours at any prices."""
    return case.days <= SHORT_DAYS and len(case.agent_class) <= FEW_PEOPLE


def is_whole(case: Case) -> bool:
    """Whether, with totals, one programme can hold the tours of the whole horizon."""
    return window_days(case) == case.days
