"""Queues that sum to their total: the sharing by hand, and agreement on made-up calls."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event, QueueTotal
from staffing.errors import InputError
from staffing.forecast import ForecastOptions, fit
from staffing.forecast.counts import lay_out
from staffing.forecast.reconcile import _shared_gap, total_counts
from tests.forecast.conftest import make_history

LEVELS = {"billing": 900.0, "sales": 300.0}
SITE = SiteCalendar(interval_min=60)
START, DAYS, PATHS = dt.date(2024, 3, 21), 10, 60
QUICK = {"paths": PATHS, "models": ("regression", "smoothing", "weekday_mean")}
CAMPAIGN = Event(name="mailing", kind="campaign", start="2024-03-23", queues=("sales",), effect=0.5)


def test_the_gap_is_shared_by_variance():
    """Parts 100 ± 10 and 200 ± 20, total 360 ± 10: gap 60, variances 100, 400, 100 of 600 → +10 and +40."""
    own, variance = np.array([[100.0], [200.0]]), np.array([[100.0], [400.0]])
    assert _shared_gap(own, np.array([360.0]), variance, np.array([100.0])) == pytest.approx(np.array([[110], [240]]))


def test_a_closed_total_takes_nothing_away():
    own, variance = np.array([[100.0], [200.0]]), np.array([[100.0], [400.0]])
    assert _shared_gap(own, np.array([0.0]), variance, np.array([0.0])) == pytest.approx(own)


@pytest.fixture(scope="module")
def history():
    parts = [make_history(days=80, level=level, queue=name, seed=k) for k, (name, level) in enumerate(LEVELS.items())]
    return pd.concat(parts, ignore_index=True)


def fitted(history, *totals):
    return fit(history, SITE, options=ForecastOptions(totals=totals, **QUICK))


@pytest.fixture(scope="module")
def site(history):
    return fitted(history, QueueTotal(name="site"))


def day_sums(paths):
    return paths.reshape(PATHS, DAYS, -1).sum(axis=2)


def test_parts_sum_to_the_total_in_every_interval_and_path(site):
    made = site.predict(SITE, [CAMPAIGN], START, DAYS)
    wide = made.table.pivot(index="start", columns="queue", values="calls")
    total = made.queue("site").set_index("start")
    assert (wide.billing + wide.sales).to_numpy() == pytest.approx(total.calls.to_numpy())
    drawn = made.paths["billing"] + made.paths["sales"]
    assert np.quantile(drawn, 0.9, axis=0) == pytest.approx(total.p90.to_numpy())
    assert made.why("site").calls.sum() == pytest.approx(total.calls.sum())
    assert set(made.table.queue) == set(LEVELS)


def test_queues_and_total_meet_where_the_total_was_forecast(history, site):
    """Between the sum of the queues' own forecasts and the total's own, day by day."""
    alone = fitted(history).predict(SITE, [], START, DAYS).table
    apart = alone.groupby(alone.start.dt.date).calls.sum().to_numpy()
    whole = history.groupby("start", as_index=False)[["calls", "aht_s"]].sum().assign(queue="site")
    own = fitted(whole).predict(SITE, [], START, DAYS).table
    own = own.groupby(own.start.dt.date).calls.sum().to_numpy()
    made = site.predict(SITE, [], START, DAYS).queue("site")
    met = made.groupby(made.start.dt.date).calls.sum().to_numpy()
    assert (met >= np.minimum(apart, own) - 0.5).all()
    assert (met <= np.maximum(apart, own) + 0.5).all()
    assert np.abs(met - apart).max() > 0.1


def test_the_total_keeps_its_own_spread(history, site):
    whole = history.groupby("start", as_index=False)[["calls", "aht_s"]].sum().assign(queue="site")
    own = day_sums(fitted(whole).predict(SITE, [], START, DAYS).paths["site"]).std(axis=0)
    made = site.predict(SITE, [], START, DAYS)
    met = day_sums(made.paths["billing"] + made.paths["sales"]).std(axis=0)
    assert met.mean() == pytest.approx(own.mean(), rel=0.2)


def test_an_event_of_one_queue_is_no_gap(site):
    plain, moved = (site.predict(SITE, events, START, DAYS) for events in ([], [CAMPAIGN]))
    calls = [made.table.set_index(["queue", "start"]).calls for made in (plain, moved)]
    ratio = (calls[1] / calls[0]).unstack("start")
    on = ratio.columns.date == CAMPAIGN.start
    assert ratio.loc["billing"].dropna().to_numpy() == pytest.approx(1.0)
    assert ratio.loc["sales", on].dropna().to_numpy() == pytest.approx(1.5, rel=0.01)


def test_bottom_up_only_adds_up(history):
    alone = fitted(history).predict(SITE, [], START, DAYS)
    made = fitted(history, QueueTotal(name="site", method="bottom_up")).predict(SITE, [], START, DAYS)
    assert made.table.calls.to_numpy() == pytest.approx(alone.table.calls.to_numpy())
    assert made.totals.calls.sum() == pytest.approx(alone.table.calls.sum())


def test_a_total_is_missing_where_a_part_is(history):
    counts = [lay_out(name, history[history.queue == name], SITE) for name in LEVELS]
    counts[1].calls[5, 12] = np.nan
    summed = total_counts("site", counts)
    assert np.isnan(summed.calls[5, 12])
    assert summed.calls[6] == pytest.approx(counts[0].calls[6] + counts[1].calls[6])


def test_an_unknown_part_is_named(history):
    with pytest.raises(InputError, match=r"adds up a queue 'fax' that history does not have.*billing"):
        fitted(history, QueueTotal(name="site", queues=("fax",)))
