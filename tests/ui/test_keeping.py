"""Nothing typed is lost: a draft is there after a reload, in another browser, and when somebody else saves."""

import errno
import os
import time

import pytest

from staffing.errors import Conflict
from staffing.store import ground
from staffing.store.sql import database
from staffing.store.sql.stored import bring_in
from staffing.store.workspace import Workspace
from staffing.ui import drafts, workspaces
from tests.ui.desk import button, number, opened, settle, shown, signed_in


def service_box(app):
    return number(app, "Target, %")


def changed_app(value: float):
    app = opened("staffing")
    service_box(app).set_value(value).run()
    return settle(app)


def test_a_draft_is_there_after_a_reload_with_undo_and_redo():
    before = service_box(opened("staffing")).value
    changed_app(before + 5)
    again = opened("staffing")
    assert service_box(again).value == before + 5
    button(again, "Undo").click().run()
    assert service_box(settle(again)).value == before
    third = opened("staffing")
    assert "As saved" in shown(third)
    button(third, "Redo").click().run()
    assert service_box(settle(third)).value == before + 5


def test_who_else_is_on_the_scenario_is_said(monkeypatch):
    monkeypatch.setattr("staffing.ui.drafts.user", lambda: "Bo")
    changed_app(90)
    monkeypatch.setattr("staffing.ui.drafts.user", lambda: "Ada")
    app = opened("staffing")
    assert "Also at work on this scenario: Bo" in shown(app)
    assert "As saved" in shown(app)


def test_somebody_elses_save_is_shown_field_by_field_and_both_are_kept(small_workspace, monkeypatch):
    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))
    app = changed_app(90)
    workspace = Workspace.open(small_workspace)
    workspace.save_scenario("base", {"service": {"service_level": 0.7}, "volume_factor": 1.5}, seen="")
    with pytest.raises(Conflict):
        drafts.save(workspace, drafts.drafts_of(workspace).scenario("base"), "base", "")
    app.session_state["conflict"] = (small_workspace, "base")  # as the dialog leaves it
    app.run()
    assert "saved this scenario meanwhile" in shown(app)
    rows = [frame.value.to_dict("records") for frame in app.dataframe]
    assert [{"what": "service · service level", "yours": "0.9", "theirs": "0.7"}] in rows
    app.button(key="merge-True").click().run()
    settle(app)
    drafts.save(Workspace.open(small_workspace), drafts.drafts_of(workspace).scenario("base"), "base", "")
    made = Workspace.open(small_workspace).scenario("base")
    assert (made.service.service_level, made.volume_factor) == (0.9, 1.5)


def test_a_save_that_comes_while_one_chooses_is_not_written_over(small_workspace, monkeypatch):
    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))
    app = changed_app(90)
    workspace = Workspace.open(small_workspace)
    workspace.save_scenario("base", {"volume_factor": 1.5}, seen="")
    app.session_state["conflict"] = (small_workspace, "base")
    app.run()
    workspace.save_scenario("base", {"volume_factor": 1.7}, seen=workspace.version("base"))
    app.button(key="merge-True").click().run()
    settle(app)
    with pytest.raises(Conflict):
        drafts.save(Workspace.open(small_workspace), drafts.drafts_of(workspace).scenario("base"), "base", "")
    assert Workspace.open(small_workspace).scenario("base").volume_factor == 1.7


def test_a_workspace_that_cannot_be_written_says_where_changes_live(monkeypatch):
    def refuse(target, content):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(ground, "write_whole", refuse)
    app = changed_app(90)
    assert "live in this browser tab alone" in shown(app)
    assert service_box(app).value == 90
    assert service_box(opened("staffing")).value != 90


def test_a_stored_workspace_is_offered_and_keeps_drafts_too(small_workspace, monkeypatch, tmp_path):
    monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'db' / 'staffing.db'}")
    bring_in(small_workspace, "stored")
    app = opened("staffing", workspace="stored@db")
    service_box(app).set_value(91).run()
    settle(app)
    again = opened("staffing", workspace="stored@db")
    assert (again.selectbox(key="workspace").value, service_box(again).value) == ("stored@db", 91)
    database.opened.cache_clear()


def test_a_sign_in_that_ends_in_the_middle_of_an_edit_is_said_and_costs_nothing(monkeypatch):
    told = signed_in(monkeypatch)
    app = changed_app(91)
    told["X-Until"] = str(time.time() - 1)
    service_box(app).set_value(92).run()
    assert not app.exception
    assert "Your sign-in has ended" in shown(app).replace("\\", "")
    assert "is kept" in shown(app)
    assert not app.number_input
    told["X-Until"] = "4e9"
    assert service_box(opened("staffing")).value == 92
