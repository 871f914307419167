"""Teams that work together get their spans of hours, before anything else and again once there is a roster."""

from dataclasses import dataclass

import numpy as np

from staffing.roster.case import BLOCKED
from staffing.roster.engine.run import Run
from staffing.roster.engine.search import copy_state, load_state
from staffing.roster.engine.teams import HeldTeam
from staffing.roster.engine.worth import marginal_worth


@dataclass(frozen=True)
class HoldTeams:
    """First spans for every team, such that each of its people has a week."""

    def improve(self, run: Run) -> None:
        """Hold a span of every day for every team."""
        for team in run.teams:
            worth = np.array([_worth(run, int(k)) for k in team.team.classes])
            team.begin(worth, run.ws)
            clocks = team.clocks()
            while clocks and _without_week(run, team):
                team.hold_clock(clocks.pop(0))
            for k in _without_week(run, team):
                team.release(k)


def _worth(run: Run, k: int) -> np.ndarray:
    """What one of a class saves in each slot of an empty room."""
    state = run.state
    group, no_extra = run.case.people.group[k], np.zeros(len(state.counts))
    marginal_worth(run.case.cover, state.counts, group, run.no_guide, 0.0, no_extra, state.worth, state.queue)
    return np.asarray(state.worth.copy())


def _without_week(run: Run, team: HeldTeam) -> list[int]:
    """Classes of a team for whom no week is left."""
    before = copy_state(run.state)
    first = [int(np.flatnonzero(run.case.agent_class == k)[0]) for k in team.team.classes]
    run.sweep(np.array(first), run.no_guide, 0.0)
    lost = [int(k) for k, i in zip(team.team.classes, first, strict=True) if run.state.price[i] >= BLOCKED / 2]
    load_state(run.state, before)
    return lost


@dataclass(frozen=True)
class MoveTeams:
    """Other spans for one team at a time, all of it answering, while that helps and within a share of the time."""

    share: float = 0.5

    def improve(self, run: Run) -> None:
        """Keep every better roster."""
        if not run.teams:
            return
        run.load_best()
        helped = True
        while helped and not self._late(run):
            helped = False
            for number in run.rng.permutation(len(run.teams)).tolist():
                helped |= self._move(run, run.teams[number])

    def _move(self, run: Run, team: HeldTeam) -> bool:
        """Whether some other span was better."""
        people = np.flatnonzero(np.isin(run.case.agent_class, team.team.classes))
        helped = False
        for change in team.changes():
            if self._late(run):
                break
            old = {day: team.now[day] for day in change if day in team.now}
            if change.items() <= old.items():
                continue
            kept, best = copy_state(run.state), run.price
            for day, span in change.items():
                team.hold(day, span)
            price = run.sweep(run.rng.permutation(people), run.no_guide, 0.0)
            price = run.sweep(run.rng.permutation(people), run.no_guide, 0.0)
            if price < best - 1e-9:
                run.keep(price)
                helped = True
                continue
            for day, span in old.items():
                team.hold(day, span)
            load_state(run.state, kept)
        return helped

    def _late(self, run: Run) -> bool:
        return run.done or run.elapsed > self.share * run.limits.seconds
