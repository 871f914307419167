"""The outlook against a hand-made case: one queue, two hours, published Erlang C values."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from staffing.domain.demand import Queue
from staffing.domain.prices import Prices
from staffing.domain.scenario import Scenario
from staffing.domain.service import Shrinkage
from staffing.evaluation.outlook import headline, outlook, staffed_at, volume_range

SITE = {"timezone": "UTC", "interval_min": 30}
START = pd.DatetimeIndex([dt.datetime(2026, 11, 23, 9), dt.datetime(2026, 11, 23, 9, 30)]).tz_localize("UTC")


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(
        queues=(Queue(name="voice", model="erlang_c"),),
        site=SITE,
        shrinkage=Shrinkage(planned=0.2, unplanned=0.5),
        prices=Prices(agent_hour=10, lost_contact=3),
    )


@pytest.fixture
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    queue = {"queue": "voice", "start": START}
    calls = pd.DataFrame({**queue, "calls": [100.0, 0.0], "aht_s": 180.0, "p10": 0.0, "p50": 0.0, "p90": 0.0})
    return calls, pd.DataFrame({**queue, "agents": [14, 0], "agents_scheduled": [35.0, 0.0]})


def test_service_at_the_requirement(scenario, tables):
    """100 calls in 30 minutes of 180 s: 14 agents answer 88.84 % within 20 s, 13 agents 79.56 %."""
    at_need = staffed_at(*tables, scenario)
    assert at_need["service_level"].iloc[0] == pytest.approx(0.8884, abs=5e-5)
    assert at_need["asa_s"].iloc[0] == pytest.approx(7.84, abs=5e-3)
    assert np.isnan(at_need["service_level"].iloc[1])
    one_fewer = staffed_at(*tables, scenario, extra=-1)
    assert one_fewer["service_level"].iloc[0] == pytest.approx(0.7956, abs=5e-5)
    assert one_fewer["agents"].tolist() == [13, 0]


def test_hours_and_money_of_a_step(scenario, tables):
    table = outlook(*tables, scenario, steps=(-1, 0, 1)).set_index("extra")
    # half an hour of 13, 14 and 15 agents, of whom 0.8 × 0.5 = 40 % are present
    assert table["scheduled_hours"].tolist() == [6.5, 7.0, 7.5]
    assert table["rostered_hours"].tolist() == pytest.approx([16.25, 17.5, 18.75])
    assert table["hours_cost"].tolist() == pytest.approx([162.5, 175.0, 187.5])
    assert table["short_hours"].tolist() == [0.5, 0.0, 0.0]
    assert table["lost"].tolist() == [0.0, 0.0, 0.0]


def test_nobody_hangs_up_for_free(scenario, tables):
    impatient = scenario.patched({"queues": [{"name": "voice", "model": "erlang_a", "patience_s": 120.0}]})
    table = outlook(*tables, impatient).set_index("extra")
    assert table["lost"].is_monotonic_decreasing
    assert table["lost_cost"].tolist() == pytest.approx((3 * table["lost"]).tolist())
    assert table["abandonment"].loc[0] == pytest.approx(table["lost"].loc[0] / 100)


def test_deferred_work_has_hours_and_no_waits(scenario, tables):
    email = scenario.patched({"queues": [{"name": "voice", "channel": "email"}]})
    table = outlook(*tables, email, steps=(0,))
    assert table["scheduled_hours"].tolist() == [7.0]
    assert table[["service_level", "asa_s", "lost"]].isna().all(axis=None)


def test_headline(scenario, tables):
    figures = headline(*tables, scenario)
    assert figures == {"calls": 100.0, "aht_s": 180.0, "on_phone_hours": 7.0, "rostered_hours": 17.5, "cost": 175.0}
    calls, needed = tables
    assert np.isnan(headline(calls.assign(calls=0.0), needed, scenario)["aht_s"])


def test_the_range_of_the_week_is_that_of_its_paths():
    # eleven paths of two queues whose totals are 0, 10, …, 100
    one = np.arange(11.0)[:, None] * np.array([[1.0, 3.0]])
    two = np.arange(11.0)[:, None] * np.array([[2.0, 4.0]])
    assert volume_range({"voice": one, "chat": two}) == pytest.approx((10.0, 90.0))
