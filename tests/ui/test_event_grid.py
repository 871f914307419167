import datetime as dt

import pytest

from staffing.store.workspace import Workspace
from staffing.ui.event_grid import EventGrid, as_table, with_edits


@pytest.fixture
def scenario(planned_workspace):
    return Workspace.open(planned_workspace).scenario("base")


def test_the_table_shows_shares_as_per_cent(scenario):
    table = as_table(scenario.events)
    assert list(table["name"]) == ["app-1.0", "app-2.0"]
    assert table["effect"].iloc[1] == 20.0
    assert table["effect"].isna().iloc[0]
    assert as_table(()).empty


def test_edits_are_differences_from_the_first_table(scenario):
    grid = EventGrid("grid", scenario, scenario)
    first = grid.take({"edited_rows": {1: {"start": "2026-11-25", "end": "2026-11-27"}}})
    assert first is not None
    assert first.event("app-2.0").start == dt.date(2026, 11, 25)
    both = grid.take({"edited_rows": {1: {"start": "2026-11-25", "end": "2026-11-27", "effect": 35, "enabled": False}}})
    assert both is not None
    event = both.event("app-2.0")
    assert (event.start, event.effect, event.enabled) == (dt.date(2026, 11, 25), 0.35, False)
    assert both.event("app-1.0") == scenario.event("app-1.0")


def test_rows_are_added_when_complete_and_taken_out(scenario):
    waiting = with_edits(scenario, {"added_rows": [{"name": "letter"}]})
    assert waiting == scenario
    added = with_edits(
        scenario, {"added_rows": [{"name": "letter", "kind": "campaign", "start": "2026-11-23"}], "deleted_rows": [0]}
    )
    assert [event.name for event in added.events] == ["app-2.0", "letter"]
    assert added.event("letter").enabled


def test_an_emptied_cell_is_undefined(scenario):
    changed = with_edits(scenario, {"edited_rows": {1: {"end": None, "effect": None, "size": None, "queues": None}}})
    event = changed.event("app-2.0")
    assert (event.end, event.effect, event.size, event.queues) == (None, None, None, ())


def test_a_bad_edit_says_why_and_changes_nothing(scenario):
    grid = EventGrid("grid", scenario, scenario)
    assert grid.take({"edited_rows": {1: {"end": "2026-01-01"}}}) is None
    assert "ends (2026-01-01) before it starts" in str(grid.problem)
    assert grid.result is scenario
    assert grid.take({"edited_rows": {1: {"end": "2026-11-28"}}}) is not None
    assert grid.problem is None


def test_two_events_of_one_name_are_refused(scenario):
    grid = EventGrid("grid", scenario, scenario)
    assert grid.take({"edited_rows": {1: {"name": "app-1.0"}}}) is None
    assert "used twice" in str(grid.problem)
