"""Mending a published roster: people answer a shortage while each change of their week costs something."""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from staffing.roster.case import BLOCKED, Case, Cover
from staffing.roster.desk.priced import classed, with_changes_priced
from staffing.roster.desk.recombine import SeenWeek
from staffing.roster.engine.day import choose_days
from staffing.roster.engine.price import tour_price
from staffing.roster.engine.programme import Effort
from staffing.roster.engine.search import State, copy_state, empty_state, improve, load_state, put_in, sweep, take_out
from staffing.roster.engine.workspace import workspace

MOVES_PER_AGENT = 4
TOGETHER = 2  # people taken out and put back at once: pairs found most for their time, larger groups no more
MOVE_CHUNK = 50
DAYS_WEIGHT = 4.0  # times its price shortage is taken while whole days are chosen again
DAYS_SHARE = 0.3  # of the time left is for them
DAYS_BEYOND = 1.5  # times the changes allowed they may reach, the least useful being taken back
NEAR = 0.3  # of the price of shortage: shifts that cost more beyond the linear programme are left out
SWEEP_PARTS = 10  # after each of which the roster is looked at
LEAST_MIX_S, MOST_MIX_S = 0.1, 0.6  # for the best mix of the weeks seen
NO_GUIDE = np.empty((0, 0))

Args = tuple[Any, ...]  # what the kernels of `engine.search` take


@dataclass(frozen=True)
class Trial:
    """A mended state, what it leaves short, and how many shifts it changes beyond the forced ones."""

    state: State
    short_hours: float
    changed: int


@dataclass(frozen=True)
class Aim:
    """Agent-hours that may stay short, shifts that may change, and the instant (monotonic clock, s) to end by."""

    short_hours: float
    most_changed: int
    deadline: float = math.inf


