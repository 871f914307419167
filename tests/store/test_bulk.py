"""Bulk tables of stored workspaces in an object store: whole, in step, and equal to what they were."""

import json
import shutil

import pandas as pd
import pytest
import sqlalchemy as sa

from staffing.errors import Forbidden, InputError
from staffing.history import read_history
from staffing.store import rights
from staffing.store.files import write_text
from staffing.store.imports import ImportedFile, note_import, put_back, take_back
from staffing.store.kept import Shelf
from staffing.store.rights import Role, give
from staffing.store.sql import database
from staffing.store.sql.bulk import VARIABLE
from staffing.store.sql.ground import SqlGround
from staffing.store.sql.stored import bring_in, send_out
from staffing.store.workspace import Workspace
from tests.store.object_store import object_store

MANIFEST = {"history_until": "2026-03-01", "scenario": "base", "horizon_days": 7, "note": "Prüfung ü"}
TABLE = pd.DataFrame({"queue": ["voice"], "calls": [12.5]})
ADDED = ImportedFile("import-abc.csv", "2026-11-21T08:00:00+00:00", "Sara", 1, "2026-11-20", "2026-11-20", 9.0)


@pytest.fixture(scope="module")
def bucket():
    with object_store("bulk") as (place, _server):
        yield place


@pytest.fixture
def stored(url, bucket, tmp_path, small_workspace, monkeypatch):
    place = bucket.within(tmp_path.name)
    monkeypatch.setenv(VARIABLE, place.url)
    return bring_in(small_workspace, "desk"), place.within("desk")


def files(workspace) -> dict[str, bytes]:
    paths = [path for part in ("history", "forecasts") for path in (workspace.folder / part).rglob("*")]
    return {str(path.relative_to(workspace.folder)): path.read_bytes() for path in paths if path.is_file()}


def on_another_machine() -> Workspace:
    """The workspace opened where nothing of it lies yet."""
    shutil.rmtree(Workspace.open("desk@db").folder)
    return Workspace.open("desk@db")


def test_what_was_brought_in_is_read_from_the_store_on_another_machine(stored, small_workspace):
    own, before = Workspace.open(small_workspace), files(stored[0])
    assert before
    there = on_another_machine()
    assert files(there) == before
    site = own.base.site
    assert read_history(there.history_folder, site).sha256 == read_history(own.history_folder, site).sha256


def test_what_is_added_taken_back_and_kept_is_seen_elsewhere(stored):
    workspace, _ = stored
    with workspace.ground.bulk_change("Sara"):
        (workspace.history_folder / ADDED.file).write_text("more")
    note_import(workspace, ADDED)
    kept = workspace.shelf.keep("2026-03-01-abc", MANIFEST, {"forecast": TABLE})
    there = on_another_machine()
    assert (there.history_folder / ADDED.file).read_text() == "more"
    (again,) = there.shelf.all()
    assert (again.run, again.manifest) == (kept.run, MANIFEST)
    pd.testing.assert_frame_equal(again.forecast(), TABLE)
    take_back(there, ADDED.file, "Omid")
    there = on_another_machine()
    assert not (there.history_folder / ADDED.file).exists()
    put_back(there, ADDED.file, "Omid")
    assert (on_another_machine().history_folder / ADDED.file).read_text() == "more"


def test_bytes_that_no_file_has_any_more_are_let_go(stored):
    workspace, place = stored
    before = len(place.entries())
    for text in ("one", "two"):
        with workspace.ground.bulk_change():
            (workspace.history_folder / "more.csv").write_text(text)
        assert len(place.entries()) == before + 1
    with workspace.ground.bulk_change():
        (workspace.history_folder / "more.csv").unlink()
    assert len(place.entries()) == before


def test_a_change_that_broke_off_before_it_was_sent_is_sent_on_opening(stored):
    workspace, place = stored

    def broken_off():
        with workspace.ground.bulk_change():
            (workspace.history_folder / "more.csv").write_text("more")
            raise KeyboardInterrupt

    before = len(place.entries())
    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert len(place.entries()) == before
    Workspace.open("desk@db")
    assert (on_another_machine().history_folder / "more.csv").read_text() == "more"


