"""A service level that a day or week keeps as a whole, instead of a requirement in every interval.

Each slot of such a queue adds to its period's surplus: contacts in time beyond the promised share, a concave
function of the agents present. A period whose surplus is negative pays for every contact that it lacks. With a
price per contact of surplus (a multiplier of at most what a lacking contact costs) the slots fall apart into
convex prices of presence, which bound and search take as they are: for any multiplier the bound holds for the
true price. The multiplier is searched with bounds alone first, then between rosters that keep the promise and
rosters that do not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from staffing.roster.case import Case, SolveLimits
from staffing.roster.engine.dual import cover_curve
from staffing.roster.engine.progress import TIME_LIMIT, SolveProgress, status_of
from staffing.roster.engine.run import Solution
from staffing.roster.engine.search import State
from staffing.roster.engine.solver import bound_case, solve_case
from staffing.roster.engine.worth import cover_cost
from staffing.roster.given import Inputs
from staffing.roster.inputs.past import presence

ROUNDS = 6
STEP = 1.6  # by which a multiplier moves while only one side of it is known
SMALL_STEP = 1.08  # the same, once bounds have told where it should lie
RELAXED_ROUNDS, RELAXED_SHARE = 8, 0.4  # bounds alone before whole rosters, and their share of the time
PRESENT_SHARE = 0.85  # of paid time, for a first guess of what an hour's presence costs
LEAST_GAP = 0.002  # inner solves look no closer than this


@dataclass(frozen=True)
class Promises:
    """Surplus by presence: arrays over (rows, slots, agents + 1), and the periods that add it up."""

    names: tuple[tuple[str, pd.Timestamp], ...]  # queue and first instant of each period
    period: NDArray[np.int64]  # (rows, slots) number of the period, -1 where none counts
    surplus: NDArray[np.float64]  # contacts in time beyond the share
    floor: NDArray[np.float64]  # price of presence below the least that a slot needs by itself, and of idle agents
    lacking: NDArray[np.float64]  # (periods,) price of a contact lacking

    def kept(self, counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Surplus of every period at this presence."""
        rows, slots = np.nonzero(self.period >= 0)
        present = np.minimum(counts[rows, slots], self.surplus.shape[2] - 1)
        whole = present.astype(int)
        more = self.surplus[rows, slots, np.minimum(whole + 1, self.surplus.shape[2] - 1)]
        surplus = self.surplus[rows, slots, whole]
        surplus = surplus + (present - whole) * (more - surplus)
        return np.asarray(np.bincount(self.period[rows, slots], surplus, len(self.names)), float)

    def cost(self, case: Case, counts: NDArray[np.float64]) -> float:
        """True price of cover: of promised queues the contacts lacking and idle agents, of others as ever."""
        plain = self.priced(case, np.zeros(len(self.names)))
        return float(cover_cost(plain.cover, counts) + self.lacking @ np.maximum(-self.kept(counts), 0))

    def priced(self, case: Case, multiplier: NDArray[np.float64]) -> Case:
        """The case with a price for each contact of surplus."""
        by_slot = np.where(self.period >= 0, multiplier[self.period], 0.0)
        table = self.floor - by_slot[..., None] * self.surplus
        tabled = np.asarray((self.period >= 0).any(axis=1))
        steepest = -np.diff(table, axis=2).min(axis=2)
        short = np.where(tabled[:, None], np.maximum(steepest, 0.0), case.cover.short)
        return replace(case, cover=case.cover._replace(table=table, tabled=tabled, short=short))


def promises_of(inputs: Inputs, case: Case) -> Promises | None:
    """The promises of `inputs.pieces` (table SERVICE_PIECES) within the horizon; None when there are none."""
    if inputs.pieces is None:
        return None
    grid, names = case.grid, case.queue_names
    pieces = inputs.pieces.assign(slot=grid.slot(pd.DatetimeIndex(inputs.pieces["start"])))
    end = grid.slot(pd.DatetimeIndex([inputs.calendar.midnight(inputs.date(inputs.days))]))[0]
    pieces = pieces[(pieces["slot"] >= 0) & (pieces["slot"] < end) & pieces["queue"].isin(names)]
    if pieces.empty:
        return None
    there, hours = presence(inputs, grid, names), grid.slot_min / 60  # those still there from the last night
    periods = list(dict.fromkeys(zip(pieces["queue"], pieces["period"], strict=True)))
    width = inputs.calendar.interval_min // grid.slot_min
    whole = np.arange(int(np.ceil(pieces["agents_scheduled"].max())) + 2)
    rows, slots = case.cover.need.shape
    found = Promises(
        tuple(periods), np.full((rows, slots), -1), np.zeros((rows, slots, len(whole))),
        np.zeros((rows, slots, len(whole))), _prices_of_lacking(pieces, periods, inputs),
    )  # fmt: skip
    for (queue, slot), knots in pieces.groupby(["queue", "slot"]):
        row, agents = names.index(queue), knots["agents_scheduled"].to_numpy()
        found.period[row, slot : slot + width] = periods.index((queue, knots["period"].iloc[0]))
        for at in range(slot, slot + width):
            present = whole + there[row, at]
            found.surplus[row, at] = _extended(present, agents, knots["surplus"].to_numpy()) / width
            short, idle = np.maximum(agents[0] - present, 0), np.maximum(present - agents[-1], 0)
            found.floor[row, at] = hours * (inputs.prices.shortage_hour * short + inputs.prices.excess_hour * idle)
    return found


