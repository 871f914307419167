import pytest

from staffing.domain.changes import move
from staffing.errors import InputErrors
from staffing.store.drafts import Draft
from staffing.store.workspace import Workspace
from staffing.ui.drafts import changes, save


@pytest.fixture
def workspace(small_workspace):
    return Workspace.open(small_workspace)


def test_changes_in_words(workspace):
    saved = workspace.scenario("base")
    other = saved.with_changes(move("app-2.0", to="2026-11-26"), service_level=0.9)
    assert ("service · service level", "0.8", "0.9") in changes(saved, other)
    assert ("events · app-2.0 · start", "2026-11-24", "2026-11-26") in changes(saved, other)


@pytest.mark.parametrize(("own", "name"), [("base", "base"), ("launch", "launch"), ("base", "b2"), ("launch", "l2")])
def test_what_is_saved_is_read_back_equal(workspace, own, name):
    saved = workspace.scenario(own)
    changed = saved.with_changes(move("app-2.0", to="2026-11-30"), asa_s=30, planned_shrinkage=0.2)
    save(workspace, Draft(saved, seen=workspace.version(own)).with_version(changed), name, "why")
    again = Workspace.open(workspace.folder).scenario(name)
    assert again == changed.model_copy(update={"name": name, "description": "why"})


def test_a_field_taken_out_stays_out_after_saving(workspace):
    saved = workspace.scenario("base")
    without = saved.patched({"service": {"abandonment": {"remove": True}}})
    save(workspace, Draft(saved).with_version(without), "without", "")
    assert Workspace.open(workspace.folder).scenario("without").service.abandonment is None


def test_a_bad_name_writes_nothing(workspace):
    saved = workspace.scenario("base")
    with pytest.raises(InputErrors):
        save(workspace, Draft(saved), "../evil", "")
    assert not list(workspace.folder.parent.glob("evil*"))
    assert workspace.scenario_names == ("base", "launch")
