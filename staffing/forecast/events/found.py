"""Unannounced events: spikes, dips and level shifts that history shows and no event explains.

Every stretch of days is tried as a box added to the log totals. Under the regression's covariance its size and
its z-score come from two running sums of C⁻¹ and C⁻¹y (a generalised likelihood ratio scan; Basseville & Nikiforov
1993, ch. 2.4), so a wandering level or a season does not count as an event. The most surprising box is taken, its
effect removed, and the scan repeated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event, ExcludedDays
from staffing.forecast.counts import lay_out, leave_out
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.events.effects import distinct
from staffing.forecast.events.kinds import Learned
from staffing.forecast.queue_days import QueueDays, learn_effects, queue_days
from staffing.threads import one_thread

LONGEST_DAYS = 28  # a change that lasts longer is a level shift
SHIFT_DAYS = 42  # days of a new level that are shown
LEAST_Z = 4.5
LEAST_EFFECT = 0.05  # log units
MOST = 20  # per queue
MIN_BEFORE = 14  # days before a level shift
COLUMNS = ("queue", "start", "end", "days", "effect", "low", "high", "change", "evidence")


@one_thread()
def found_events(
    history: pd.DataFrame,
    calendar: SiteCalendar,
    events: Sequence[Event] = (),
    *,
    excluded: Sequence[ExcludedDays] = (),
) -> pd.DataFrame:
    """Candidate events, most surprising first per queue, to be named or excluded by the planner.

    Columns: ``queue, start, end`` (dates, inclusive), ``days``, ``effect, low, high`` (share, 80 %), ``change``
    (spike, dip, level shift) and ``evidence``, a sentence. A level shift's ``end`` is the last day looked at.
    """
    days = [
        queue_days(leave_out(lay_out(str(name), rows, calendar), excluded), calendar, distinct(events))
        for name, rows in history.groupby("queue", sort=True, observed=True)
    ]
    effects = learn_effects(days)
    rows = [row for queue in days for row in _scan(queue, effects[queue.counts.queue].learned)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _scan(queue: QueueDays, learned: Learned) -> list[dict]:
    if queue.rough is None:
        return []
    regression = queue.eventless(learned)
    dates = regression.facts.dates
    inverse = _even_inverse(regression)
    y = regression.log_total - regression.centre
    corners = np.zeros((len(y) + 1, len(y) + 1))
    corners[1:, 1:] = inverse.cumsum(axis=0).cumsum(axis=1)
    rows = [_shift_row(queue, regression, int(np.searchsorted(dates.astype("int64"), day))) for day in queue.shifts]
    while len(rows) < MOST:
        pull = np.concatenate([[0.0], np.cumsum(inverse @ y)])
        first, last, effect, sd = _strongest(corners, pull)
        if abs(effect) < max(LEAST_Z * sd, LEAST_EFFECT):
            break
        y[first:last] -= effect
        if last - first > LONGEST_DAYS:
            rows.append(_shift_row(queue, regression, first))
        else:
            span = (dates[first], dates[last - 1])
            rows.append(_row(queue.counts.queue, span, (effect, sd), abs(effect) / sd))
    return rows


def _even_inverse(regression: Regression) -> np.ndarray:
    """C⁻¹ with every day's own noise as the quiet days have it: an odd day must not excuse itself."""
    return np.linalg.inv(regression.solved().covariance + np.diag(regression.noise + regression.poisson))


def _strongest(corners: np.ndarray, pull: np.ndarray) -> tuple[int, int, float, float]:
    """First day, day after the last, log effect and its standard deviation of the most surprising box.

    Boxes are stretches of up to LONGEST_DAYS days, and everything from a day on (a level shift).
    """
    count = len(pull) - 1
    best, most = (0, 1, 0.0, 1.0), 0.0
    lasting = np.arange(MIN_BEFORE, max(count - LONGEST_DAYS, MIN_BEFORE))
    tried = [(a, a + n) for n in range(1, min(LONGEST_DAYS, count // 4) + 1) for a in [np.arange(count - n + 1)]]
    for a, b in [*tried, (lasting, np.full(len(lasting), count))]:
        if not len(a):
            continue
        precision = corners[b, b] - 2 * corners[a, b] + corners[a, a]
        effect = (pull[b] - pull[a]) / precision
        surprise = effect**2 * precision - 2 * np.log(np.minimum(b - a, LONGEST_DAYS))  # longer boxes fit more easily
        k = int(surprise.argmax())
        if surprise[k] > most:
            most = float(surprise[k])
            best = (int(a[k]), int(b[k]), float(effect[k]), float(precision[k] ** -0.5))
    return best


def _shift_row(queue: QueueDays, regression: Regression, first: int) -> dict:
    dates = regression.facts.dates
    effect, sd = _whole_shift(regression, first)
    end = dates[min(first + SHIFT_DAYS, len(dates)) - 1]
    return _row(queue.counts.queue, (dates[first], end), (effect, sd), abs(effect) / sd)


def _whole_shift(regression: Regression, first: int) -> tuple[float, float]:
    """A level shift measured plainly: the days after against the days before, calendar effects taken off.

    The scan's own estimate is only what the wandering level could not follow.
    """
    calendar_effects = [part for group, part in regression.components(regression.facts).items() if group != "level"]
    level = regression.log_total - np.sum(calendar_effects, axis=0)
    before, after = level[max(0, first - LONGEST_DAYS) : first], level[first : first + LONGEST_DAYS]
    sd = np.sqrt(before.var() / max(len(before), 1) + after.var() / len(after))
    return float(np.median(after) - np.median(before)), float(1.25 * sd)  # a median's error is 1.25 of a mean's


def _row(queue: str, span: tuple[np.datetime64, np.datetime64], change: tuple[float, float], surprise: float) -> dict:
    """One candidate; ``change`` is its log effect and standard deviation."""
    (first, last), (effect, sd) = span, change
    days = int((last - first).astype("int64")) + 1
    low, high = np.expm1(effect - 1.2816 * sd), np.expm1(effect + 1.2816 * sd)
    lasting = days > LONGEST_DAYS
    kind = "level shift" if lasting else ("spike" if effect > 0 else "dip")
    length = "from then on" if lasting else ("that day" if days == 1 else f"over {days} days")
    evidence = (
        f"{np.expm1(effect):+.0%} [{low:+.0%}, {high:+.0%}] {length}, against what level, week and season explain; "
        f"{surprise:.1f} standard deviations"
    )
    return {
        "queue": queue,
        "start": first.item(),
        "end": last.item(),
        "days": days,
        "effect": float(np.expm1(effect)),
        "low": float(low),
        "high": float(high),
        "change": kind,
        "evidence": evidence,
    }
