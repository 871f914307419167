"""Kept promises: what was forecast against what came.

WAPE is Σ|actual − forecast| / Σ actual over intervals, bias Σ(forecast − actual) / Σ actual, coverage the share of
intervals whose actual lies between p10 and p90 (80 % if the forecast knows how little it knows), value over the
weekday mean 1 − WAPE / WAPE of the weekday mean made from the same history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.domain.calendar import WEEKDAYS
from staffing.domain.scenario import Scenario
from staffing.forecast.weekday_mean import weekday_mean
from staffing.store.kept import Kept

HORIZONS = ((1, "1 day"), (7, "2–7 days"), (28, "8–28 days"), (10_000, "over 28 days"))
ALARM_DAYS = 14
ALARM_SCORE = 4.0
ALARM_SHIFT = 0.03

_KEYS = ("queue", "by", "of")
_MEASURES = ("intervals", "calls", "wape", "bias", "coverage", "weekday_mean_wape", "value")
_EVENT_COLUMNS = ("queue", "event", "promised", "came")


@dataclass(frozen=True)
class Accuracy:
    """Promises compared with what came.

    Attributes
    ----------
    table : ``queue, by, of, intervals, calls, wape, bias, coverage, weekday_mean_wape, value``; ``by`` is all,
        horizon, weekday or event day.
    events : ``queue, event, promised, came``: the event's share of contacts added, as last promised before it
        began, and as it came against the same forecast without the event.
    alarms : sentences on queues whose latest days lie off their forecast, all to one side.
    """

    table: pd.DataFrame
    events: pd.DataFrame
    alarms: tuple[str, ...]


def accuracy(kept: Iterable[Kept], history: pd.DataFrame, scenario: Scenario) -> Accuracy:
    """Compare every kept forecast with ``history`` (table HISTORY), as far as history now reaches.

    Tables are empty when nothing promised has come yet.
    """
    runs = list(kept)
    parts = [part for run in runs if len(part := _pairs(run, history, scenario))]
    if not parts:
        return Accuracy(pd.DataFrame(columns=[*_KEYS, *_MEASURES]), pd.DataFrame(columns=_EVENT_COLUMNS), ())
    pairs = pd.concat(parts, ignore_index=True)
    return Accuracy(_by_cut(pairs, scenario), _event_promises(runs, history, scenario), _alarms(pairs))


def _pairs(run: Kept, history: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Promised beside actual, per queue and interval, with the weekday mean of the same history."""
    promised = run.forecast()
    if promised is None:
        return pd.DataFrame()
    actual = history[["queue", "start", "calls"]].rename(columns={"calls": "actual"})
    pairs = promised.merge(actual, on=["queue", "start"]).dropna(subset=["actual"])
    if pairs.empty:
        return pairs
    pairs = pairs.merge(_plain_forecast(run, history, scenario), on=["queue", "start"], how="left")
    local = pairs["start"].dt.tz_convert(scenario.site.zone)
    ahead = (local.dt.tz_localize(None).dt.normalize() - pd.Timestamp(run.history_until)).dt.days
    return pairs.assign(day=local.dt.date, weekday=local.dt.day_of_week, ahead=ahead)


