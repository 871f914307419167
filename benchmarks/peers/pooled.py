"""Boosted trees over all queues at once: day totals over their own recent weekday mean, lags and calendar as features.

A forecast made at a cutoff learns from every queue's days before that date. What a day is told is causal – only days at
least the stretch's horizon before it –, so the table of a queue is made once for all cutoffs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import holidays
import numpy as np
import pandas as pd

STRETCHES = ((0, 7), (7, 28), (28, 90))
SETTINGS = {"n_estimators": 400, "learning_rate": 0.03, "num_leaves": 31, "min_child_samples": 30, "objective": "l1"}


@dataclass
class Pool:
    """Day totals of every queue (missing days filled from days before them) and its country."""

    totals: dict[str, pd.Series]
    country: dict[str, str]
    _tables: dict[tuple[str, int], pd.DataFrame] = field(default_factory=dict)

    def forecast(self, name: str, cutoff: pd.Timestamp, future: pd.DatetimeIndex) -> np.ndarray:
        """Day totals of the days to come."""
        import lightgbm

        parts = []
        for first, last in STRETCHES:
            if first >= len(future):
                break
            ahead = min(last, len(future))
            known = [one[one.index < cutoff].iloc[-730:].dropna(subset=["target", "base"]) for one in self.all(ahead)]
            seen = pd.concat(known)
            told = [column for column in seen.columns if column not in ("target", "base")]
            model = lightgbm.LGBMRegressor(**SETTINGS, n_jobs=1, verbose=-1)
            model.fit(seen[told], seen["target"])
            days = self.table(name, ahead).loc[future[first:last]]
            parts.append(np.maximum((days["base"] + 1) * np.exp(model.predict(days[told])) - 1, 0.0))
        return np.concatenate(parts)

    def all(self, ahead: int) -> list[pd.DataFrame]:
        return [self.table(name, ahead) for name in self.totals]

    def table(self, name: str, ahead: int) -> pd.DataFrame:
        """Per day of a queue its target, the mean it is held against, and what was known ``ahead`` days before."""
        if (name, ahead) not in self._tables:
            self._tables[name, ahead] = _told(self.totals[name], self.country[name], ahead)
        return self._tables[name, ahead]


def _told(totals: pd.Series, country: str, ahead: int) -> pd.DataFrame:
    weeks = -(-ahead // 7)
    same = {count: pd.concat([totals.shift(7 * (weeks + j)) for j in range(count)], axis=1) for count in (1, 4, 8, 52)}
    base = same[8].mean(axis=1)

    def over_base(values: pd.Series) -> pd.Series:
        return np.log((values + 1) / (base + 1))

    out = {"target": over_base(totals), "base": base}
    out |= {f"same {count}": over_base(values.mean(axis=1)) for count, values in same.items() if count != 8}
    out |= {f"last {n}": over_base(totals.shift(ahead).rolling(n, min_periods=1).mean()) for n in (7, 14, 28)}
    out["year ago"] = over_base(totals.shift(364))
    out["strays"] = np.log((same[8].std(axis=1) + 1) / (base + 1))
    out["size"] = np.log(base + 1)
    days = totals.index
    out |= {
        "weekday": days.dayofweek,
        "day": days.day,
        "month": days.month,
        "to the end": days.days_in_month - days.day,
    }
    public = holidays.country_holidays(country, years=range(days[0].year, days[-1].year + 2))
    dates = np.array(sorted(public), dtype="datetime64[D]")
    today = days.to_numpy("datetime64[D]")
    after = today - dates[np.maximum(np.searchsorted(dates, today, side="right") - 1, 0)]
    before = dates[np.minimum(np.searchsorted(dates, today), len(dates) - 1)] - today
    for which, gap in (("holiday before", after), ("holiday to come", before)):
        out[which] = np.clip(gap.astype(float), 0, 10)
    return pd.DataFrame(out, index=days)
