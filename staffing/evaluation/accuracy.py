"""Kept promises: what was forecast against what came.

WAPE is Σ|actual − forecast| / Σ actual over intervals, bias Σ(forecast − actual) / Σ actual, coverage the share of
intervals whose actual lies between p10 and p90 (80 % if the forecast knows how little it knows), value over the
weekday mean 1 − WAPE / WAPE of the weekday mean made from the same history. Each night is judged on its own, so
an interval that was promised on ten nights counts ten times, each at its own horizon; of a night that was run again the
last run counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.domain.calendar import WEEKDAYS
from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.evaluation.came import by_levers
from staffing.evaluation.drift import alarms
from staffing.evaluation.worsening import COLUMNS, worsening
from staffing.forecast import Baseline
from staffing.forecast.weekday_mean import weekday_mean
from staffing.store.kept import Kept

HORIZONS = ((1, "1 day"), (7, "2–7 days"), (28, "8–28 days"), (10_000, "over 28 days"))

NEXT_AFTER_DAYS = 28  # where the next such event is imagined: past the reach of the last one

_KEYS = ("queue", "by", "of")
_MEASURES = ("intervals", "calls", "wape", "bias", "coverage", "weekday_mean_wape", "value")
_EVENT_COLUMNS = ("queue", "event", "days", "promised", "came", "usual_error", "next_estimate")


@dataclass(frozen=True)
class Accuracy:
    """Promises compared with what came.

    Attributes
    ----------
    table : ``queue, by, of, intervals, calls, wape, bias, coverage, weekday_mean_wape, value``; ``by`` is all,
        horizon, week (by its Monday), weekday or event day.
    events : ``queue, event, days, promised, came, usual_error, next_estimate``: the event's share of contacts
        added on the ``days`` that have come whole, as last promised before it began, and as it came against the same
        forecast without the event; ``usual_error`` is that forecast's WAPE of whole days without events, below
        which a difference says little; ``next_estimate`` what the forecast would now say of the same event.
    worse : per queue, whether its errors have grown, since when and where (``evaluation.worsening``).
    alarms : sentences on queues whose latest days lie off their forecast to one side, or outside its range.
    """

    table: pd.DataFrame
    events: pd.DataFrame
    worse: pd.DataFrame
    alarms: tuple[str, ...]


def accuracy(
    kept: Iterable[Kept], history: pd.DataFrame, scenario: Scenario, baseline: Baseline | None = None
) -> Accuracy:
    """Compare every forecast kept of ``scenario`` with ``history``, as far as history now reaches.

    ``history`` is table HISTORY in the site's planning interval, of which the scenario's volume factors were promised;
    ``baseline``, fitted to it, gives the next estimate of events (NaN without it). Tables are empty when nothing
    promised has come yet.
    """
    history = by_levers(history, scenario)
    runs = _each_night_once(run for run in kept if run.scenario == scenario.name)
    parts = [part for run in runs if len(part := _pairs(run, history, scenario))]
    if not parts:
        nothing = [pd.DataFrame(columns=names) for names in ([*_KEYS, *_MEASURES], list(_EVENT_COLUMNS), list(COLUMNS))]
        return Accuracy(nothing[0], nothing[1], nothing[2], ())
    pairs = pd.concat(parts, ignore_index=True)
    pairs["event_day"] = _event_days(pairs, scenario)
    days = _whole_days(pairs)
    events = EventPromises(tuple(runs), days, _usual_errors(days), baseline)
    return Accuracy(_by_cut(pairs), events.table(scenario), worsening(pairs), alarms(_by_day(pairs)))


def _each_night_once(kept: Iterable[Kept]) -> list[Kept]:
    """Of the runs that knew the same last day the one made last: a night that is run again is no second promise."""
    newest: dict[dt.date, Kept] = {}
    for run in sorted(kept, key=lambda run: str(run.manifest.get("made_at", ""))):
        newest[run.history_until] = run
    return [newest[day] for day in sorted(newest)]


def _pairs(run: Kept, history: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Promised beside actual, per queue and interval, with the weekday mean of the same history."""
    promised = run.forecast()
    if promised is None:
        return pd.DataFrame()
    actual = history[["queue", "start", "calls"]].rename(columns={"calls": "actual"})
    pairs = promised.merge(actual, on=["queue", "start"]).dropna(subset=["actual"])
    if pairs.empty:
        return pairs
    sizes = promised.groupby(["queue", _local_days(promised["start"], scenario)])["start"].size()
    pairs = pairs.merge(_plain_forecast(run, history, scenario), on=["queue", "start"], how="left")
    day = _local_days(pairs["start"], scenario)
    promised_intervals = sizes.reindex(pd.MultiIndex.from_arrays([pairs["queue"], day])).to_numpy()
    ahead = (day - pd.Timestamp(run.history_until)).dt.days
    return pairs.assign(run=run.run, day=day, day_intervals=promised_intervals, ahead=ahead)