class Mender:
    """Mends one published state under several weights of shortage; the published state is never touched.

    Every departure from the published tours costs `change_price`. Those whose week breaks a rule or reaches into
    granted time off are *forced*; of their days those are forced that they may not work, or all where each
    day alone may stay.
    """

    def __init__(self, case: Case, published: State, change_price: float, seed: int) -> None:
        self.free, self.change_price = case, change_price
        self.case = case = with_changes_priced(case, published.tours, change_price)
        self.published = published = classed(published, case)
        self.everyone = np.arange(len(case.agent_class))
        self.forced = np.array([self._published_price(i) >= BLOCKED for i in range(len(self.everyone))])
        self.forced_days = self._forced_days()
        self.rng, self.seen = np.random.default_rng(seed), SeenWeek(case, published, self.forced, self.forced_days)
        self.ws = workspace(case.options, case.automata, case.grid.slots)
        breaks = published.offsets.shape[2]
        self.state = empty_state(case.agent_class, case.days, breaks, case.people.group, case.cover)

    @property
    def planned(self) -> int:
        """Published shifts."""
        return max(1, int((self.published.tours >= 0).sum()))

    def mended(self, weight: float, aim: Aim, begun: Trial | None = None) -> list[Trial]:
        """Everybody, then pairs, answer until nobody gains, shortage priced `weight` times over.

        It begins with the published roster, or where `begun` left it, and ends early when the aim is met or its time
        is up. Returns rosters within the changes allowed: where that ends, changes that are not needed taken
        back, and the best covered one on the way.
        """
        p = self.case
        args = (self._urgent(weight), self.state, p.people, p.options, p.automata, self.ws)
        if begun is None:
            self._restart(args)
        else:
            load_state(self.state, begun.state)
        within = self._pairs_answer(args, aim, self._everybody_answers(args, aim))
        end = self.thinned(self.trial(), aim)
        return [trial for trial in (within, end) if trial is not None and trial.changed <= aim.most_changed]

    def restarted(self, case: Case) -> Trial:
        """Only those change who must, at the prices of `case`."""
        self._restart((case.cover, self.state, case.people, case.options, case.automata, self.ws))
        return self.trial()

    def taken(self) -> Trial:
        """The present state, its weeks at their own prices and remembered."""
        tours = zip(self.case.agent_class, self.state.tours, strict=True)
        self.state.price[:] = [tour_price(self.case, int(k), tour) for k, tour in tours]
        self.seen.add(self.state)
        return self.trial()

    def at(self, weight: float, change: float) -> Case:
        """The case with shortage at so many times its price, and a change at so many."""
        case = with_changes_priced(self.free, self.published.tours, self.change_price * change)
        return replace(case, cover=self._urgent(weight))

    def days_chosen(self, trial: Trial, aim: Aim) -> list[Trial]:
        """Whole days of `trial` chosen again by programmes for a share of the time, within the changes allowed."""
        load_state(self.state, trial.state)
        urgent, now = replace(self.case, cover=self._urgent(DAYS_WEIGHT)), time.monotonic()
        end_s, near = now + DAYS_SHARE * (aim.deadline - now), NEAR * float(urgent.cover.short.max())

        def effort() -> Effort:
            return Effort(end_s - time.monotonic(), 1, near=near)

        def done() -> bool:
            return time.monotonic() > end_s or self._changed() > DAYS_BEYOND * aim.most_changed

        choose_days(urgent, self.state, effort, done, lambda: self.seen.add(self.state))
        end = self.thinned(self.trial(), aim)
        return [end] if end.changed <= aim.most_changed else []

    def _changed(self) -> int:
        """Shifts changed beyond the forced ones."""
        return int(((self.state.tours != self.published.tours) & ~self.forced_days).sum())

    def _urgent(self, weight: float) -> Cover:
        cover = self.case.cover
        return cover._replace(short=cover.short * weight, floor_short=cover.floor_short * weight)

    def mixed(self, begun: Trial, aim: Aim) -> list[Trial]:
        """The best mix of all weeks seen so far, within the changes allowed; `begun` is the best one known."""
        self._load_published()
        seconds = max(LEAST_MIX_S, min(MOST_MIX_S, aim.deadline - time.monotonic()))
        mixed = self.seen.mix(self.state, begun.state, aim.most_changed, seconds)
        return [self.thinned(self.trial(), aim)] if mixed else []

    def _everybody_answers(self, args: Args, aim: Aim) -> Trial | None:
        within, price, now = self._better(None, aim), math.inf, math.inf
        while True:
            for some in np.array_split(self.rng.permutation(self.everyone), SWEEP_PARTS):
                now = sweep(some, NO_GUIDE, 0.0, *args)
                within = self._better(within, aim)
            if now >= price - 1e-9:
                return within
            price = now

    def _pairs_answer(self, args: Args, aim: Aim, within: Trial | None) -> Trial | None:
        seed = self.rng.integers(1, 2**63, 1).astype(np.uint64)
        for _ in range(0, MOVES_PER_AGENT * len(self.everyone), MOVE_CHUNK):
            if short_hours(self.case, self.state.counts) <= aim.short_hours or time.monotonic() > aim.deadline:
                break
            improve(MOVE_CHUNK, min(TOGETHER, len(self.everyone)), self.everyone, seed, *args)
            within = self._better(within, aim)
        return within

    def _better(self, best: Trial | None, aim: Aim) -> Trial | None:
        """The present state where it is within the changes allowed and covers better than `best`; its weeks are
        remembered in any case."""
        self.seen.add(self.state)
        if self._changed() > aim.most_changed:
            return best
        if best is not None and short_hours(self.case, self.state.counts) >= best.short_hours - 1e-9:
            return best
        return self.trial()

    def forced_only(self) -> Trial:
        """Only those change who must."""
        trial = self.restarted(self.case)
        self.seen.add(self.state)
        return trial

    def thinned(self, trial: Trial, aim: Aim) -> Trial:
        """Take changes back, the least useful first, until they are within the aim.

        Beyond that as long as no more stays short than the aim allows. A change's use is looked at again when
        its turn comes, since it may have grown.
        """
        load_state(self.state, trial.state)
        changed = ((trial.state.tours != self.published.tours) & ~self.forced_days).sum(axis=1) * ~self.forced
        left, short = trial.changed, trial.short_hours
        queue = [((self._without(i) - short) / int(changed[i]), i) for i in np.flatnonzero(changed).tolist()]
        heapq.heapify(queue)
        while queue:
            _, i = heapq.heappop(queue)
            then = self._without(i)
            use = (then - short) / int(changed[i])
            if queue and use > queue[0][0] + 1e-9:
                heapq.heappush(queue, (use, i))
            elif left > aim.most_changed or then <= aim.short_hours:
                self._take_back(i)
                left, short = left - int(changed[i]), then
        return self.trial()

    def _restart(self, args: Args) -> None:
        """The published roster, with those who must change answering first."""
        self._load_published()
        sweep(self.everyone[self.forced], NO_GUIDE, 0.0, *args)

    def _load_published(self) -> None:
        load_state(self.state, self.published)
        self.state.price[:] = [0.0 if self.forced[i] else self._published_price(i) for i in range(len(self.everyone))]

    def _without(self, i: int) -> float:
        """Agent-hours short once person `i` is back on the published week."""
        counts = self.state.counts.copy()
        for served, sign in ((self.state.served[i], -1), (self.published.served[i], 1)):
            slots = np.flatnonzero(served >= 0)
            counts[served[slots], slots] += sign * self.state.amount[i, served[slots]]
        return short_hours(self.case, counts)

    def _take_back(self, i: int) -> None:
        state, held = self.state, self.published
        take_out(i, state)
        for part, published in ((state.tours, held.tours), (state.offsets, held.offsets), (state.served, held.served)):
            part[i] = published[i]
        state.price[i] = self._published_price(i)
        put_in(i, state)

    def trial(self) -> Trial:
        """The present state, copied."""
        return Trial(copy_state(self.state), short_hours(self.case, self.state.counts), self._changed())

    def _published_price(self, i: int) -> float:
        return tour_price(self.case, int(self.case.agent_class[i]), self.published.tours[i])

    def _forced_days(self) -> np.ndarray:
        prices, tours = self.case.people, self.published.tours
        k = self.case.agent_class[:, None]
        shift = np.where(tours >= 0, prices.price[k, np.maximum(tours, 0)], prices.off_price[k[:, 0]])
        blocked = shift >= BLOCKED
        whole = self.forced & ~blocked.any(axis=1)
        return np.asarray(blocked | whole[:, None])


def short_hours(case: Case, counts: np.ndarray) -> float:
    """Agent-hours below the requirement where so many are present (queues, slots)."""
    missing = np.where(case.wanted, np.maximum(case.cover.need - counts, 0), 0.0)
    return float(missing.sum()) * case.grid.slot_min / 60
