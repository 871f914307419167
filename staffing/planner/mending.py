"""The mending of a roster: who cannot come, what stays, how much may change; and the work itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from staffing.domain.scenario import Scenario
from staffing.roster import MENDING_S, MOST_CHANGED
from staffing.store.absences import Absence, with_absences

if TYPE_CHECKING:
    import pandas as pd

    from staffing.roster import Inputs, SolveLimits
    from staffing.roster.desk.replan import Replan
    from staffing.work import Caller


@dataclass(frozen=True)
class Mending:
    """Sick calls and other changes to a roster that is known already.

    Parameters
    ----------
    away : people who cannot come after all.
    keep : (agent, day) that stays as it is; None for the day means all days.
    now : what began before it stays; None: what began before history ends.
    seconds : time limit once the kernels are loaded, > 0.
    most_changed : share, in [0, 1], of the other shifts that may change.
    """

    away: tuple[Absence, ...] = ()
    keep: tuple[tuple[str, dt.date | None], ...] = ()
    now: pd.Timestamp | None = None
    seconds: float = MENDING_S
    most_changed: float = MOST_CHANGED

    def without_the_away(self, scenario: Scenario) -> Scenario:
        """The scenario in which those who are away have these days off. Raises InputError for people nobody knows."""
        return scenario.model_copy(update={"agents": with_absences(scenario.agents, self.away)})


@dataclass(frozen=True)
class MendTask:
    """The work itself, for a process of its own: ``table`` mended for inputs that know who is away and what stays."""

    inputs: Inputs
    table: pd.DataFrame
    limits: SolveLimits
    most_changed: float

    def __call__(self, line: Caller) -> Replan:
        from staffing.roster.desk.replan import replan
        from staffing.roster.run import telling
        from staffing.roster.warm import warm_up

        warm_up()
        tell = telling(line.tell, self.limits.seconds)
        left: list[Replan] = []

        def leave(made: Replan) -> None:
            line.leave(made)
            if not left:
                line.ready()  # its time may end from now on: a complete roster is there
            left.append(made)

        return replan(self.inputs, self.table, self.limits, most_changed=self.most_changed, progress=tell, leave=leave)


def ended_early(left: Replan) -> Replan:
    """The last roster that mending left before its time was up, which a note says."""
    from staffing.roster.run import ENDED_NOTE

    return replace(left, roster=replace(left.roster, notes=(*left.roster.notes, ENDED_NOTE)))
