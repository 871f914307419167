import datetime as dt

import pytest

import staffing

WEEK = dt.date(2026, 11, 23)


@pytest.fixture(scope="session")
def scenario(planned_workspace):
    return staffing.Workspace.open(planned_workspace).base


@pytest.fixture(scope="session")
def history(planned_workspace, scenario):
    return staffing.read_history(planned_workspace / "history", scenario.site)


@pytest.fixture(scope="session")
def made(history, scenario):
    """A plan of the coming week."""
    return staffing.plan(history, scenario, start=WEEK)