def _plain_forecast(run: Kept, history: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    first = run.history_until + dt.timedelta(days=1)
    known = history[history["start"] < scenario.site.midnight(first)]
    days = int(run.manifest["horizon_days"])
    means = {queue: weekday_mean(rows, scenario.site, first, days) for queue, rows in known.groupby("queue")}
    found = [mean[["start", "calls"]].assign(queue=queue) for queue, mean in means.items() if mean is not None]
    empty = history[["queue", "start", "calls"]].head(0)
    return pd.concat([empty, *found]).rename(columns={"calls": "weekday_mean"})


def _by_cut(pairs: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    edges, labels = [0, *(last for last, _ in HORIZONS)], [label for _, label in HORIZONS]
    cuts = {
        "all": pd.Series("all", pairs.index),
        "horizon": pd.cut(pairs["ahead"], edges, labels=labels).astype(str),
        "weekday": pairs["weekday"].map(dict(enumerate(WEEKDAYS))),
        "event day": _event_days(pairs, scenario),
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
        touched |= pairs["queue"].isin(queues) & (pairs["day"] >= event.start) & (pairs["day"] <= event.last)
    return touched.map({True: "event", False: "no event"})


def _measures(group: pd.DataFrame) -> dict[str, float]:
    actual, promised = group["actual"].to_numpy(), group["calls"].to_numpy()
    total = actual.sum()
    compared = group.dropna(subset=["weekday_mean"])
    plain = _wape(compared["actual"], compared["weekday_mean"])
    return {
        "intervals": len(group),
        "calls": float(total),
        "wape": _wape(group["actual"], group["calls"]),
        "bias": float((promised - actual).sum() / total) if total > 0 else np.nan,
        "coverage": float(((group["p10"] <= actual) & (actual <= group["p90"])).mean()),
        "weekday_mean_wape": plain,
        "value": 1 - _wape(compared["actual"], compared["calls"]) / plain if plain > 0 else np.nan,
    }


def _wape(actual: pd.Series, promised: pd.Series) -> float:
    """NaN where nothing came: a share of nothing is undefined."""
    total = actual.sum()
    return float((actual - promised).abs().sum() / total) if total > 0 else np.nan


def _event_promises(runs: list[Kept], history: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    local = history["start"].dt.tz_convert(scenario.site.zone).dt.tz_localize(None).dt.normalize()
    came = history.assign(day=local).groupby(["queue", "day"])["calls"].sum(min_count=1)
    rows = []
    for event in scenario.events:
        before = [run for run in runs if run.history_until < event.start]
        causes = before[-1].causes() if before else None
        if causes is not None:
            rows += _one_event(event.name, causes.assign(day=pd.to_datetime(causes["day"])), came)
    return pd.DataFrame(rows, columns=_EVENT_COLUMNS)


def _one_event(name: str, causes: pd.DataFrame, came: pd.Series) -> list[dict[str, object]]:
    """What ``name`` was promised to add to each queue, and what it added, on the days that have come."""
    rows: list[dict[str, object]] = []
    for queue, own in causes.groupby("queue"):
        totals = own.groupby("day")["calls"].sum()
        moved = own[(own["cause"] == name) & (own["calls"] != 0)].set_index("day")["calls"]
        actual = came.get(queue, pd.Series(dtype=float)).reindex(moved.index).dropna()
        added = moved.reindex(actual.index).sum()
        without = totals.reindex(actual.index).sum() - added
        if without > 0:
            shares = {"promised": float(added / without), "came": float(actual.sum() / without - 1)}
            rows.append({"queue": queue, "event": name, **shares})
    return rows


def _alarms(pairs: pd.DataFrame) -> tuple[str, ...]:
    """Queues whose latest days lie off to one side by more than chance would.

    Each day is judged by its nearest promise; the score is the mean daily log error over its standard error.
    """
    nearest = pairs.sort_values("ahead").drop_duplicates(["queue", "start"])
    daily = nearest.groupby(["queue", "day"])[["actual", "calls"]].sum()
    daily = daily[(daily > 0).all(axis=1)]
    told = []
    for queue, error in np.log(daily["actual"] / daily["calls"]).groupby("queue"):
        last = error.sort_index().tail(ALARM_DAYS)
        score = abs(last.mean()) / (last.std(ddof=1) / np.sqrt(len(last))) if len(last) >= 5 else np.nan
        if score > ALARM_SCORE and abs(last.mean()) > ALARM_SHIFT:
            way = "above" if last.mean() > 0 else "below"
            told.append(
                f"{queue}: the last {len(last)} days came {abs(np.expm1(last.mean())):.0%} {way} their forecast. "
                "Look for a level shift or an event nobody named."
            )
    return tuple(told)
