import datetime as dt

import pytest

from staffing.domain.changes import move
from staffing.errors import InputError, InputErrors
from staffing.store.absences import Absence, add_absences
from staffing.store.base import Base
from staffing.store.drafts import Draft, as_saved
from staffing.store.workspace import Workspace
from staffing.ui.drafts import changes, save

DAY = dt.date(2026, 11, 24)


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


@pytest.mark.parametrize("name", ["launch", "copy"])
def test_a_save_takes_back_nothing_that_was_changed_below_it_meanwhile(workspace, name):
    begun = as_saved(workspace, "launch").with_version(workspace.scenario("launch").with_changes(volume_factor=1.2))
    Base(workspace, "Bo").change({"queues": [{"name": "voice", "patience_s": 77}]})
    with workspace.ground.change("Cy") as change:
        add_absences(change, [Absence("Dan", DAY, DAY)])
    save(workspace, begun, name, "")
    made = Workspace.open(workspace.folder).scenario(name)
    assert (made.volume_factor, made.queues[0].patience_s) == (1.2, 77)
    assert not next(agent for agent in made.agents if agent.name == "Dan").can_work(DAY)
    assert "agents" not in (workspace.folder / "scenarios" / f"{name}.toml").read_text()


def test_what_no_longer_fits_is_said_and_nothing_is_saved(workspace):
    saved = as_saved(workspace, "base")
    moved = saved.with_version(saved.saved.with_changes(move("app-2.0", to="2026-11-26")))
    (workspace.folder / "events.csv").unlink()
    with pytest.raises(InputError, match="no event"):
        save(workspace, moved, "copy", "")
    assert Workspace.open(workspace.folder).scenario_names == ("base", "launch")
