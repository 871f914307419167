"""Prophet on log day totals: stiff trend, week, year, holidays and the days around them, pay days, periods.

In logs every effect multiplies, so a holiday halves a large queue and a small one alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.known import LEAST_DAYS, ComingDays, KnownDays
from staffing.forecast.day_level.model import DayModel, FittedDays
from staffing.forecast.day_level.models.prophet_map import ProphetEffects
from staffing.forecast.day_level.recall import recalled

YEARLY_DAYS = 730
TREND_SPREAD = 0.03  # prior spreads of effects, log units
WEEKLY_SPREAD = 0.6
YEARLY_SPREAD = 0.3
REGRESSOR_SPREAD = 0.15
RESIDUAL_DAYS = 56
OUTLIER_WEIGHT = 0.3  # days the regression trusts less than this are not shown to Prophet
NEAR_OFFSETS = (-2, -1, 0, 1, 2, 3)


@dataclass(frozen=True)
class FittedProphet(FittedDays):
    """A fitted Prophet; ``components`` gives log effects by group, which sum to the log forecast."""

    refits: ClassVar[bool] = True

    said: ProphetEffects
    last_day: float
    residuals: np.ndarray

    def components(self, facts: DayFacts) -> dict[str, np.ndarray]:
        """Level, weekday, season, day of month, holiday, period: log units."""
        said = self.said.on(facts.ordinal, regressors(facts))
        nothing = np.zeros(len(facts))
        groups = {"level": said["trend"] + self._carried(facts.ordinal - self.last_day)}
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
    """Fit to known days (at least LEAST_DAYS), leaving out those whose ``trust`` is below OUTLIER_WEIGHT."""
    if trust is not None and (trust >= OUTLIER_WEIGHT).sum() >= LEAST_DAYS:
        facts, log_total = facts[trust >= OUTLIER_WEIGHT], log_total[trust >= OUTLIER_WEIGHT]
    said = recalled("prophet", lambda: _solved(facts, log_total))
    late = facts[-RESIDUAL_DAYS:]
    fitted = np.sum(list(said.on(late.ordinal, regressors(late)).values()), axis=0)
    residuals = log_total[-RESIDUAL_DAYS:] - fitted
    usual = 1.4826 * np.median(np.abs(residuals)) + 1e-9
    return FittedProphet(said, facts.ordinal[-1], np.clip(residuals, -3 * usual, 3 * usual)[-28:])


def _solved(facts: DayFacts, log_total: np.ndarray) -> ProphetEffects:
    """Prophet scales its target, so every prior spread is given in log units and divided by that scale."""
    from staffing.forecast.day_level.models.solved_prophet import SolvedProphet, numbers

    centre = float(np.median(log_total))
    scale = float(np.abs(log_total - centre).max()) or 1.0
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
    columns = {name: values for name, values in regressors(facts).items() if values.any()}
    for name in columns:
        model.add_regressor(name, prior_scale=REGRESSOR_SPREAD / scale, standardize=False)
    model.fit(pd.DataFrame({"ds": facts.dates.astype("datetime64[s]"), **columns, "y": log_total - centre}))
    return numbers(model).above(centre)


def _recent_mean(values: np.ndarray, half_life: float) -> float:
    weights = 0.5 ** (np.arange(len(values))[::-1] / half_life)
    return float(values @ weights / weights.sum())


def regressors(facts: DayFacts) -> dict[str, np.ndarray]:
    """Every regressor by name, one value a day."""
    angle = 2 * np.pi * (facts.day_of_month - 1) / (facts.day_of_month + facts.days_to_month_end)
    columns: dict[str, np.ndarray] = {}
    for k in (1, 2):
        columns[f"month_sin{k}"], columns[f"month_cos{k}"] = np.sin(k * angle), np.cos(k * angle)
    columns["month_first"] = (facts.day_of_month <= 2).astype(float)
    columns["month_last"] = (facts.days_to_month_end <= 1).astype(float)
    for offset in NEAR_OFFSETS:
        columns[f"holiday_{offset:+d}"] = (facts.holiday_offset == offset).astype(float)
    for name in sorted(set(facts.kept_name) - {""}):
        columns[f"holiday_kept {name}"] = (facts.kept_name == name).astype(float)
    for number, name in enumerate(facts.period_names):
        columns[f"period_{name}"] = facts.periods[:, number]
    return columns
