"""What was learned about events, told to people: a table, the past events day by day, a sentence of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from staffing.domain.demand import Event
from staffing.forecast.baseline import Baseline
from staffing.forecast.day_level.regression import Regression
from staffing.forecast.events.clock import DayClock
from staffing.forecast.events.effects import Z_80, EventEffects
from staffing.forecast.events.hours import HOURS, HourEffect, places
from staffing.forecast.events.kinds import KindEffect
from staffing.forecast.events.priors import SOURCE, rule_of
from staffing.forecast.events.shapes import DAYS_BEFORE
from staffing.forecast.queue_model import QueueModel
from staffing.threads import one_thread

SHOWN_DAYS = 28
NEGLIGIBLE = 0.002  # log units
ABOUT = 2.0  # sizes within this factor are about the same
FIRST = np.datetime64("2001-01-01")
COLUMNS = ("kind", "queue", "n_past", "size_elasticity", "usual_size", "day", "effect", "low", "high")
HOUR_COLUMNS = ("kind", "queue", "n_days", "hours", "hour", "effect", "low", "high")
LEAST_SHARE = 0.002  # of the day's calls, for an hour to be listed
ORDINALS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven"}


@one_thread()
def learned_table(baseline: Baseline) -> pd.DataFrame:
    """Every kind's effect in every queue, for an event of the kind's usual size and length.

    Columns ``kind, queue, n_past, size_elasticity, usual_size, day, effect, low, high``: ``day`` 1 is the first
    day, −1 the day before it; ``effect`` is the share of contacts added, ``low`` and ``high`` its 80 % range for
    one more such event. ``size_elasticity`` (log effect per log size) is NaN where past sizes do not differ.
    """
    rows = [
        {"kind": kind, "queue": name, **row}
        for name, model in baseline.queues.items()
        for kind, effect in model.effects.learned.kinds.items()
        for row in _kind_rows(effect)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(["kind", "queue", "day"], ignore_index=True)


def _kind_rows(effect: KindEffect) -> Iterator[dict]:
    length = int(np.median([event.days for event in effect.events]))
    usual = Event(name="usual", kind="usual", start=FIRST.item(), end=(FIRST + length - 1).item(), size=effect.usual)
    mean, sd = effect.response(usual, FIRST + np.arange(-DAYS_BEFORE, SHOWN_DAYS))
    shown = np.flatnonzero(np.abs(mean) > NEGLIGIBLE)
    since = np.arange(-DAYS_BEFORE, SHOWN_DAYS)
    inside = (since >= min(since[shown].min(initial=0), 0)) & (since <= max(since[shown].max(initial=0), length - 1))
    for k in np.flatnonzero(inside):
        low, effect_k, high = np.expm1([mean[k] - Z_80 * sd[k], mean[k], mean[k] + Z_80 * sd[k]])
        yield {
            "n_past": len(effect.events),
            "size_elasticity": np.nan if effect.elasticity is None else effect.elasticity,
            "usual_size": np.nan if effect.usual is None else effect.usual,
            "day": day_number(int(since[k])),
            "effect": effect_k,
            "low": low,
            "high": high,
        }


@one_thread()
def hour_table(baseline: Baseline) -> pd.DataFrame:
    """Which hours each kind loads, on the first day of an event of its usual size; kinds that bend no day are left out.

    Columns ``kind, queue, n_days, hours, hour, effect, low, high``: ``hours`` is "since start" for kinds whose past
    events name a clock time, else "clock"; ``effect`` is the share of contacts added in that hour, ``low`` and ``high``
    the 80 % range of what was learned.
    """
    rows = [
        {"kind": kind, "queue": name, "n_days": hours.n_days, **row}
        for name, model in baseline.queues.items()
        for kind, hours in model.effects.hours.items()
        for row in _hour_rows(hours, model.effects.clock)
    ]
    return pd.DataFrame(rows, columns=list(HOUR_COLUMNS)).sort_values(["kind", "queue", "hour"], ignore_index=True)


def _hour_rows(hours: HourEffect, clock: DayClock) -> Iterator[dict]:
    """Hours of the usual event's first day; a clock time is the most frequent one of the past events."""
    times = Counter(event.start_time for event in hours.kind.events)
    timed = times.most_common(1)[0][0]
    usual = Event(name="usual", kind="usual", start=FIRST.item(), start_time=timed, size=hours.kind.usual)
    day = np.array([FIRST])
    placed = places(usual, FIRST, clock)
    bend, total = placed @ hours.mean, hours.kind.response(usual, day)[0][0]
    if not hours.matters:
        return
    whole = np.log(clock.shares.sum() / np.maximum((clock.shares * np.exp(bend)).sum(), 1e-12)) + total
    sd = np.sqrt(np.einsum("si,ij,sj->s", placed, hours.covariance, placed))
    for place in np.unique(placed[(clock.shares > LEAST_SHARE) & placed.any(axis=1)].argmax(axis=1)):
        k = int(placed[:, place].argmax())
        low, mean, high = np.expm1(whole + bend[k] + Z_80 * sd[k] * np.array([-1, 0, 1]))
        of = "since start" if place < HOURS else "clock"
        yield {"hours": of, "hour": int(place % HOURS), "effect": mean, "low": low, "high": high}