def test_what_was_there_before_a_store_was_named_goes_there_on_opening(
    url, bucket, small_workspace, tmp_path, monkeypatch
):
    before = files(bring_in(small_workspace, "desk"))
    monkeypatch.setenv(VARIABLE, bucket.within(f"{tmp_path.name}-later").url)
    Workspace.open("desk@db")
    assert files(on_another_machine()) == before


def test_copies_on_two_machines_both_keep_what_was_added(stored, monkeypatch, tmp_path):
    workspace, _ = stored
    if workspace.ground.url.startswith("sqlite"):
        pytest.skip("SQLite is one machine's")
    monkeypatch.setenv("STAFFING_BULK_FOLDER", str(tmp_path / "other"))
    other = Workspace.open("desk@db")
    assert other.folder != workspace.folder
    with other.ground.bulk_change():
        (other.history_folder / "b.csv").write_text("b")
    monkeypatch.setenv("STAFFING_BULK_FOLDER", str(tmp_path / "bulk"))
    with workspace.ground.bulk_change():
        (workspace.history_folder / "c.csv").write_text("c")
    monkeypatch.setenv("STAFFING_BULK_FOLDER", str(tmp_path / "other"))
    names = {path.name for path in Workspace.open("desk@db").history_folder.glob("?.csv")}
    assert names == {"b.csv", "c.csv"}


def test_a_store_without_the_bytes_is_said(stored):
    workspace, place = stored
    for entry in place.entries():
        place.delete(entry.name)
    shutil.rmtree(workspace.folder)
    with pytest.raises(InputError, match="lacks a file that the database names"):
        Workspace.open("desk@db")


def test_a_viewer_changes_no_bulk_table(stored, monkeypatch):
    workspace, _ = stored
    give(workspace.ground, "vera", Role.viewer)
    monkeypatch.setattr(rights._Acting, "who", staticmethod(lambda: "vera"))
    before = files(workspace)
    for attempt in (
        lambda: workspace.shelf.keep("run", MANIFEST, {"forecast": TABLE}),
        lambda: workspace.ground.bulk_change().__enter__(),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert files(workspace) == before


def test_kept_manifests_go_in_and_come_out_byte_for_byte(url, small_workspace, tmp_path):
    own = Workspace.open(small_workspace)
    own.shelf.keep("2026-03-01-abc", MANIFEST, {"forecast": TABLE})
    there = bring_in(small_workspace, "desk")
    assert not list(there.folder.glob("forecasts/*/manifest.json"))
    out = send_out("desk", tmp_path / "out")
    for workspace in (there, out):
        (again,) = workspace.shelf.all()
        assert (again.run, again.manifest) == ("2026-03-01-abc", MANIFEST)
        pd.testing.assert_frame_equal(again.forecast(), TABLE)
    assert files(out) == files(own)
    there.shelf.keep("2026-03-02-abc", {**MANIFEST, "history_until": "2026-03-02"}, {"forecast": TABLE})
    assert there.shelf.forget(pd.Timestamp("2026-03-02").date()) == ["2026-03-01-abc"]
    assert [kept.run for kept in there.shelf.all()] == ["2026-03-02-abc"]


def test_an_upgrade_takes_manifests_in_that_lay_beside_the_database(tmp_path):
    address = f"sqlite:///{tmp_path / 'staffing.db'}"
    engine = database.connected(address)
    database.upgrade(engine, to="0004")
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO workspaces (name) VALUES ('desk')"))
    for run, text in (("whole", json.dumps(MANIFEST)), ("damaged", "{")):
        write_text(tmp_path / "workspaces" / "desk" / "forecasts" / run / "manifest.json", text)
    database.upgrade(engine)
    engine.dispose()
    (kept,) = Shelf(SqlGround(address, "desk"), tmp_path).all()
    assert (kept.run, kept.manifest) == ("whole", MANIFEST)
