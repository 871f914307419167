"""A published week is held against tonight's forecast: two thin shifts miss their target, enough people do not."""

import datetime as dt

import pandas as pd
import pytest

from staffing.batch.published import below_target
from staffing.store.rosters import Signed
from staffing.store.workspace import Workspace
from tests.roster.sites import START, shifts_of

MONDAY = dt.date(2026, 11, 23)
SPAN = dt.date(2026, 11, 21), 14


@pytest.fixture
def workspace(small_workspace):
    return Workspace.open(small_workspace)


@pytest.fixture
def tables(workspace):
    """Sixty calls of three minutes an hour, and the three agents that they are said to take."""
    starts = workspace.base.site.open_grid(*SPAN)
    calls = pd.DataFrame({"queue": "voice", "start": starts, "calls": 60.0 * workspace.base.site.interval_min / 60})
    needed = pd.DataFrame({"queue": "voice", "start": starts, "agents": 5.0, "agents_scheduled": 5.0})
    return {"forecast": calls.assign(aht_s=180.0, p10=50.0, p50=60.0, p90=70.0), "requirements": needed}


def publish(workspace, names):
    days = ("Mon", "Tue", "Wed", "Thu", "Fri")
    each = [shifts_of(name, *(f"{day} 08:00-18:00" for day in days)) for name in names]
    table = pd.concat(each).assign(queue="voice")
    for column in ("start", "end"):
        table[column] += MONDAY - START
    workspace.rosters.publish(MONDAY, table, Signed("Bo", "the week"), dt.datetime(2026, 11, 20, tzinfo=dt.UTC))


def told(workspace, tables, span=SPAN):
    return list(below_target(workspace.rosters, workspace.base, span, tables))


def test_a_week_that_will_miss_its_target_is_named(workspace, tables):
    publish(workspace, ["Ada"])
    (text,) = told(workspace, tables)
    assert text.startswith("voice: in the published week of 2026-11-23 ")
    assert "80% are promised" in text
    assert told(workspace, tables, (SPAN[0], 7)) == []  # the forecast does not reach its end
    assert told(workspace, {}) == []


def test_a_week_that_keeps_it_is_not(workspace, tables):
    tables["forecast"] = tables["forecast"].assign(calls=1.0)
    publish(workspace, ["Ada", "Dan"])
    assert told(workspace, tables) == []
