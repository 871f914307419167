"""Peer forecasts at given cutoffs, computed inside the peers' own environment.

    python forecasts.py series.parquet tasks.json out.parquet [methods to leave out …]

`series.parquet` holds `series, day, slot, calls` (NaN = missing); `tasks.json` maps each series to its
country, its cutoffs and its horizon in days. `out.parquet` holds `series, method, cutoff, day, slot, calls`;
`out.ranges.parquet` the deciles of day totals (`series, method, cutoff, day, 0.1 … 0.9`) of methods that have them.
Every method that forecasts day totals is given the same profile: the mean share of the last 12 same weekdays.
Methods that are done are kept (`out.parquet.part`), so that a run that was ended goes on.
"""

import json
import logging
import os
import sys
import time
import warnings

import holidays
import numpy as np
import pandas as pd
from pooled import Pool

warnings.filterwarnings("ignore")
for name in ("cmdstanpy", "prophet"):
    logging.getLogger(name).setLevel(logging.CRITICAL)
logging.getLogger("cmdstanpy").disabled = True  # Prophet sets its level anew

MSTL_DAYS = 120  # its cost grows with the history; more days did not make it better
TBATS_DAYS = 730  # the same; a fit of two years takes seconds
DECILES = [f"{k / 10:g}" for k in range(1, 10)]


def weekday(days):
    return np.asarray(days.dayofweek)


def same_weekday_mean(past, future, weeks):
    return np.array([past[weekday(past.index) == d.dayofweek].tail(weeks).mean().to_numpy() for d in future])


def profile(past, future):
    shares = past.div(past.sum(axis=1).replace(0, np.nan), axis=0)
    return np.nan_to_num(same_weekday_mean(shares, future, 12))


def prophet_frame(values, stamps):
    return pd.DataFrame({"ds": stamps, "y": values}).dropna()


def fit_prophet(frame, country):
    from prophet import Prophet

    model = Prophet(uncertainty_samples=0)
    model.add_country_holidays(country)
    return model.fit(frame)


def prophet_intervals(past, future, country):
    """Prophet on the raw intervals, told which slots and weekdays are never open."""
    slots = past.shape[1]
    step = pd.Timedelta("1D") / slots

    def stamps(days):
        return np.repeat(days.to_numpy("datetime64[ns]"), slots) + np.tile(
            (np.arange(slots) * step).astype("timedelta64[ns]"), len(days)
        )

    volume = np.nan_to_num(past.to_numpy())
    active = volume.sum(0) > 0.001 * volume.sum() / slots
    by_weekday = np.array([volume[weekday(past.index) == k].sum() for k in range(7)])
    open_weekday = by_weekday > 0.005 * volume.sum() / 7
    keep = np.tile(active, len(past)) & np.repeat(open_weekday[weekday(past.index)], slots)
    model = fit_prophet(prophet_frame(past.to_numpy().ravel()[keep], stamps(past.index)[keep]), country)
    out = model.predict(pd.DataFrame({"ds": stamps(future)})).yhat.to_numpy().reshape(len(future), slots)
    out[:, ~active] = 0
    out[~open_weekday[weekday(future)]] = 0
    return out


def prophet_days(past, future, country):
    totals = past.sum(axis=1, min_count=1)
    model = fit_prophet(prophet_frame(totals.to_numpy(), totals.index), country)
    return model.predict(pd.DataFrame({"ds": future})).yhat.to_numpy()[:, None] * profile(past, future)


def smoothing(name):
    """A statsforecast model of weekly season on day totals; its own ranges go with it."""

    def made(past, future, country):
        from statsforecast import models

        model = getattr(models, name)(season_length=[7] if name == "AutoTBATS" else 7)
        known = past[-TBATS_DAYS:] if name == "AutoTBATS" else past
        totals = np.ascontiguousarray(known.sum(axis=1).to_numpy(float))
        out = model.forecast(totals, h=len(future), level=[20, 40, 60, 80])
        lows, highs = ([out[f"{side}-{level}"] for level in levels] for side, levels in SIDES)
        ranges = np.column_stack([*lows, out["mean"], *highs])
        return out["mean"][:, None] * profile(past, future), np.sort(np.maximum(ranges, 0.0), axis=1)

    return made


SIDES = (("lo", (80, 60, 40, 20)), ("hi", (20, 40, 60, 80)))


def mstl(past, future, country):
    from statsforecast.models import MSTL, AutoETS

    slots = past.shape[1]
    seasons = [7] if slots == 1 else [slots, 7 * slots]
    model = MSTL(seasons, trend_forecaster=AutoETS(model="ZZN"))
    values = np.ascontiguousarray(past.to_numpy()[-MSTL_DAYS:].ravel())
    return model.forecast(values, h=len(future) * slots)["mean"].reshape(len(future), slots)


def lag_features(days, past, horizon, public_holidays):
    rows, slots, nan = [], past.shape[1], np.full(past.shape[1], np.nan)
    for day in days:
        known = past[past.index <= day - pd.Timedelta(days=horizon)]
        same = known[weekday(known.index) == day.dayofweek]
        near = np.abs((public_holidays - day).days).min()
        after = min([(day - h).days for h in public_holidays if h <= day], default=99)
        lags = [same.tail(k).mean().to_numpy() if len(same) else nan for k in (1, 4, 8)]
        level = known.tail(14).to_numpy().mean() if len(known) else np.nan
        fixed = (day.dayofweek, day.day, day.month, min(near, 10), min(after, 10), level)
        rows.append(np.column_stack([np.arange(slots), *[np.full(slots, v) for v in fixed], *lags]))
    return np.vstack(rows)