def _extended(present: np.ndarray, agents: np.ndarray, surplus: np.ndarray) -> np.ndarray:
    """Surplus at numbers of agents present; below the first knot it falls as steeply as above it."""
    inside = np.interp(present, agents, surplus)
    if len(agents) < 2:
        return inside
    steep = (surplus[1] - surplus[0]) / (agents[1] - agents[0])
    return np.asarray(inside - steep * np.maximum(agents[0] - present, 0))


def _prices_of_lacking(pieces: pd.DataFrame, periods: list[tuple[str, pd.Timestamp]], inputs: Inputs) -> np.ndarray:
    """Price of a contact lacking: an agent short where the least staff would stop costs `shortage_hour` an hour."""
    hours = inputs.calendar.interval_min / 60
    prices = []
    for queue, period in periods:
        own = pieces[(pieces["queue"] == queue) & (pieces["period"] == period)]
        by_slot = own.groupby("slot")
        steps = pd.DataFrame({"agents": by_slot["agents_scheduled"].diff(), "gain": by_slot["surplus"].diff()}).dropna()
        steps = steps.assign(slope=steps["gain"] / steps["agents"]).sort_values("slope", ascending=False)
        reached = by_slot["surplus"].first().sum() + steps["gain"].cumsum()
        enough = steps["slope"][reached.to_numpy() >= 0]
        slope = enough.iloc[0] if len(enough) else steps["slope"].min() if len(steps) else 1.0
        prices.append(inputs.prices.shortage_hour * hours / max(float(slope), 1e-9))
    return np.array(prices)


@dataclass
class Haggle:
    """Multipliers between those known to be too low and too high."""

    most: NDArray[np.float64]
    now: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    step: float = STEP
    rounds: int = 0

    def reopen(self) -> None:
        """Begin again from where it stands, with small steps."""
        self.low, self.high = np.zeros(len(self.now)), np.full(len(self.now), np.inf)
        self.step = SMALL_STEP

    def learn(self, kept: NDArray[np.float64]) -> None:
        """Move each multiplier away from the side on which its period came out."""
        self.rounds += 1
        short = kept < 0
        self.low, self.high = np.where(short, self.now, self.low), np.where(short, self.high, self.now)
        between = np.sqrt(self.low * self.high)
        known = (self.low > 0) & np.isfinite(self.high)
        self.now = np.minimum(
            np.where(known, between, np.where(short, self.now * self.step, self.now / self.step)), self.most
        )


def solve_promised(
    inputs: Inputs, case: Case, promises: Promises, limits: SolveLimits,
    progress: Callable[[SolveProgress], None] | None = None, hand_over: Callable[[Solution], None] | None = None,
) -> Solution:  # fmt: skip
    """The best roster found for the true price, and the best bound of all multipliers tried."""
    begun, best, bound = time.monotonic(), None, -np.inf
    first = promises.lacking * inputs.prices.agent_hour / PRESENT_SHARE / max(inputs.prices.shortage_hour, 1e-9)
    start = np.minimum(first, promises.lacking)
    haggle = Haggle(promises.lacking, start, np.zeros(len(first)), np.full(len(first), np.inf))
    while time.monotonic() - begun < RELAXED_SHARE * limits.seconds and haggle.rounds < RELAXED_ROUNDS:
        relaxed = promises.priced(case, haggle.now)
        proven = bound_case(relaxed, replace(limits, seconds=limits.seconds * RELAXED_SHARE / 4))
        bound = max(bound, proven.bound)
        haggle.learn(promises.kept(_cheapest_presence(relaxed, proven.worth)))
    haggle.reopen()
    for turn in range(ROUNDS):
        left = limits.seconds - (time.monotonic() - begun)
        if best is not None and (left <= 0 or gap_of(best[0], bound) <= limits.gap):
            break
        share = SolveLimits(max(left, 0.1) / (ROUNDS - turn), max(limits.gap, LEAST_GAP), limits.seed, limits.threads)
        made = solve_case(promises.priced(case, haggle.now), share)
        kept = promises.kept(made.state.counts)
        bound = max(bound, made.bound)
        price = made.objective + float(haggle.now @ kept + promises.lacking @ np.maximum(-kept, 0))
        if best is None or price < best[0]:
            best = price, made.state
        if progress is not None:
            progress(SolveProgress(time.monotonic() - begun, bound, best[0]))
        if hand_over is not None:
            hand_over(Solution(best[1], best[0], min(bound, best[0]), time.monotonic() - begun, TIME_LIMIT))
        haggle.learn(kept)
    assert best is not None  # there is at least one round
    price, state = best
    seconds = time.monotonic() - begun
    bound = min(bound, price)
    status = status_of(gap_of(price, bound), limits.gap, late=seconds > limits.seconds)
    return Solution(state, price, bound, seconds, status)


def _cheapest_presence(case: Case, worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Presence (rows, slots) that costs least when an agent in a slot costs `worth`: where the bound stands."""
    curve = cover_curve(case.cover)
    cheapest = (curve.price + curve.at * worth).argmin(axis=0)
    return np.take_along_axis(curve.at, cheapest[None], axis=0)[0]


def gap_of(price: float, bound: float) -> float:
    """Relative gap."""
    return (price - bound) / price if price > 0 else 0.0


def promise_table(promises: Promises, state: State) -> pd.DataFrame:
    """Per period: queue, period, surplus (contacts in time beyond the promised share, negative when it is broken)."""
    return pd.DataFrame(promises.names, columns=["queue", "period"]).assign(surplus=promises.kept(state.counts))
