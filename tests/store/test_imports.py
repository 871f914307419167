"""Files added to history are taken back and put back, with what was answered for good with them."""

import pytest

from staffing.errors import InputError
from staffing.store.imports import ImportedFile, imports, note_import, put_back, take_back
from staffing.store.rights import acting
from staffing.store.workspace import Workspace
from tests import small

ADDED = ImportedFile("import-abc.parquet", "2026-11-21T08:00:00+00:00", "Sara", 10, "2026-11-20", "2026-11-20", 99.0)


@pytest.fixture
def workspace(tmp_path):
    made = Workspace.open(small.make(tmp_path / "desk"))
    (made.history_folder / ADDED.file).write_bytes(b"rows")
    return made


def files(workspace):
    return {path.name: path.read_bytes() for path in workspace.history_folder.iterdir()}


def test_history_is_byte_for_byte_what_it_was_and_can_have_the_file_again(workspace):
    before = {name: content for name, content in files(workspace).items() if name != ADDED.file}
    note_import(workspace, ADDED)
    assert [one.file for one in imports(workspace)] == [ADDED.file]
    take_back(workspace, ADDED.file, "Omid")
    assert files(workspace) == before
    (entry,) = imports(workspace)
    assert not entry.counts
    assert entry.taken_back.endswith("Omid")
    put_back(workspace, ADDED.file, "Omid")
    assert files(workspace) == {**before, ADDED.file: b"rows"}
    assert imports(workspace)[0].counts


@pytest.mark.parametrize("before", [None, "absent = 'zero'\n"])
def test_answers_kept_with_a_file_go_with_it(workspace, before):
    answers = workspace.history_folder / "reading.toml"
    answers.write_text("date_order = 'dmy'\n", encoding="utf-8")
    note_import(workspace, ImportedFile(**{**vars(ADDED), "answers": "reading.toml", "answers_before": before}))
    take_back(workspace, ADDED.file, "Omid")
    assert (answers.read_text(encoding="utf-8") if answers.exists() else None) == before


def test_what_does_not_count_cannot_be_taken_back_and_a_lost_file_is_said(workspace):
    with pytest.raises(InputError, match="no such import counts"):
        take_back(workspace, ADDED.file, "Omid")
    note_import(workspace, ADDED)
    (workspace.history_folder / ADDED.file).unlink()
    with pytest.raises(InputError, match="is gone"):
        take_back(workspace, ADDED.file, "Omid")
    assert imports(workspace)[0].counts


def test_the_folder_says_who_changed_what_and_why(workspace):
    import datetime as dt

    since = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    note_import(workspace, ADDED)
    newest = workspace.ground.changes_since(since)[0]
    assert (newest.name, newest.who, newest.why) == ("imports.json", acting(), "import-abc.parquet added to history")
