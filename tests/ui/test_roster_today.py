"""The rest of a day on the Roster page: told, accepted, published as a new version."""

import pytest

from staffing.store.workspace import Workspace
from staffing.ui import workspaces
from tests.ui.desk import button, make_roster, opened, settle, shown, tab

WEEK = "2026-11-16"  # history reaches into it


@pytest.fixture
def app(small_workspace, monkeypatch):
    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))
    page = opened("roster", week=WEEK)
    make_roster(page)
    return settle(page)


def said(app):
    """All prose of the page, as it is read."""
    return shown(app).replace("\\", "")


def test_a_day_is_looked_at_and_what_is_accepted_is_published(app, small_workspace):
    tab(app, "Today")
    assert "no roster of the week of 2026-11-16 is published" in said(app)
    tab(app, "Edit")
    app.text_input(key="roster-who").set_value("Ada")
    app.text_input(key="roster-why").set_value("the week")
    button(app, "Publish").click().run()
    settle(app)
    tab(app, "Today")
    app.multiselect(key="today-sick").set_value(["Dan"]).run()
    button(app, "See what can be changed").click().run()
    settle(app)
    if "has no shift left" in said(app):
        app.multiselect(key="today-sick").set_value([]).run()
        button(app, "See what can be changed").click().run()
        settle(app)
    assert any("in time" in metric.label for metric in app.metric)
    app.text_input(key="today-who").set_value("Mo")
    button(app, "Accept and publish").click().run()
    settle(app)
    assert "Published as version 2: the rest of 2026-11-16 from 12:00" in said(app)
    first, second = Workspace.open(small_workspace).rosters.journal()
    assert (first.version, second.version, second.who) == (1, 2, "Mo")
