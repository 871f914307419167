"""Prophet on log day totals: stiff trend, week, year, holidays and the days around them, pay days, periods.

In logs every effect multiplies, so a holiday halves a large queue and a small one alike.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.forecast.days import DayFacts

if TYPE_CHECKING:
    from prophet import Prophet

MIN_DAYS = 21
YEARLY_DAYS = 540
TREND_PRIOR = 0.01
NEAR_OFFSETS = (-2, -1, 0, 1, 2, 3)


@dataclass(frozen=True)
class ProphetDays:
    """A fitted Prophet; ``components`` gives log effects by group, which sum to the log forecast."""

    model: Prophet
    last_residuals: float

    def components(self, facts: DayFacts) -> dict[str, np.ndarray]:
        """Level, weekday, season, day of month, holiday, period: log units."""
        table = self.model.predict(regressor_table(facts))
        groups = {"level": table["trend"].to_numpy(), "weekday": _column(table, "weekly")}
        groups["season"] = _column(table, "yearly")
        for group, prefix in (("day of month", "month_"), ("holiday", "holiday_"), ("period", "period_")):
            names = [name for name in self.model.extra_regressors if name.startswith(prefix)]
            groups[group] = np.sum([table[name].to_numpy() for name in names] or [np.zeros(len(facts))], axis=0)
        return groups

    def predict(self, facts: DayFacts) -> np.ndarray:
        return np.sum(list(self.components(facts).values()), axis=0)


def fit_prophet(facts: DayFacts, log_total: np.ndarray) -> ProphetDays:
    """Fit to known days. Needs at least MIN_DAYS of them."""
    prophet = _quiet_prophet()
    span = facts.ordinal[-1] - facts.ordinal[0]
    model = prophet.Prophet(
        growth="linear",
        changepoint_prior_scale=TREND_PRIOR,
        yearly_seasonality=6 if span >= YEARLY_DAYS else False,
        weekly_seasonality=True,
        daily_seasonality=False,
        uncertainty_samples=0,
    )
    table = regressor_table(facts)
    for name in table.columns.drop("ds"):
        if table[name].abs().sum() > 0:
            model.add_regressor(name, prior_scale=0.5, standardize=False)
    model.fit(table.assign(y=log_total))
    residual = log_total[-28:] - model.predict(table[-28:])["yhat"].to_numpy()
    return ProphetDays(model, float(np.median(residual)))


def _quiet_prophet():
    """The prophet module, without its remarks on optional plotting and on every Stan run."""
    logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)
    logging.getLogger("cmdstanpy").disabled = True
    import prophet

    return prophet


def regressor_table(facts: DayFacts) -> pd.DataFrame:
    """One row per day: ``ds`` and every regressor."""
    angle = 2 * np.pi * (facts.day_of_month - 1) / (facts.day_of_month + facts.days_to_month_end)
    columns: dict[str, np.ndarray] = {"ds": facts.dates.astype("datetime64[s]")}
    for k in (1, 2):
        columns[f"month_sin{k}"], columns[f"month_cos{k}"] = np.sin(k * angle), np.cos(k * angle)
    columns["month_first"] = (facts.day_of_month <= 2).astype(float)
    columns["month_last"] = (facts.days_to_month_end <= 1).astype(float)
    for offset in NEAR_OFFSETS:
        columns[f"holiday_{offset:+d}"] = (facts.holiday_offset == offset).astype(float)
    for number, name in enumerate(facts.period_names):
        columns[f"period_{name}"] = facts.periods[:, number]
    return pd.DataFrame(columns)


def _column(table: pd.DataFrame, name: str) -> np.ndarray:
    return table[name].to_numpy() if name in table else np.zeros(len(table))
