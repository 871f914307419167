"""What history says of the contacts to come: the stages of a plan that need no people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from staffing.domain.calendar import DAY_MIN
from staffing.domain.scenario import Scenario
from staffing.planner.notes import counted_in, not_in_history
from staffing.store.cache import StageCache

if TYPE_CHECKING:
    import pandas as pd

    from staffing.forecast import Baseline, Forecast
    from staffing.forecast.options import OwnModels
    from staffing.history import History
    from staffing.planner.stages import Fit

    #: Rosters (table ROSTER) of the weeks before a week, or None: ``RosterBook.before``.
    RostersBefore = Callable[[dt.date], pd.DataFrame | None]

#: Told the share of a fit that is done, in [0, 1]; may raise Cancelled.
Told = Callable[[float], None]


def no_rosters(_start: dt.date) -> None:
    """`RostersBefore` of a site that has none yet."""


@dataclass(frozen=True)
class Contacts:
    """One history, and what is worked out from it. Stages whose inputs are unchanged come from ``cache``.

    Parameters
    ----------
    history : what came.
    rosters_before : the rosters of the weeks before a week: rest, runs of days, shifts across the first midnight and
        what each person has carried so far are carried on.
    cache : finished stages; shared by all planners that hold it.
    own : day models of the caller's own, which a scenario may name.
    records : single calls (see ``store.call_records``), from which handle times and patience are drawn.

    What the stages take: ``scenario``, everything else that a plan depends on; ``start`` and ``days``, the first local
    day and how many; ``work``, the `Workload` to be covered; ``calls``, its forecast; ``made``, a roster that was
    evaluated; ``table``, a table ROSTER; ``weekly``, whether several weeks are rostered one after the other;
    ``progress`` and ``told`` hear how far a stage has come.
    """

    history: History
    rosters_before: RostersBefore = no_rosters
    cache: StageCache = field(default_factory=StageCache)
    own: OwnModels | None = None
    records: pd.DataFrame | None = None

    def day_after(self, scenario: Scenario) -> dt.date:
        """The first local day that history does not reach into."""
        return self.history.frame["start"].max().tz_convert(scenario.site.zone).date() + dt.timedelta(days=1)

    def now(self, scenario: Scenario) -> pd.Timestamp:
        """The instant at which history ends: what began before it has happened."""
        import pandas as pd

        if self.history.interval_min == DAY_MIN:
            return scenario.site.midnight(self.day_after(scenario))
        end: pd.Timestamp = self.history.frame["start"].max() + pd.Timedelta(minutes=self.history.interval_min)
        return end.tz_convert(scenario.site.zone)

    def next_week(self, scenario: Scenario) -> dt.date:
        """First day of the first planning week that history does not reach into."""
        return scenario.site.week_of(self.day_after(scenario) + dt.timedelta(days=6))

    def baseline(self, scenario: Scenario, *, told: Told | None = None) -> Baseline:
        """What history teaches; refitted only when history, calendar or past events change."""
        return self._fitted(self.fit(scenario), told)

    def fit(self, scenario: Scenario) -> Fit:
        """What `baseline` is given: two scenarios that are alike in it are taught the same."""
        from staffing.planner.stages import Fit

        return Fit.of(self.history, scenario, self.day_after(scenario), self.own)

    def _fitted(self, stage: Fit, told: Told | None) -> Baseline:
        return self.cache.get(stage, lambda: stage.work_out(told), waiting=still(told))

    def forecast(
        self, scenario: Scenario, *, start: dt.date | None = None, days: int = 7, told: Told | None = None
    ) -> Forecast:
        """Contacts and handle times under the scenario. Moving a future event never refits.

        Days that history reaches into are forecast from what was known before ``start`` (default: the next week), as
        the first of the notes says; the last ones say what share of history's calls counts, where notes tell calls, and
        what the scenario asks of history in vain. Raises InputError if nothing was known.
        """
        made = self._forecast(scenario, start or self.next_week(scenario), days, told)
        return replace(made, notes=(*made.notes, *counted_in(made.notes, scenario), *not_in_history(made, scenario)))

    def _forecast(self, scenario: Scenario, start: dt.date, days: int, told: Told | None) -> Forecast:
        from staffing.planner.stages import Prediction

        reached = self.day_after(scenario)
        if start < reached:
            made = self._knowing(scenario, start)._forecast(scenario, start, days, told)
            last = reached - dt.timedelta(days=1)
            note = f"History reaches to {last}; the forecast knows only what came before {start}."
            return replace(made, notes=(note, *made.notes))
        fit = self.fit(scenario)
        stage = Prediction(fit, scenario.events, scenario.corrections(), scenario.aht_factors(), start, days)
        return self.cache.get(stage, lambda: stage.work_out(self._fitted(fit, told)), waiting=still(told))

    def _knowing(self, scenario: Scenario, start: dt.date) -> Self:
        """The planner that knows only what came before a local day. Raises InputError if nothing did."""
        return replace(self, history=self.history.before(scenario.site.midnight(start)))

    def found_events(self, scenario: Scenario) -> pd.DataFrame:
        """Spikes, dips and level shifts of history that the scenario's events do not explain: candidates to name."""
        from staffing.forecast.events.found import found_events as scan

        known = tuple(event for event in scenario.events if event.enabled)
        frame = self.history.aggregate(scenario.site.interval_min).frame
        return scan(frame, scenario.site, known, excluded=scenario.excluded)


def still(told: Told | None) -> Callable[[], None]:
    """What is done while somebody else is at the same work: a stop is heeded."""
    return lambda: told(0.0) if told is not None else None
