"""New workspaces, laid from what comes with the program."""

import pytest

from staffing.errors import InputError
from staffing.store.bundled import bundled, examples, lay_workspace
from staffing.store.workspace import Workspace


def test_what_is_bundled_is_there():
    assert list(examples()) == ["bank", "marketplace", "empty"]
    assert bundled("app.py").is_file()
    assert bundled(".streamlit/config.toml").is_file()


@pytest.mark.parametrize("source", ["bank", "marketplace", "empty"])
def test_a_new_workspace_is_one_and_holds_nothing_of_others(tmp_path, source):
    folder = tmp_path / "sites" / "mine"
    laid = lay_workspace(folder, source)
    assert sorted(laid) == sorted(path for path in folder.rglob("*") if path.is_file())
    workspace = Workspace.open(folder)
    assert workspace.base.queues
    assert all(workspace.scenario(name) for name in workspace.scenario_names)
    assert not [path for path in laid if path.suffix == ".py" or path.name == "truth.csv"]
    assert (folder / "history").is_dir()
    assert (folder / "COPYING").is_file() == (source == "bank")
    assert [path.name for path in folder.parent.iterdir()] == ["mine"]


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not an empty folder"):
        lay_workspace(tmp_path, "bank")
    with pytest.raises(InputError, match="not an empty folder"):
        lay_workspace(tmp_path / "notes.txt", "bank")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_unknown_example_names_the_known(tmp_path):
    with pytest.raises(InputError, match="bank, marketplace, empty"):
        lay_workspace(tmp_path / "new", "bnak")


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made"):
        lay_workspace(tmp_path / "file" / "new", "empty")