def day_number(since_start: int) -> int:
    """1 on the first day, −1 on the day before it: there is no day 0."""
    return since_start + 1 if since_start >= 0 else since_start


def past_responses(baseline: Baseline, kind: str, queue: str) -> pd.DataFrame:
    """What every past event of ``kind`` did, aligned on day one: ``event, size, day, actual, learned`` (shares).

    ``actual`` compares the day's calls with the forecast without this event; NaN on days without calls.
    """
    model = baseline.queues[queue]
    effect = model.effects.learned.kinds.get(kind)
    if effect is None or model.days is None:
        return pd.DataFrame(columns=["event", "size", "day", "actual", "learned"])
    regression = model.days.calendar
    return pd.concat([_past_response(model, regression, event) for event in effect.events], ignore_index=True)


def _past_response(model: QueueModel, regression: Regression, event: Event) -> pd.DataFrame:
    facts = model.facts
    since = (facts.dates - np.datetime64(event.start)).astype("int64")
    near = np.flatnonzero((since >= -DAYS_BEFORE) & (since < max(10, event.days + 4)))
    dates = facts.dates[near]
    learned = model.effects.log_multiplier(event, dates)
    others = model.effects.learned.past_effect(dates) - learned
    usual = np.exp(regression.predict(facts[near]) + others)
    return pd.DataFrame(
        {
            "event": event.name,
            "size": event.size,
            "day": [day_number(int(k)) for k in since[near]],
            "actual": model.totals.total[near] / usual - 1,
            "learned": np.expm1(learned),
        }
    )


def evidence(effects: EventEffects, event: Event) -> str:
    """One sentence on where the effect of ``event`` comes from: "2 past campaigns …: +9 % [5, 14] on day one"."""
    event = event.seen_by(effects.queue)
    source = effects.source(event)
    if source == "unknown" and event.moves_to == effects.queue:
        return f"Takes {event.moved_share:.0%} of the contacts that it keeps from other queues."
    if source == "unknown":
        return f"No past {event.kind} in {effects.queue} and no effect typed: counted as no effect."
    rule = rule_of(event) if source == "rule" else None
    if rule is not None:
        return f"No past {event.kind} in {effects.queue}; {SOURCE} stands in: {rule.words(event)}."
    mean, sd = effects.log_effect(event, np.datetime64(event.start) + np.arange(2))
    days = _day_text(mean[0], sd[0], 1) + (f", {_day_text(mean[1], sd[1], 2)}" if abs(mean[1]) > NEGLIGIBLE else "")
    if source == "past":
        return f"It did {days}."
    if source in ("typed", "override"):
        return f"Typed by the planner ({event.reason}): {days}." if event.reason else f"Typed by the planner: {days}."
    past = effects.learned.kinds[event.kind].events
    alike = [e for e in past if event.size and e.size and 1 / ABOUT <= e.size / event.size <= ABOUT]
    found = f"{len(past)} past {event.kind}{'s' if len(past) != 1 else ''}"
    return f"{found}, {len(alike)} of about this size: {days}." if event.size else f"{found}: {days}."


def _day_text(mean: float, sd: float, day: int) -> str:
    text = f"{100 * np.expm1(mean):+.0f} %"
    if sd:
        low, high = 100 * np.expm1([mean - Z_80 * sd, mean + Z_80 * sd])
        text += f" [{low:.0f}, {high:.0f}]"
    return f"{text} on day {ORDINALS.get(day, day)}"