def lightgbm_lags(past, future, country):
    """Boosted trees on intervals; one model for each stretch of the horizon, so that near days keep near lags."""
    import lightgbm

    years = range(past.index[0].year, future[-1].year + 1)
    public = pd.DatetimeIndex(sorted(holidays.country_holidays(country, years=years)))
    parts = []
    for first, last in ((0, 7), (7, 28), (28, 90)):
        if first >= len(future):
            break
        horizon = min(last, len(future))
        targets = past.index[max(horizon + 14, 35) :][-730:]
        if len(targets) < 20:
            parts.append(same_weekday_mean(past, future[first:last], 8))
            continue
        model = lightgbm.LGBMRegressor(
            n_estimators=300,
            learning_rate=0.03,
            num_leaves=31,
            min_child_samples=20,
            objective="l1",
            n_jobs=1,
            verbose=-1,
        )
        model.fit(lag_features(targets, past, horizon, public), past.loc[targets].to_numpy().ravel())
        days = future[first:last]
        parts.append(model.predict(lag_features(days, past, horizon, public)).reshape(len(days), -1))
    return np.vstack(parts)


SMOOTHING = {"ETS": "AutoETS", "Theta": "AutoTheta", "CES": "AutoCES", "TBATS": "AutoTBATS"}
POOLED = "LightGBM over all queues"
METHODS = {
    "same weekday last week": lambda past, future, country: same_weekday_mean(past, future, 1),
    "mean of 8 same weekdays": lambda past, future, country: same_weekday_mean(past, future, 8),
    "mean of 52 same weekdays": lambda past, future, country: same_weekday_mean(past, future, 52),
    **{name: smoothing(model) for name, model in SMOOTHING.items()},
    "LightGBM": lightgbm_lags,
    "MSTL": mstl,
    "Prophet on days": prophet_days,
    "Prophet on intervals": prophet_intervals,
}
ORDER = [*(name for name in METHODS if name != "TBATS"), POOLED, "TBATS"]  # the slowest last
NEEDS_WHOLE = {*SMOOTHING, "MSTL", "LightGBM", "same weekday last week"}


def filled(past):
    """Missing cells take the mean of the last four same weekdays, for peers that cannot take them missing."""
    by_weekday = past.groupby(weekday(past.index))
    means = by_weekday.transform(lambda c: c.shift(1).rolling(4, min_periods=1).mean())
    return past.fillna(means).fillna(by_weekday.transform("mean")).fillna(0.0)


def known_before(grid):
    """Day totals, a missing day filled from days before it alone."""
    totals = grid.sum(axis=1, min_count=1)
    return totals.fillna(totals.shift(7).rolling(28, min_periods=1).mean()).ffill()


def one(method, grid, cutoff, task, pool):
    """Forecast of days × slots, and the deciles of its day totals where the method has them."""
    past, future = grid[grid.index < cutoff], grid.index[grid.index >= cutoff][: task["horizon"]]
    if method == POOLED:
        made = pool.forecast(task["name"], cutoff, future)[:, None] * profile(filled(past), future), None
    else:
        made = METHODS[method](filled(past) if method in NEEDS_WHOLE else past, future, task["country"])
        made = made if isinstance(made, tuple) else (made, None)
    return np.clip(np.nan_to_num(made[0]), 0, None), made[1], future


def tables(method, name, grid, task, pool):
    """Every cutoff of one series: cells, and deciles of days."""
    cells, ranges = [], []
    for cutoff in map(pd.Timestamp, task["cutoffs"]):
        values, deciles, future = one(method, grid, cutoff, {**task, "name": name}, pool)
        head = {"series": name, "method": method, "cutoff": cutoff}
        days, slots = np.repeat(future, grid.shape[1]), np.tile(grid.columns, len(future))
        cells.append(pd.DataFrame({**head, "day": days, "slot": slots, "calls": values.ravel().astype("float32")}))
        if deciles is not None:
            ranges.append(pd.DataFrame(deciles, columns=DECILES).assign(**head, day=future))
    return cells, ranges


def kept(file):
    return [pd.read_parquet(file)] if os.path.exists(file) else []


def main(series_file, tasks_file, out_file, *without):
    series = pd.read_parquet(series_file)
    with open(tasks_file, encoding="utf-8") as f:
        tasks = json.load(f)
    grids = {name: series[series.series == name].pivot(index="day", columns="slot", values="calls") for name in tasks}
    pool = Pool({name: known_before(grid) for name, grid in grids.items()}, {k: t["country"] for k, t in tasks.items()})
    ranges_file = out_file.replace(".parquet", ".ranges.parquet")
    cells, ranges = kept(f"{out_file}.part"), kept(ranges_file)
    done = set(cells[0].method) if cells else set()
    for method in (one for one in ORDER if one not in done and one not in without):
        for name, task in tasks.items():
            clock = time.process_time()
            made = tables(method, name, grids[name], task, pool)
            cells, ranges = cells + made[0], ranges + made[1]
            seconds = (time.process_time() - clock) / len(task["cutoffs"])
            print(f"{name:24} {method:26} {seconds:7.2f} s a fit", flush=True)
        if ranges:
            pd.concat(ranges).to_parquet(ranges_file)
        pd.concat(cells).to_parquet(f"{out_file}.part")
    os.replace(f"{out_file}.part", out_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
