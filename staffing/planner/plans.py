"""What a planner holds in hand: the work of some days, and the plan that meets it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from staffing.domain.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from staffing.evaluation import Evaluation
    from staffing.forecast import Forecast
    from staffing.roster import Roster
    from staffing.simulation.result import Simulated


@dataclass(frozen=True)
class Workload:
    """What comes and what it takes in the ``days`` local days from ``start``: all that a roster is made for.

    ``forecast`` has contacts and handle times, ``requirements`` (table REQUIREMENTS) the agents of every interval.
    """

    scenario: Scenario
    start: dt.date
    days: int
    forecast: Forecast
    requirements: pd.DataFrame

    def __repr__(self) -> str:
        hours = self.requirements["agents_scheduled"].sum() * self.scenario.site.interval_min / 60
        return (
            f"<{type(self).__name__} '{self.scenario.name}': {self._span()}; {self.forecast!r}; {hours:,.0f} h needed>"
        )

    def _span(self) -> str:
        return f"{self.days} days from {self.start}"


@dataclass(frozen=True, repr=False)
class Plan(Workload):
    """A workload, the roster that meets it, and what comes of that.

    ``evaluation`` is what comes if the forecast comes exactly, ``simulated`` what is to be expected, and how surely.
    """

    roster: Roster
    evaluation: Evaluation
    simulated: Simulated

    @classmethod
    def of(cls, work: Workload, roster: Roster, evaluation: Evaluation, simulated: Simulated) -> Self:
        """The plan in which ``roster`` does the ``work``, with its ``evaluation`` and what it ``simulated`` to."""
        whole = (work.scenario, work.start, work.days, work.forecast, work.requirements)
        return cls(*whole, roster, evaluation, simulated)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the figures do not say by themselves: of forecast, evaluation, simulation and roster, in this order."""
        parts = (self.forecast, self.evaluation, self.simulated, self.roster)
        return tuple(dict.fromkeys(note for part in parts for note in part.notes))
