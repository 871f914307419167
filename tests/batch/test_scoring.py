"""A day that has come is scored once, by hand-made promises whose errors are known."""

import pandas as pd
import pytest

from staffing.batch.scoring import scores
from staffing.domain.scenario import Scenario
from staffing.history import History

SCENARIO = Scenario.parse({"name": "base", "site": {"timezone": "UTC", "interval_min": 60}, "queues": [{"name": "a"}]})
HOURS = pd.date_range("2026-03-02", periods=48, freq="h", tz="UTC")


@pytest.fixture
def promised(tmp_path):
    """10 calls an hour were promised, 8 to 12, for two days and two queues."""
    table = pd.DataFrame({"start": HOURS, "calls": 10.0, "p10": 8.0, "p90": 12.0})
    path = tmp_path / "forecast.parquet"
    pd.concat([table.assign(queue="a"), table.assign(queue="b", calls=99.0)]).to_parquet(path)
    return path


def came(calls, hours):
    frame = pd.DataFrame({"queue": "a", "start": HOURS[:hours], "calls": calls[:hours]})
    return History(frame, 60)


def test_errors_and_the_range_are_counted_by_day(promised):
    calls = [9.0] * 12 + [14.0] * 12 + [10.0] * 24
    told = scores(promised, came(calls, 48), SCENARIO, "a")
    assert told["day"].dt.day.tolist() == [2, 3]
    first, second = told.to_dict("records")
    assert (first["actual"], first["promised"], first["off"], first["inside"]) == (9 * 12 + 14 * 12, 240, 12 + 48, 12)
    assert (second["off"], second["inside"], second["intervals"]) == (0, 24, 24)


def test_a_day_that_has_not_come_whole_is_not_scored(promised):
    assert scores(promised, came([10.0] * 48, 40), SCENARIO, "a")["day"].dt.day.tolist() == [2]
    assert scores(promised, came([10.0] * 48, 20), SCENARIO, "a").empty


def test_without_a_promise_there_is_nothing_to_score(promised):
    assert scores(None, came([10.0] * 48, 48), SCENARIO, "a").empty
    assert scores(promised.parent / "gone.parquet", came([10.0] * 48, 48), SCENARIO, "a").empty


def test_a_site_that_takes_a_share_of_a_queue_is_scored_by_that_share(promised):
    half = SCENARIO.model_copy(update={"queues": (SCENARIO.queues[0].model_copy(update={"volume_factor": 0.5}),)})
    told = scores(promised, came([20.0] * 48, 48), half, "a")
    assert told["actual"].tolist() == [240.0, 240.0]
    assert told["off"].sum() == 0
