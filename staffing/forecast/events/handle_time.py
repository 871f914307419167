"""What past events did to handle time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from staffing.domain.demand import Event
from staffing.forecast.counts import QueueCounts
from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.kernels import day_terms
from staffing.forecast.day_level.regression import fit_regression
from staffing.forecast.events.effects import GROUP, past_events, rough_terms
from staffing.forecast.events.evidence import Evidence, gather

LEAST_DAYS = 60  # with a known handle time, before events are looked for in it
CALL_VARIANCE = 0.6  # of the log of one call's handle time
STEADY_TERMS = ("constant", "level", "weekday")
NOISE_PRIOR = 0.001


def handle_time_evidence(counts: QueueCounts, facts: DayFacts, events: Sequence[Event]) -> Evidence | None:
    """What past events did to the day's mean handle time; None where too few days tell.

    The log of the day's mean (weighted by calls) is level and weekday by a regression of its own, plus events.
    """
    weight = np.where(np.isfinite(counts.aht_s), np.nan_to_num(counts.calls), 0.0)
    calls = weight.sum(axis=1)
    known = np.flatnonzero(calls > 0)
    past = past_events(events, counts.queue, facts.dates[known]) if len(known) >= LEAST_DAYS else ()
    if not past:
        return None
    mean = (weight * np.nan_to_num(counts.aht_s)).sum(axis=1)[known] / calls[known]
    steady = tuple(term for term in day_terms(len(known), periods=False) if term.name in STEADY_TERMS)
    rough = fit_regression(
        facts[known], np.log(mean), CALL_VARIANCE / calls[known], steady + rough_terms(past), noise_prior=NOISE_PRIOR
    )
    return gather(past, rough, rough.without(GROUP), counts)
