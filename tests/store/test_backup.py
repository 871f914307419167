"""A back-up comes back equal, from folders and from the database; what is damaged is refused, and nothing is laid."""

import datetime as dt
import tarfile

import pandas as pd
import pytest

from staffing.errors import InputError
from staffing.store import rights
from staffing.store.backup import back_up, restore
from staffing.store.bundled import bundled
from staffing.store.drafts import Draft, Drafts
from staffing.store.publications import Signed
from staffing.store.rights import Role
from staffing.store.sql import database
from staffing.store.sql.stored import bring_in
from staffing.store.workspace import Workspace
from tests.roster.sites import START, shifts_of

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TABLE = shifts_of("p0", "Mon 08:00-17:00")


@pytest.fixture(params=["folder", "database"])
def workspace(request, small_workspace, tmp_path, monkeypatch):
    made = Workspace.open(small_workspace)
    if request.param == "database":
        monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'db' / 'staffing.db'}")
        made = bring_in(small_workspace)
    made.rosters.publish(START, TABLE, Signed("Ada", "first"), NOW)
    made.rosters.keep(TABLE)
    Drafts(made.ground, "Ada").step("base", Draft(made.base), made.base.with_changes(asa_s=30))
    rights.give(made.ground, "ada", Role.planner)
    yield made
    database.opened.cache_clear()


def test_what_comes_back_is_equal(workspace, tmp_path):
    bank = bundled("data") / "bank"
    assert back_up(tmp_path / "all.tar.gz", [workspace.place, str(bank)]) == ["desk", "bank"]
    desk, other = restore(tmp_path / "all.tar.gz", tmp_path / "again")
    for before, after in ((workspace, desk), (Workspace.open(bank), other)):
        assert after.scenario_names == before.scenario_names
        assert [after.scenario(name) for name in after.scenario_names] == [
            before.scenario(name) for name in before.scenario_names
        ]
        files = {path.name: path.read_bytes() for path in before.history_folder.rglob("*") if path.is_file()}
        assert {path.name: path.read_bytes() for path in after.history_folder.rglob("*") if path.is_file()} == files
    assert desk.rosters.journal() == workspace.rosters.journal()
    pd.testing.assert_frame_equal(desk.rosters.published(START), workspace.rosters.published(START))
    pd.testing.assert_frame_equal(desk.rosters.draft(START), workspace.rosters.draft(START))
    assert Drafts(desk.ground, "Ada").scenario("base").current.service.asa_s == 30
    assert rights.roles(desk.ground) == rights.roles(workspace.ground)


def test_what_is_damaged_or_hostile_lays_nothing(small_workspace, tmp_path):
    file, target = tmp_path / "all.tar.gz", tmp_path / "again"
    back_up(file, [str(small_workspace)])
    whole = file.read_bytes()
    for content in (b"", b"no archive", whole[: len(whole) // 2], whole[:-50]):
        file.write_bytes(content)
        with pytest.raises(InputError, match="no back-up, or is damaged"):
            restore(file, target)
    with tarfile.open(file, "w:gz") as archive:
        archive.add(small_workspace / "agents.csv", "../evil.csv")
    with pytest.raises(InputError, match="no back-up"):
        restore(file, target)
    assert not target.exists()
    file.write_bytes(whole)
    target.mkdir()
    (target / "mine").write_text("")
    with pytest.raises(InputError, match="not an empty folder"):
        restore(file, target)
    with pytest.raises(InputError, match="two workspaces"):
        back_up(file, [str(small_workspace)] * 2)
