"""What history taught, ready to forecast any days under any scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from staffing.api.arguments import days_of, history_of, scenario_of
from staffing.api.saved import load, save
from staffing.domain.base import day_of
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.forecast import Baseline, Forecast
from staffing.forecast.events.report import learned_table
from staffing.forecast.options import OwnModels
from staffing.history import History
from staffing.planner import Planner

if TYPE_CHECKING:
    import pandas as pd

    from staffing.forecast.day_level.model import DayModel


@dataclass(frozen=True)
class Fitted:
    """A fitted forecast: `fit` makes one. Other scenarios refit only where they change what is learned from."""

    planner: Planner
    scenario: Scenario

    def __repr__(self) -> str:
        return f"<Fitted: {', '.join(self.baseline.queues)}; history to {self.planner.day_after(self.scenario)}>"

    @property
    def baseline(self) -> Baseline:
        """The fitted queues."""
        return self.planner.baseline(self.scenario)

    def predict(
        self, scenario: Scenario | None = None, *, start: dt.date | str | None = None, days: int = 7
    ) -> Forecast:
        """Contacts and handle times of ``days`` local days from ``start`` (default: the week after history).

        The scenario's events, corrections, volume and handle-time factors count. Moving a coming event costs
        milliseconds. Raises InputError.
        """
        chosen = self.scenario if scenario is None else scenario_of(scenario)
        first = None if start is None else day_of(start, "start")
        return self.planner.forecast(chosen, start=first, days=days_of(days))

    def save(self, path: str | Path) -> None:
        """Write history, scenario and what was learned to one file, which is whole or absent.

        Raises InputError where it cannot be written, or holds models of your own.
        """
        save(self.planner, self.scenario, Path(path))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """What `save` wrote, without fitting again; it forecasts to the last bit as the saved one did.

        Nothing in the file can run code. Raises InputError where it is damaged or was saved by another version.
        """
        return cls(*load(Path(path)))

    def learned_events(self) -> pd.DataFrame:
        """What past launches and campaigns did, by kind, queue and day.

        Columns ``kind, queue, n_past, size_elasticity, usual_size, day, effect, low, high``: ``effect`` is the share
        of contacts added on that day of an event of the usual size, ``low`` and ``high`` its 80 % range.
        """
        return learned_table(self.baseline)


def fit(history: History, scenario: Scenario, *, models: Sequence[str | DayModel] | None = None) -> Fitted:
    """Fit the forecast to ``history`` under the calendar and past events of ``scenario``.

    Parameters
    ----------
    history : what came; see `read_history`.
    scenario : site, queues, events.
    models : the models of day totals that take part, by name (``"prophet"``) or your own (`staffing.models.DayModel`);
        None takes those of the scenario, by default the mix of all.

    Returns
    -------
    Fitted
        Ready to forecast any days under any scenario.

    Raises
    ------
    InputError
        Naming the argument.
    """
    scenario_of(scenario)
    planner = Planner(history_of(history))
    if models is not None:
        own, names = _chosen(models)
        planner, scenario = Planner(planner.history, own=own), scenario.with_changes(forecast={"models": names})
    made = Fitted(planner, scenario)
    _ = made.baseline  # fitted now, where its errors belong
    return made


def _chosen(models: Sequence[str | DayModel]) -> tuple[OwnModels, list[str]]:
    """Own models, and the names of all. Raises InputError for one name given as text, which is a row of letters."""
    if isinstance(models, str):
        raise InputError("must be a list.", where=Where(field="models"), remedy=f"Write models=['{models}'].")
    own = tuple(model for model in models if not isinstance(model, str))
    for model in own:
        if not all(hasattr(model, name) for name in ("name", "prior_share", "least_days", "fit")):
            raise InputError(
                f"{type(model).__name__} is no model of day totals.",
                where=Where(field="models"),
                remedy="Derive it from staffing.models.DayModel.",
            )
    return OwnModels.of(own), [model if isinstance(model, str) else model.name for model in models]