def _local_days(start: pd.Series, scenario: Scenario) -> pd.Series:
    """The site's local day of each instant, as midnight without a zone."""
    return start.dt.tz_convert(scenario.site.zone).dt.tz_localize(None).dt.normalize()


def _plain_forecast(run: Kept, history: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    first = run.history_until + dt.timedelta(days=1)
    known = history[history["start"] < scenario.site.midnight(first)]
    days = run.horizon_days
    means = {queue: weekday_mean(rows, scenario.site, first, days) for queue, rows in known.groupby("queue")}
    found = [mean[["start", "calls"]].assign(queue=queue) for queue, mean in means.items() if mean is not None]
    empty = history[["queue", "start", "calls"]].head(0)
    return pd.concat([empty, *found]).rename(columns={"calls": "weekday_mean"})


def _by_cut(pairs: pd.DataFrame) -> pd.DataFrame:
    edges, labels = [0, *(last for last, _ in HORIZONS)], [label for _, label in HORIZONS]
    cuts = {
        "all": pd.Series("all", pairs.index),
        "horizon": pd.cut(pairs["ahead"], edges, labels=labels).astype(str),
        "week": pairs["day"].dt.to_period("W-SUN").dt.start_time.dt.strftime("%Y-%m-%d"),
        "weekday": pairs["day"].dt.day_of_week.map(dict(enumerate(WEEKDAYS))),
        "event day": pairs["event_day"].map({True: "event", False: "no event"}),
    }
    rows = [
        {"queue": queue, "by": by, "of": of, **_measures(group)}
        for by, values in cuts.items()
        for (queue, of), group in pairs.groupby([pairs["queue"], values.rename("of")], sort=True)
    ]
    return pd.DataFrame(rows, columns=[*_KEYS, *_MEASURES])


def _event_days(pairs: pd.DataFrame, scenario: Scenario) -> pd.Series:
    touched = pd.Series(data=False, index=pairs.index)
    for event in scenario.events:
        queues = [queue.name for queue in scenario.queues if event.touches(queue.name)]
        inside = (pairs["day"] >= pd.Timestamp(event.start)) & (pairs["day"] <= pd.Timestamp(event.last))
        touched |= pairs["queue"].isin(queues) & inside
    return touched


def _measures(group: pd.DataFrame) -> dict[str, float]:
    actual, promised = group["actual"].to_numpy(), group["calls"].to_numpy()
    total = actual.sum()
    compared = group.dropna(subset=["weekday_mean"])
    plain = wape(compared["actual"], compared["weekday_mean"])
    return {
        "intervals": len(group),
        "calls": float(total),
        "wape": wape(group["actual"], group["calls"]),
        "bias": float((promised - actual).sum() / total) if total > 0 else np.nan,
        "coverage": float(((group["p10"] <= actual) & (actual <= group["p90"])).mean()),
        "weekday_mean_wape": plain,
        "value": 1 - wape(compared["actual"], compared["calls"]) / plain if plain > 0 else np.nan,
    }


def wape(actual: pd.Series, promised: pd.Series) -> float:
    """NaN where nothing came: a share of nothing is undefined."""
    total = actual.sum()
    return float((actual - promised).abs().sum() / total) if total > 0 else np.nan


def _whole_days(pairs: pd.DataFrame) -> pd.DataFrame:
    """``run, queue, day, actual, calls, event_day`` of days whose every promised interval has come."""
    groups = pairs.groupby(["run", "queue", "day"], sort=True)
    days = groups.agg(
        actual=("actual", "sum"),
        calls=("calls", "sum"),
        come=("actual", "size"),
        promised=("day_intervals", "first"),
        event_day=("event_day", "first"),
    )
    return days[days["come"] == days["promised"]].reset_index()


def _usual_errors(days: pd.DataFrame) -> dict[str, float]:
    """WAPE of day totals without events, per queue."""
    quiet = days[~days["event_day"]]
    return {str(queue): wape(own["actual"], own["calls"]) for queue, own in quiet.groupby("queue")}


@dataclass(frozen=True)
class EventPromises:
    """What events were promised to add, beside what they added. ``days`` are the whole days that have come."""

    runs: tuple[Kept, ...]
    days: pd.DataFrame
    usual_errors: dict[str, float]
    baseline: Baseline | None

    def table(self, scenario: Scenario) -> pd.DataFrame:
        rows = [row for event in scenario.events if event.enabled for row in self._one(event)]
        return pd.DataFrame(rows, columns=list(_EVENT_COLUMNS))

    def _one(self, event: Event) -> list[dict[str, object]]:
        """One row per queue that the event touches; the last promise before it began counts.

        All shares are of the event's own days that were forecast then and have come.
        """
        before = [run for run in self.runs if run.history_until < event.start]
        causes = before[-1].causes() if before else None
        if causes is None:
            return []
        causes = causes.assign(day=pd.to_datetime(causes["day"]))
        own_days = causes[causes["day"].between(pd.Timestamp(event.start), pd.Timestamp(event.last))]
        came = self.days[self.days["run"] == before[-1].run].set_index(["queue", "day"])["actual"]
        rows: list[dict[str, object]] = []
        for name, own in own_days.groupby("queue"):
            queue, totals = str(name), own.groupby("day")["calls"].sum()
            actual = came.reindex(pd.MultiIndex.from_product([[queue], totals.index])).dropna().droplevel(0)
            promised = totals[actual.index]
            without = (promised / _lifts(own, event.name).reindex(actual.index, fill_value=1.0)).sum()
            if event.touches(queue) and without > 0:
                told = {"promised": promised.sum() / without - 1, "came": actual.sum() / without - 1}
                told |= {"usual_error": self.usual_errors.get(queue, np.nan)}
                told |= {"next_estimate": self._next_estimate(event, queue, actual.index)}
                shares = {key: float(value) for key, value in told.items()}
                rows.append({"queue": queue, "event": event.name, "days": len(actual), **shares})
        return rows

    def _next_estimate(self, event: Event, queue: str, days: pd.Index) -> float:
        """Mean share that one more such event would add on the same of its days, as learned from all that have come."""
        model = None if self.baseline is None else self.baseline.queues.get(queue)
        if model is None:
            return np.nan
        after = model.facts.dates[-1].item() + dt.timedelta(days=NEXT_AFTER_DAYS)
        untyped = {"name": f"next {event.name}"[:80], "effect": None, "effect_low": None, "effect_high": None}
        coming = event.moved(after).model_copy(update=untyped)
        dates = np.datetime64(coming.start) + (days - pd.Timestamp(event.start)).days.to_numpy()
        return float(np.expm1(model.effects.log_multiplier(coming, dates)).mean())


def _lifts(causes: pd.DataFrame, cause: str) -> pd.Series:
    """By day, what ``cause`` multiplies the calls by, of one queue's ``day, cause, calls``.

    Effects multiply, and each cause is told by what it adds to those before it: a share of these, whatever comes after.
    """
    after = causes.groupby("day")["calls"].cumsum()
    own = causes["cause"] == cause
    before = (after - causes["calls"])[own]
    return (after[own] / before).where(before > 0, 1.0).groupby(causes.loc[own, "day"]).prod()


def _by_day(pairs: pd.DataFrame) -> pd.DataFrame:
    """Each day of each queue once, by its nearest promise: what ``drift.alarms`` is told."""
    nearest = pairs.sort_values("ahead", kind="stable").drop_duplicates(["queue", "start"])
    nearest = nearest.assign(inside=(nearest["p10"] <= nearest["actual"]) & (nearest["actual"] <= nearest["p90"]))
    return nearest.groupby(["queue", "day"], as_index=False).agg(
        intervals=("actual", "size"), actual=("actual", "sum"), promised=("calls", "sum"), inside=("inside", "sum")
    )
