"""The agents a night works out queue by queue are those of all queues at once."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from staffing.batch.needs import of_all, of_itself, stand_apart
from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.requirements import requirements

SITE = SiteCalendar(interval_min=60)
VOICE, CHAT, MAIL = Queue(name="voice"), Queue(name="chat", channel="chat"), Queue(name="mail", channel="email")


def desk(*queues):
    return Scenario(queues=list(queues), site=SITE)


def forecast(*names):
    start = SITE.open_grid(dt.date(2026, 3, 2), 2)
    rng = np.random.default_rng(1)
    parts = [
        pd.DataFrame({"queue": name, "start": start, "calls": rng.uniform(5, 60, len(start)), "aht_s": 240.0})
        for name in names
    ]
    return pd.concat(parts, ignore_index=True)


def alone(calls, scenario):
    return pd.concat(
        [of_itself(rows.reset_index(drop=True), scenario, name) for name, rows in calls.groupby("queue")],
        ignore_index=True,
    )


def test_live_queues_stand_apart_and_work_that_can_wait_does_not():
    assert stand_apart(desk(VOICE, CHAT))
    assert not stand_apart(desk(VOICE, MAIL))


def test_one_by_one_is_all_at_once():
    scenario, calls = desk(VOICE, CHAT), forecast("chat", "voice")
    needed, notes = of_all(calls, alone(calls, scenario), scenario)
    assert_frame_equal(needed, requirements(calls, scenario))
    assert notes == []


def test_what_is_missing_is_worked_out_and_undeclared_queues_need_nobody():
    scenario, calls = desk(VOICE, CHAT), forecast("chat", "other", "voice")
    own = calls[calls["queue"] != "chat"]
    needed, _ = of_all(calls, alone(own, scenario), scenario)
    assert_frame_equal(needed, requirements(calls[calls["queue"] != "other"].reset_index(drop=True), scenario))


def test_a_target_that_cannot_be_met_costs_no_other_queue_its_agents():
    hard = CHAT.model_copy(update={"service": ServiceTarget(max_occupancy=0.5, service_level=0.8, threshold_s=20)})
    scenario, calls = desk(VOICE, hard), forecast("chat", "voice")
    calls.loc[calls["queue"] == "chat", "aht_s"] = 0.0
    needed, (note,) = of_all(calls, alone(calls, scenario), scenario)
    assert set(needed["queue"]) == {"voice"}
    assert "queue 'chat'" in note
    with pytest.raises(Exception, match="chat"):
        requirements(calls, scenario)
