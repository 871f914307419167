"""Queues and their total made to agree, day by day, each trusted by how sure it is.

A total is forecast like a queue of its own, and the gap to the sum of its queues is shared out by weighted least
squares with the forecasts' own variances on the diagonal (Hyndman, Lee & Wang 2016, "Fast computation of reconciled
forecasts"; Wickramasuriya et al. 2019, section 2.4): in proportion to variance. Every sample path of the queues is
then scaled to the total's path of that day, so that the total keeps its own spread. All this happens on days
without events: what an event does to one queue is no gap. With events, the total is the sum of its queues.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from staffing.domain.demand import Event, QueueTotal
from staffing.forecast.canvas import Canvas
from staffing.forecast.counts import QueueCounts

COUNT_OFFSET = 0.5
ENDED = np.timedelta64(28, "D")
CAUSE = "agreement with {}"


def total_counts(total: str, parts: Sequence[QueueCounts]) -> QueueCounts | None:
    """The sum of ``parts`` on the days that all of them know, missing where a part is; None where a part ended long
    before the others or began after their end."""
    first, last = max(part.dates[0] for part in parts), min(part.dates[-1] for part in parts)
    if first > last or max(part.dates[-1] for part in parts) - last > ENDED:
        return None
    rows = [slice(*np.searchsorted(part.dates, [first, last + 1])) for part in parts]
    calls = [np.where(part.open, part.calls, 0.0)[row] for part, row in zip(parts, rows, strict=True)]
    is_open = np.any([part.open[row] for part, row in zip(parts, rows, strict=True)], axis=0)
    summed = np.where(is_open, np.sum(calls, axis=0), np.nan)
    unseen = parts[0].unseen  # the site's, so that of all queues
    return QueueCounts(total, parts[0].dates[rows[0]], summed, np.full_like(summed, np.nan), is_open, unseen=unseen)


def of_total(total: QueueTotal, events: Sequence[Event]) -> tuple[Event, ...]:
    """The events of a total's queues, as events of the total."""
    touching = (event for event in events if any(map(event.touches, total.queues)))
    return tuple(event.model_copy(update={"queues": (total.name,)}) for event in touching)


def agree(parts: Sequence[Canvas], total: Canvas) -> list[Canvas]:
    """``parts`` with one more cause, what agreement with the total asks, and factors that add up to the total's.

    Days on which the total, or every part, expects nothing are left as they are.
    """
    own = np.array([part.expected for part in parts])
    drawn = own[:, None, :] * np.array([part.factors for part in parts])
    wanted = _shared_gap(own, total.expected, drawn.var(axis=1), (total.expected * total.factors).var(axis=0))
    scaled = drawn * _ratio(wanted, own)[:, None, :]
    spread = _ratio(wanted.sum(axis=0) * total.factors, scaled.sum(axis=0))
    spread[:, total.expected == 0] = 1.0
    log_change = np.log((wanted + COUNT_OFFSET) / (own + COUNT_OFFSET))
    cause = CAUSE.format(total.model.queue)
    return [
        replace(
            part,
            causes={**part.causes, cause: change},
            pencil=replace(part.pencil, factors=_mean_one(part.factors * spread)),
        )
        for part, change in zip(parts, log_change, strict=True)
    ]


def _shared_gap(own: np.ndarray, total: np.ndarray, variance: np.ndarray, total_variance: np.ndarray) -> np.ndarray:
    """Queues × days on which queues and total agree; never negative."""
    gap = np.where(total > 0, total - own.sum(axis=0), 0.0)
    share = _ratio(variance, np.broadcast_to(variance.sum(axis=0) + total_variance, variance.shape), 0.0)
    return np.where(own > 0, np.maximum(own + share * gap, 0.0), 0.0)


def _mean_one(factors: np.ndarray) -> np.ndarray:
    return factors / factors.mean(axis=0)


def _ratio(top: np.ndarray, bottom: np.ndarray, undefined: float = 1.0) -> np.ndarray:
    """``top / bottom``; ``undefined`` where nothing is divided by nothing, as on closed days."""
    return np.divide(top, bottom, out=np.full(np.shape(bottom), undefined), where=np.asarray(bottom) > 0)
