"""Queues that sum to their total: by hand, and from made-up calls."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.forecast import Forecast, ForecastOptions, forecast
from staffing.forecast.reconcile import reconcile, with_total
from tests.forecast.conftest import make_history


def by_hand(means, deviations):
    """One interval of one day per queue; paths of two values, mean ± deviation, so the variance is exact."""
    start = pd.DatetimeIndex(["2024-05-01"], tz="UTC")
    tables = [
        pd.DataFrame({"queue": q, "start": start, "calls": m, "aht_s": 100.0, "p10": m, "p50": m, "p90": m})
        for q, m in means.items()
    ]
    days = [pd.DataFrame({"queue": [q], "day": ["2024-05-01"], "cause": "level", "calls": m}) for q, m in means.items()]
    paths = {q: np.array([[means[q] - s], [means[q] + s]], dtype="float32") for q, s in deviations.items()}
    return Forecast(pd.concat(tables, ignore_index=True), paths, pd.concat(days, ignore_index=True), pd.DataFrame())


def test_the_gap_is_shared_by_variance():
    """Parts 100 ± 10 and 200 ± 20, total 360 ± 10: gap 60, variances 100, 400, 100 of 600 → +10 and +40."""
    made = reconcile(by_hand({"a": 100.0, "b": 200.0, "all": 360.0}, {"a": 10, "b": 20, "all": 10}), ["a", "b"], "all")
    assert made.table.set_index("queue").calls.to_dict() == pytest.approx({"a": 110.0, "b": 240.0, "all": 350.0})
    assert made.days.groupby("queue").calls.sum().to_dict() == pytest.approx({"a": 110.0, "b": 240.0, "all": 350.0})


@pytest.fixture(scope="module")
def reconciled():
    parts = [make_history(days=80, level=level, queue=name, seed=k) for k, (name, level) in enumerate(LEVELS.items())]
    history = with_total(pd.concat(parts, ignore_index=True), list(LEVELS))
    options = ForecastOptions(paths=60, models=("regression", "smoothing", "weekday_mean"))
    made = forecast(history, SiteCalendar(interval_min=60), start=dt.date(2024, 3, 21), days=10, options=options)
    return made, reconcile(made, list(LEVELS))


LEVELS = {"billing": 900.0, "sales": 300.0}


def test_parts_sum_to_the_total_in_every_interval_and_path(reconciled):
    made = reconciled[1]
    wide = made.table.pivot(index="start", columns="queue", values="calls")
    assert (wide.billing + wide.sales).to_numpy() == pytest.approx(wide.total.to_numpy())
    assert made.paths["billing"] + made.paths["sales"] == pytest.approx(made.paths["total"], rel=1e-5)
    assert min(paths.min() for paths in made.paths.values()) >= 0


def test_the_total_keeps_its_own_spread(reconciled):
    before, after = (made.paths["total"].reshape(60, 10, 24).sum(axis=2).std(axis=0) for made in reconciled)
    assert after == pytest.approx(before, rel=0.1)


def test_an_unknown_part_is_named(reconciled):
    with pytest.raises(InputError, match=r"no queue 'fax'.*billing"):
        reconcile(reconciled[1], ["fax"])
