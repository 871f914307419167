"""Tables that do not fit the site's intervals, or the days they are used for, are refused."""

import datetime as dt

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.workforce import Agent, Contract, ShiftTemplate
from staffing.errors import InputError, TableError
from staffing.forecast import fit
from staffing.grids import covers, on_grid
from staffing.requirements import requirements
from staffing.roster import roster

MONDAY = dt.date(2026, 1, 5)
OPEN = {"monday": ("08:00-12:00",), "tuesday": ("08:00-08:30", "12:00-12:30"), "wednesday": ("08:00-08:30",)}
SITE = SiteCalendar(interval_min=30, timezone="Europe/Berlin", opening=OPEN)


def rows(site=SITE, days=7, queue="voice", every=1):
    starts = site.open_grid(MONDAY, days)[::every]
    return pd.DataFrame({"queue": queue, "start": starts, "calls": 40.0, "aht_s": 300.0})


@pytest.mark.parametrize("days", [1, 3, 7, 400])
def test_the_sites_own_intervals_fit(days):
    on_grid(rows(days=days), SITE, "forecast")
    covers(rows(days=days), SITE, (MONDAY, days), "requirement")
    on_grid(rows(days=days).head(0), SITE, "forecast")


def test_half_an_hour_read_as_a_quarter_is_refused():
    site = SITE.model_copy(update={"interval_min": 15})
    with pytest.raises(TableError, match=r"'voice' every 30 minutes; the scenario's intervals are 15"):
        on_grid(rows(), site, "forecast")


def test_a_quarter_of_an_hour_read_as_half_is_refused():
    site = SITE.model_copy(update={"interval_min": 15})
    with pytest.raises(TableError, match=r"row at 2026-01-05 08:15.*column 'start'|column 'start'.*2026-01-05 08:15"):
        on_grid(rows(site), SITE, "forecast")


def test_requirements_of_such_rows_are_not_worked_out():
    scenario = Scenario(site=SiteCalendar(interval_min=15, opening=OPEN), queues=(Queue(name="voice", aht_s=300),))
    with pytest.raises(TableError, match="every 30 minutes"):
        requirements(rows(SITE.model_copy(update={"timezone": "UTC"})), scenario)


@pytest.mark.parametrize("gone", [0, 5, -1])
def test_an_open_interval_without_a_row_is_missed(gone):
    table = rows()
    with pytest.raises(TableError, match=f"'voice' at {table['start'].iloc[gone]}".replace("+", r"\+")):
        covers(table.drop(table.index[gone]), SITE, (MONDAY, 7), "requirement")


def test_no_roster_is_made_for_days_that_the_requirement_does_not_cover():
    shift = ShiftTemplate(name="day", length_min=240, first_start="08:00", last_start="08:00", step_min=30)
    scenario = Scenario(
        site=SITE,
        queues=(Queue(name="voice", aht_s=300),),
        contracts=(Contract(name="full", max_hours=40),),
        shifts=(shift,),
        agents=(Agent(name="Ada", contract="full"),),
    )
    needed = rows()[["queue", "start"]].assign(agents=1.0, agents_scheduled=1.0)
    with pytest.raises(TableError, match="the 7 days from 2026-01-12"):
        roster(needed, scenario, start=MONDAY + dt.timedelta(days=7))


def test_a_history_with_an_interval_twice_is_not_fitted():
    table = rows(days=60)
    with pytest.raises(InputError, match="two rows at 2026-01-05 08:30"):
        fit(pd.concat([table, table.iloc[[1]]], ignore_index=True), SITE)
