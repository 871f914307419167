"""Queues that have left their forecast: their latest days lie off to one side, or outside the range too often."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

DAYS, LEAST_DAYS = 14, 7
SCORE = 4.0  # by chance about once in 600 queues a night at 14 days (Student's t)
SHIFT = 0.03
COVERAGE, INTERVALS = 0.6, 50  # the range should hold 80 %


def alarms(days: pd.DataFrame) -> tuple[str, ...]:
    """One sentence for each queue and fault. ``days`` has ``queue, day, intervals, actual, promised, inside``, a day of
    a queue once: contacts that came and were promised, and how many of its intervals lay between p10 and p90."""
    told = list[str]()
    for queue, own in days.groupby("queue", sort=True, observed=True):
        recent = own.sort_values("day").iloc[-DAYS:]
        if len(recent) >= LEAST_DAYS:
            told += [*_level(str(queue), recent), *_range(str(queue), recent)]
    return tuple(told)


def _level(queue: str, recent: pd.DataFrame) -> Iterator[str]:
    """The score is the mean daily log error over its standard error, which counting noise bounds from below."""
    daily = recent[(recent[["actual", "promised"]] > 0).all(axis=1)]
    if len(daily) < LEAST_DAYS:
        return
    error = np.log(daily["actual"].astype(float) / daily["promised"].astype(float))
    variance = max(float(error.var(ddof=1)), float((1 / daily["promised"]).mean()))
    shift = float(error.mean())
    if abs(shift) > max(SHIFT, SCORE * np.sqrt(variance / len(daily))):
        way = "above" if shift > 0 else "below"
        yield (
            f"{queue}: the last {len(daily)} days came {abs(np.expm1(shift)):.0%} {way} their forecast. "
            "Look for a level shift or an event nobody named."
        )


def _range(queue: str, recent: pd.DataFrame) -> Iterator[str]:
    held = float(recent["inside"].sum() / recent["intervals"].sum())
    if recent["intervals"].sum() >= INTERVALS and held < COVERAGE:
        yield (
            f"{queue}: the 10–90 % range held only {held:.0%} of the last {len(recent)} days' intervals, "
            "80 % is promised. Plan with more slack until the forecast has learned."
        )
