"""Peer forecasts at given cutoffs, computed inside the peers' own environment.

    python forecasts.py series.parquet tasks.json out.parquet

`series.parquet` holds `series, day, slot, calls` (NaN = missing); `tasks.json` maps each series to its
country, its cutoffs and its horizon in days. `out.parquet` holds `series, method, cutoff, day, slot, calls`.
Every method that forecasts day totals is given the same profile: the mean share of the last 12 same weekdays.
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

warnings.filterwarnings("ignore")
for name in ("cmdstanpy", "prophet"):
    logging.getLogger(name).setLevel(logging.CRITICAL)
logging.getLogger("cmdstanpy").disabled = True  # Prophet sets its level anew

MSTL_DAYS = 120  # its cost grows with the history; more days did not make it better


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


def on_days(model, past, future):
    totals = np.ascontiguousarray(past.sum(axis=1).to_numpy(float))
    return model.forecast(totals, h=len(future))["mean"][:, None] * profile(past, future)


def ets(past, future, country):
    from statsforecast.models import AutoETS

    return on_days(AutoETS(season_length=7), past, future)


def theta(past, future, country):
    from statsforecast.models import AutoTheta

    return on_days(AutoTheta(season_length=7), past, future)


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


METHODS = {
    "same weekday last week": lambda past, future, country: same_weekday_mean(past, future, 1),
    "mean of 8 same weekdays": lambda past, future, country: same_weekday_mean(past, future, 8),
    "mean of 52 same weekdays": lambda past, future, country: same_weekday_mean(past, future, 52),
    "Prophet on intervals": prophet_intervals,
    "Prophet on days": prophet_days,
    "ETS": ets,
    "Theta": theta,
    "MSTL": mstl,
    "LightGBM": lightgbm_lags,
}
NEEDS_WHOLE = {"ETS", "Theta", "MSTL", "LightGBM", "same weekday last week"}


def filled(past):
    """Missing cells take the mean of the last four same weekdays, for peers that cannot take them missing."""
    by_weekday = past.groupby(weekday(past.index))
    means = by_weekday.transform(lambda c: c.shift(1).rolling(4, min_periods=1).mean())
    return past.fillna(means).fillna(by_weekday.transform("mean")).fillna(0.0)


def one(method, past, future, country):
    forecast = METHODS[method](filled(past) if method in NEEDS_WHOLE else past, future, country)
    return np.clip(np.nan_to_num(forecast), 0, None)


def main(series_file, tasks_file, out_file):
    series = pd.read_parquet(series_file)
    with open(tasks_file, encoding="utf-8") as f:
        tasks = json.load(f)
    frames = []
    for name, task in tasks.items():
        grid = series[series.series == name].pivot(index="day", columns="slot", values="calls")
        for method in METHODS:
            clock = time.process_time()
            for cutoff in map(pd.Timestamp, task["cutoffs"]):
                days = grid.index[grid.index >= cutoff]
                future = days[: task["horizon"]]
                values = one(method, grid[grid.index < cutoff], future, task["country"])
                frames.append(
                    pd.DataFrame(
                        {
                            "series": name,
                            "method": method,
                            "cutoff": cutoff,
                            "day": np.repeat(future, grid.shape[1]),
                            "slot": np.tile(grid.columns, len(future)),
                            "calls": values.ravel().astype("float32"),
                        }
                    )
                )
            seconds = (time.process_time() - clock) / len(task["cutoffs"])
            print(f"{name:24} {method:26} {seconds:7.2f} s a fit", flush=True)
        pd.concat(frames).to_parquet(f"{out_file}.part")
    os.replace(f"{out_file}.part", out_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
