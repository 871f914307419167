"""Scenarios renamed, deleted and made the baseline."""

import pytest

from staffing.errors import InputError
from staffing.store.scenario_archive import archive, archived, restore
from staffing.store.workspace import Workspace
from tests import small


@pytest.fixture
def workspace(tmp_path):
    made = Workspace.open(small.make(tmp_path / "desk"))
    made.save_scenario("busy", {"volume_factor": 1.2})
    made.save_scenario("busier", {"aht_factor": 1.1}, base="busy")
    return made


def test_what_stands_on_a_renamed_scenario_follows_it(workspace):
    workspace.rename_scenario("busy", "crowded")
    again = Workspace.open(workspace.place)
    assert {"crowded", "busier"} <= set(again.scenario_names)
    assert "busy" not in again.scenario_names
    assert (again.parent("busier"), again.scenario("busier").volume_factor) == ("crowded", 1.2)


@pytest.mark.parametrize(("name", "to"), [("busy", "busier"), ("busy", "../x"), ("base", "other"), ("nobody", "x")])
def test_a_name_that_is_taken_or_none_changes_nothing(workspace, name, to):
    with pytest.raises(InputError):
        workspace.rename_scenario(name, to)
    assert {"busy", "busier"} <= set(workspace.scenario_names)


def test_a_scenario_goes_when_nothing_stands_on_it(workspace):
    with pytest.raises(InputError, match="busier stands on"):
        workspace.delete_scenario("busy")
    workspace.delete_scenario("busier")
    workspace.delete_scenario("busy")
    assert not {"busy", "busier"} & set(workspace.scenario_names)


def test_the_baseline_becomes_what_the_scenario_was(workspace):
    workspace.make_baseline("busy")
    again = Workspace.open(workspace.place)
    assert again.scenario("base").volume_factor == 1.2
    named = again.scenario("busy").model_copy(update={"name": "base", "description": ""})
    assert named == again.scenario("base").model_copy(update={"description": ""})
    assert again.scenario("busier").aht_factor == 1.1


def test_a_scenario_put_aside_is_offered_by_no_list_and_comes_back_as_it_was(workspace):
    with pytest.raises(InputError, match="busier stands on"):
        archive(workspace, "busy")
    written = workspace.ground.read("scenarios/busier.toml")
    archive(workspace, "busier")
    assert "busier" not in workspace.scenario_names
    assert archived(workspace) == ("busier",)
    restore(workspace, "busier")
    assert workspace.ground.read("scenarios/busier.toml") == written
    assert archived(workspace) == ()


def test_one_whose_name_is_taken_or_whose_base_is_gone_stays_aside(workspace):
    archive(workspace, "busier")
    workspace.save_scenario("busier", {})
    with pytest.raises(InputError, match="already"):
        restore(workspace, "busier")
    workspace.delete_scenario("busier")
    workspace.delete_scenario("busy")
    with pytest.raises(InputError, match="no scenario 'busy'"):
        restore(workspace, "busier")
    assert archived(workspace) == ("busier",)
