"""Prophet on log day totals: stiff trend, week, year, holidays and the days around them, pay days, periods.

In logs every effect multiplies, so a holiday halves a large queue and a small one alike.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.known import LEAST_DAYS, ComingDays, KnownDays
from staffing.forecast.day_level.model import DayModel, FittedDays

if TYPE_CHECKING:
    from prophet import Prophet

YEARLY_DAYS = 730
TREND_SPREAD = 0.03  # prior spreads of effects, log units
WEEKLY_SPREAD = 0.6
YEARLY_SPREAD = 0.3
REGRESSOR_SPREAD = 0.15
RESIDUAL_DAYS = 56
OUTLIER_WEIGHT = 0.3  # days the regression trusts less than this are not shown to Prophet
NEAR_OFFSETS = (-2, -1, 0, 1, 2, 3)

logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)  # a fitted model that is read back imports it too


@dataclass(frozen=True)
class FittedProphet(FittedDays):
    """A fitted Prophet; ``components`` gives log effects by group, which sum to the log forecast."""

    model: Prophet
    centre: float
    last_day: float
    residuals: np.ndarray

    def components(self, facts: DayFacts) -> dict[str, np.ndarray]:
        """Level, weekday, season, day of month, holiday, period: log units."""
        from staffing.forecast.day_level.models.solved_prophet import effects

        said = effects(self.model, regressor_table(facts))
        nothing = np.zeros(len(facts))
        groups = {"level": self.centre + said["trend"] + self._carried(facts.ordinal - self.last_day)}
        groups |= {"weekday": said["weekly"], "season": said.get("yearly", nothing)}
        for group, prefix in (("day of month", "month_"), ("holiday", "holiday_"), ("period", "period_")):
            groups[group] = sum((effect for name, effect in said.items() if name.startswith(prefix)), nothing)
        return groups

    def _carried(self, ahead: np.ndarray) -> np.ndarray:
        """What the last days ran above the fit: a slow part that stays for months, a fast one for days."""
        slow, fast = _recent_mean(self.residuals, 7.0), _recent_mean(self.residuals, 1.5)
        return 0.8 * slow * 0.985**ahead + 0.5 * (fast - slow) * 0.7**ahead

    def causes(self, coming: ComingDays) -> dict[str, np.ndarray]:
        return self.components(coming.facts)

    def predict(self, coming: ComingDays) -> np.ndarray:
        return np.asarray(np.sum(list(self.components(coming.facts).values()), axis=0))

    def replay(self, known: KnownDays) -> np.ndarray:
        return known.refitted(ProphetModel().fit, 2 * LEAST_DAYS)


@dataclass(frozen=True)
class ProphetModel(DayModel):
    """The model that the explanation shows."""

    name: str = "prophet"
    prior_share: float = 0.06
    least_days: int = LEAST_DAYS

    def fit(self, known: KnownDays) -> FittedProphet:
        return fit_prophet(known.facts, known.log_total, trust=known.trust)


def fit_prophet(
    facts: DayFacts,
    log_total: np.ndarray,
    *,
    trust: np.ndarray | None = None,
) -> FittedProphet:
    """Fit to known days (at least LEAST_DAYS), leaving out those whose ``trust`` is below OUTLIER_WEIGHT.

    Prophet scales its target, so every prior spread is given in log units and divided by that scale.
    """
    if trust is not None and (trust >= OUTLIER_WEIGHT).sum() >= LEAST_DAYS:
        facts, log_total = facts[trust >= OUTLIER_WEIGHT], log_total[trust >= OUTLIER_WEIGHT]
    centre = float(np.median(log_total))
    scale = float(np.abs(log_total - centre).max()) or 1.0
    from staffing.forecast.day_level.models.solved_prophet import SolvedProphet

    model = SolvedProphet(
        growth="linear",
        changepoint_prior_scale=TREND_SPREAD / scale,
        weekly_seasonality=True,
        yearly_seasonality=False,
        daily_seasonality=False,
        seasonality_prior_scale=WEEKLY_SPREAD / scale,
        uncertainty_samples=0,
    )
    if facts.ordinal[-1] - facts.ordinal[0] >= YEARLY_DAYS:
        model.add_seasonality("yearly", period=365.25, fourier_order=8, prior_scale=YEARLY_SPREAD / scale)
    table = regressor_table(facts)
    for name in table.columns.drop("ds"):
        if table[name].abs().sum() > 0:
            model.add_regressor(name, prior_scale=REGRESSOR_SPREAD / scale, standardize=False)
    model.fit(table.assign(y=log_total - centre))
    residuals = (log_total - centre - model.fitted())[-RESIDUAL_DAYS:]
    usual = 1.4826 * np.median(np.abs(residuals)) + 1e-9
    return FittedProphet(model, centre, facts.ordinal[-1], np.clip(residuals, -3 * usual, 3 * usual)[-28:])


def _recent_mean(values: np.ndarray, half_life: float) -> float:
    weights = 0.5 ** (np.arange(len(values))[::-1] / half_life)
    return float(values @ weights / weights.sum())


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
