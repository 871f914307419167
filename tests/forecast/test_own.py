"""Forecasts made elsewhere, and quantiles at any level."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.errors import InputError
from staffing.forecast import Forecast

SITE = SiteCalendar(interval_min=60, timezone="America/Santiago")
TWO = Scenario(site=SITE, queues=(Queue(name="voice"), Queue(name="chat")), paths=2000)


def rows(queue, calls):
    start = pd.date_range("2026-03-02", periods=len(calls), freq="h", tz=SITE.zone)
    return pd.DataFrame({"queue": queue, "start": start, "calls": calls, "aht_s": 60.0})


def test_without_paths_the_doubt_is_that_of_counting():
    made = Forecast.from_frame(pd.concat([rows("voice", [4.0, 100.0]), rows("chat", [0.0, 9.0])]), TWO)
    own = made.queue("voice")
    for name, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        assert own[name].tolist() == pytest.approx(stats.poisson.ppf(level, [4.0, 100.0]), abs=1.01)
    assert made.queue("chat")[["p10", "p90"]].iloc[0].tolist() == [0.0, 0.0]
    assert "Poisson" in made.notes[0]
    again = Forecast.from_frame(pd.concat([rows("voice", [4.0, 100.0]), rows("chat", [0.0, 9.0])]), TWO)
    pd.testing.assert_frame_equal(made.table, again.table)


def test_ranges_and_paths_of_ones_own_are_kept():
    ranged = rows("voice", [4.0, 5.0]).assign(p10=1.0, p50=4.0, p90=8.0)
    drawn = np.array([[1.0, 9.0], [3.0, 1.0], [5.0, 2.0]])
    made = Forecast.from_frame(ranged, TWO, paths={"voice": drawn})
    assert made.table["p90"].tolist() == [8.0, 8.0]
    assert made.notes == ()
    one = made.quantiles([0.5, 0.9])
    assert one["calls"].tolist() == pytest.approx([3.0, np.quantile([1, 3, 5], 0.9), 2.0, np.quantile([9, 1, 2], 0.9)])
    assert one["level"].tolist() == [0.5, 0.9, 0.5, 0.9]
    whole = made.quantiles([0.5], by="all")
    assert whole["calls"].tolist() == [np.median([10.0, 4.0, 7.0])]


def test_a_day_is_the_quantile_of_sums():
    made = Forecast.from_frame(rows("voice", np.full(30, 10.0)), TWO)
    days = made.quantiles([0.05, 0.95], by="day")
    assert [str(day) for day in days["start"].dt.date.unique()] == ["2026-03-02", "2026-03-03"]
    first = days[days["start"] == days["start"].iloc[0]]["calls"].tolist()
    assert first == pytest.approx(stats.poisson.ppf([0.05, 0.95], 240.0), abs=6)


@pytest.mark.parametrize("asked", [{"levels": [0.0]}, {"levels": [1.2]}, {"levels": []}, {"by": "month"}])
def test_what_cannot_be_asked_is_named(asked):
    made = Forecast.from_frame(rows("voice", [4.0]), TWO)
    with pytest.raises(InputError, match=r"field '(levels|by)'"):
        made.quantiles(**asked)
