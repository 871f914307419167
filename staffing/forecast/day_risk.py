"""How far a day strays for what it is: its weekday, a holiday or a day beside one, the turn of a month.

The size of past errors is regressed on these facts, on logs, by the likelihood of Laplace errors (a dispersion model:
Smyth 1989, "Generalized linear models with varying dispersion"), each effect held to what queues of several trades have
as a rule, so that few such days move little. How far models disagree, and how large the last errors were, told nothing
more of single days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from staffing.forecast.day_level.days import NO_HOLIDAY, DayFacts

RULE = np.log([1.0] * 7 + [1.1, 1.5, 1.1])  # size over the usual: weekdays, beside a holiday, holiday, month's turn
PULL = np.array([16.0] * 7 + [6.0, 6.0, 8.0])  # such days at which a queue's own errors count by half
TURN_FIRST, TURN_LAST = 2, 1  # days of the month, and days before its last one
LARGEST = 4.0  # median errors: an outage counts as so much
STEPS, LONGEST_STEP = 12, 0.5


@dataclass(frozen=True)
class DayRisk:
    """``effects`` of ``risk_facts``, log units."""

    effects: np.ndarray

    def of(self, facts: DayFacts) -> np.ndarray:
        """Per day, what its deviation is multiplied by."""
        return np.asarray(np.exp(risk_facts(facts) @ self.effects))


USUAL_RISK = DayRisk(RULE)


def risk_facts(facts: DayFacts) -> np.ndarray:
    """Days × effects, 0 or 1."""
    near = facts.holiday_offset != NO_HOLIDAY
    holiday = facts.holiday_offset == 0
    turn = (facts.day_of_month <= TURN_FIRST) | (facts.days_to_month_end <= TURN_LAST)
    return np.column_stack([facts.weekday[:, None] == np.arange(7), near & ~holiday, holiday, turn]).astype(float)


def learn_risk(facts: DayFacts, day: np.ndarray, size: np.ndarray, trust: np.ndarray) -> DayRisk:
    """From past errors of the days ``facts``: place of each error's day, its ``size`` in usual deviations, and its
    trust, 1 at most."""
    usual = float(np.median(size)) if len(size) else 0.0
    if usual <= 0:
        return USUAL_RISK
    count, mass = np.bincount(day), np.bincount(day, trust)
    sums = np.bincount(day, trust * np.minimum(size, LARGEST * usual))
    known = np.flatnonzero(mass)
    return DayRisk(_effects(risk_facts(facts[known]), sums[known] / mass[known], mass[known] / count[known]))


def _effects(told: np.ndarray, size: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Newton's steps to the likeliest effects beside a free level."""
    effects, level = RULE.copy(), float(np.log(weight @ size / weight.sum()))
    design, pull = np.column_stack([np.ones(len(told)), told]), np.append(0.0, PULL)
    for _ in range(STEPS):
        ratio = size * np.exp(-level - told @ effects)
        slope = design.T @ (weight * (ratio - 1.0)) - pull * np.append(0.0, effects - RULE)
        curve = (design.T * (weight * np.clip(ratio, 0.3, 3.0))) @ design + np.diag(pull)
        step = np.clip(np.linalg.solve(curve, slope), -LONGEST_STEP, LONGEST_STEP)
        level, effects = level + step[0], effects + step[1:]
    return effects
