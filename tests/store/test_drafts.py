"""Drafts: step by step, back and forth, kept for their user, laid over what others saved."""

import datetime as dt

import pytest

from staffing.domain.changes import move, switch
from staffing.errors import InputError
from staffing.store import drafts as drafts_module
from staffing.store.absences import Absence, add_absences
from staffing.store.base import Base
from staffing.store.drafts import Draft, Drafts, as_saved
from staffing.store.workspace import Workspace
from tests.store.faults import killed_at, side_by_side


@pytest.fixture
def workspace(small_workspace):
    return Workspace.open(small_workspace)


@pytest.fixture
def saved(workspace):
    return workspace.scenario("base")


def test_steps_go_back_and_forth_and_a_reset_is_a_step(saved):
    moved = saved.with_changes(move("app-2.0", to="2026-11-26"))
    off = moved.with_changes(switch("app-2.0", False))
    draft = Draft(saved).with_version(moved).with_version(off)
    assert (draft.changed, draft.current) == (True, off)
    assert draft.undone().current == moved
    assert draft.undone().undone().redone().current == moved
    assert draft.undone().redone().redone().current == off
    assert not draft.reset().changed
    assert draft.reset().undone().current == off
    assert draft.with_version(off) is draft
    assert draft.undone().with_version(saved).redone().current == saved
    assert Draft(saved).undone() == Draft(saved)


def test_of_very_many_steps_the_oldest_are_forgotten(saved, monkeypatch):
    monkeypatch.setattr(drafts_module, "MOST_STEPS", 3)
    draft = Draft(saved)
    for level in (0.81, 0.82, 0.83, 0.84):
        draft = draft.with_version(saved.with_changes(service_level=level))
    assert draft.current.service.service_level == 0.84
    assert draft.undone().undone().current.service.service_level == 0.82


def test_a_draft_is_found_again_by_its_user_alone_with_its_undo_and_redo(workspace, saved):
    moved = saved.with_changes(move("app-2.0", to="2026-11-26"), asa_s=30)
    mine = Drafts(workspace.ground, "آدا/../x")
    made = mine.step("base", Draft(saved, "v"), moved)
    made = mine.step("base", made, moved.with_changes(service_level=0.9))
    mine.keep("base", made.undone())
    again = Drafts(Workspace.open(workspace.folder).ground, "آدا/../x").scenario("base")
    assert (again, again.current) == (made.undone(), moved)
    assert again.redone().current == made.current
    assert Drafts(workspace.ground, "Bo").scenario("base") is None
    assert Drafts(workspace.ground, "Bo").others("base") == ["آدا/../x"]
    assert mine.others("base") == []
    mine.keep("base", None)
    assert mine.scenario("base") is None
    assert [path.name for path in workspace.folder.iterdir() if path.name == "x"] == []


def test_two_windows_of_one_user_lose_no_step(workspace, saved):
    drafts = Drafts(workspace.ground, "Ada")
    first = Draft(saved)
    drafts.step("base", first, saved.with_changes(service_level=0.9))
    both = drafts.step("base", first, saved.with_changes(asa_s=30))
    assert (both.current.service.service_level, both.current.service.asa_s) == (0.9, 30)


def test_a_damaged_draft_says_so(workspace):
    drafts = Drafts(workspace.ground, "Ada")
    with workspace.ground.change() as change:
        change.write(".desk/drafts/u-Ada/base.scenario.json", b'{"saved": {}}')
    with pytest.raises(InputError, match="Reset it"):
        drafts.scenario("base")


def test_what_both_changed_is_named_and_the_planner_chooses(saved):
    draft = Draft(saved).with_version(saved.with_changes(service_level=0.9, asa_s=30))
    theirs = saved.with_changes(service_level=0.7, planned_shrinkage=0.2)
    assert draft.clashes(theirs) == [("service.service_level", 0.9, 0.7)]
    for mine, level in ((True, 0.9), (False, 0.7)):
        laid = draft.onto(theirs, "v2", mine=mine)
        made = laid.current
        assert (laid.saved, laid.seen) == (theirs, "v2")
        assert (made.service.service_level, made.service.asa_s, made.shrinkage.planned) == (level, 30, 0.2)
    gone = saved.patched({"events": [{"name": "app-2.0", "remove": True}]})
    with pytest.raises(InputError, match="no event"):
        Draft(saved).with_version(saved.with_changes(move("app-2.0", to="2026-11-26"))).onto(gone, "", mine=True)


def test_a_draft_follows_what_its_scenario_stands_on(workspace, saved):
    drafts = Drafts(workspace.ground, "Ada")
    begun = drafts.step("base", as_saved(workspace, "base"), saved.with_changes(volume_factor=1.2))
    Base(workspace, "Bo").change({"queues": [{"name": "voice", "patience_s": 77}]})
    with workspace.ground.change("Cy") as change:
        add_absences(change, [Absence("Dan", dt.date(2026, 11, 24), dt.date(2026, 11, 24))])
    now = as_saved(workspace, "base")
    held = drafts.scenario("base").following(now)
    assert (held.current.volume_factor, held.undone().current) == (1.2, now.saved)
    assert held.current == now.saved.with_changes(volume_factor=1.2)
    assert held.following(now) is held
    further = drafts.step("base", held, held.current.with_changes(aht_factor=1.1))
    assert further.current == now.saved.with_changes(volume_factor=1.2, aht_factor=1.1)
    assert drafts.scenario("base").steps == further.steps
    late = drafts.step("base", begun.following(now), held.current.with_changes(volume_factor=1.3))  # an older window
    assert late.current == now.saved.with_changes(volume_factor=1.3, aht_factor=1.1)


def test_a_draft_stays_where_its_own_scenario_was_saved_or_its_changes_no_longer_fit(workspace, saved):
    draft = as_saved(workspace, "base").with_version(saved.with_changes(move("app-2.0", to="2026-11-26")))
    workspace.save_scenario("base", {"volume_factor": 2.0}, seen=draft.seen)
    assert draft.following(as_saved(workspace, "base")) is draft
    gone = Draft(saved.patched({"events": [{"name": "app-2.0", "remove": True}]}), draft.seen)
    with pytest.raises(InputError, match="no event"):
        draft.following(gone)


def keep_steps(root, field: str) -> None:
    drafts = Drafts(Workspace.open(root).ground, "Ada")
    for number in range(5):
        draft = drafts.scenario("base") or Draft(Workspace.open(root).base)
        drafts.step("base", draft, draft.current.with_changes(**{field: 1.0 + number}))


def test_two_processes_keep_every_step(small_workspace):
    side_by_side((keep_steps, small_workspace, "volume_factor"), (keep_steps, small_workspace, "aht_factor"))
    made = Drafts(Workspace.open(small_workspace).ground, "Ada").scenario("base")
    assert (made.current.volume_factor, made.current.aht_factor) == (5.0, 5.0)


def test_a_kill_at_any_file_operation_leaves_the_step_or_the_one_before(workspace, saved):
    drafts = Drafts(workspace.ground, "Ada")
    first = drafts.step("base", Draft(saved), saved.with_changes(asa_s=30))
    second = first.current.with_changes(asa_s=31)
    for operation in range(40):
        drafts.keep("base", first)
        died = killed_at(operation, lambda: drafts.step("base", first, second), workspace.folder)
        Workspace.open(workspace.folder)
        assert drafts.scenario("base").current.service.asa_s in (30, 31)
        if not died:
            break
    assert not died
    assert operation > 3
