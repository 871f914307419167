"""Rights are asked where the change is made: for each kind of change, who lacks the role changes nothing."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

import staffing
from staffing.errors import Forbidden, InputError
from staffing.store import links, rights
from staffing.store.absences import Absence
from staffing.store.base import Base
from staffing.store.drafts import Draft, Drafts
from staffing.store.erasing import erase
from staffing.store.goals import first_goals, keep_goals
from staffing.store.imports import ImportedFile, note_import, put_back, take_back
from staffing.store.leave import LeaveRequest
from staffing.store.leave_book import ask, decide, requests
from staffing.store.publications import Signed
from staffing.store.rights import Role
from staffing.store.roster_work import RosterWork, RosterWorks
from staffing.store.scenario_archive import archive, restore
from staffing.store.sql import database
from staffing.store.sql.stored import bring_in
from staffing.store.workspace import Workspace
from tests.roster.sites import START, shifts_of

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TABLE = shifts_of("p0", "Mon 08:00-17:00")
ILL = Absence("Dan", dt.date(2026, 11, 24), dt.date(2026, 11, 24))

LEAVE = LeaveRequest("Dan", dt.date(2026, 11, 25), dt.date(2026, 11, 26), "a wedding")
LATER = replace(LEAVE, first=dt.date(2026, 12, 2), last=dt.date(2026, 12, 2))
ADDED, GONE = (
    ImportedFile(f"import-{name}.parquet", "2026-11-21T08:00:00+00:00", "root", 1, "2026-11-20", "2026-11-20", 9.0)
    for name in ("a", "b")
)
RUN = {"history_until": "2026-03-01", "scenario": "base", "horizon_days": 7}


def keep_answer(workspace):
    with workspace.ground.bulk_change():
        (workspace.folder / "history" / "reading.toml").write_text("date_order = 'dmy'\n")


#: Every change of what all users see, with the role it takes.
CHANGES = {
    "rename a scenario": (Role.planner, lambda w: w.rename_scenario("aside", "besides")),
    "delete a scenario": (Role.planner, lambda w: w.delete_scenario("aside")),
    "make a baseline": (Role.planner, lambda w: w.make_baseline("aside")),
    "put a scenario aside": (Role.planner, lambda w: archive(w, "aside")),
    "take a scenario back": (Role.planner, lambda w: restore(w, "old")),
    "change people, events, queues or rules": (Role.planner, lambda w: Base(w, "x").change({"volume_factor": 1.5})),
    "begin a set-up": (Role.planner, lambda w: Base(w, "x").begin(w.base)),
    "take a set-up step back": (Role.planner, lambda w: Base(w, "root").undo()),
    "ask for leave": (Role.planner, lambda w: ask(w, LATER, "x")),
    "decide on leave": (Role.planner, lambda w: decide(w, requests(w)[0], "granted", "x")),
    "set goals": (Role.planner, lambda w: keep_goals(w, first_goals(), "x")),
    "note an import": (Role.planner, lambda w: note_import(w, ADDED)),
    "take an import back": (Role.planner, lambda w: take_back(w, ADDED.file, "x")),
    "put an import back": (Role.planner, lambda w: put_back(w, GONE.file, "x")),
    "keep an answer": (Role.planner, keep_answer),
    "keep a forecast": (Role.planner, lambda w: w.forecasts.keep("run", RUN, {})),
    "forget a forecast": (Role.planner, lambda w: w.forecasts.forget(dt.date(2027, 1, 1))),
    "erase a name": (Role.admin, lambda w: erase(w, "Dan")),
    "save a scenario": (Role.planner, lambda w: w.save_scenario("launch", {"volume_factor": 2.0})),
    "keep a draft": (Role.planner, lambda w: w.rosters.keep(TABLE)),
    "note a sick call": (Role.planner, lambda w: w.rosters.keep(TABLE, away=[ILL])),
    "drop a draft": (Role.planner, lambda w: w.rosters.drop(START)),
    "add history": (Role.planner, lambda w: w.may_change()),
    "publish": (Role.publisher, lambda w: w.rosters.publish(START, TABLE, Signed("Ada", "x"), NOW)),
    "give a role": (Role.admin, lambda w: rights.give(w.ground, "eve", Role.admin)),
    "make a link": (Role.admin, lambda w: links.make(w.ground, "person", "Dan")),
    "end a link": (Role.admin, lambda w: links.revoke(w.ground, "person", "Bo")),
}


@pytest.fixture(params=["folder", "database"])
def workspace(request, small_workspace, tmp_path, monkeypatch):
    if request.param == "folder":
        made = Workspace.open(small_workspace)
    else:
        monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'db' / 'staffing.db'}")
        made = bring_in(small_workspace)
    monkeypatch.setattr(rights._Acting, "who", staticmethod(lambda: "root"))
    rights.give(made.ground, "publisher", Role.publisher)
    for name in ("planner", "viewer"):
        rights.give(made.ground, name, Role[name])
    _filled(made)
    links.make(made.ground, "person", "Bo")
    yield made
    database.opened.cache_clear()


def _filled(workspace):
    """Something of each kind that can be changed."""
    for name in ("aside", "old"):
        workspace.save_scenario(name, {"volume_factor": 1.2})
    archive(workspace, "old")
    Base(workspace, "root").change({"volume_factor": 1.1})
    ask(workspace, LEAVE, "root")
    for entry in (ADDED, GONE):
        (workspace.folder / "history" / entry.file).write_bytes(b"rows")
        note_import(workspace, entry)
    take_back(workspace, GONE.file, "root")
    for day in ("2026-01-01", "2026-02-01"):
        workspace.forecasts.keep(day, {**RUN, "history_until": day}, {})


def everything(workspace) -> dict[str, bytes]:
    return {name: workspace.ground.read(name) for name in workspace.ground.names("", "") if _is_document(name)}


def _is_document(name: str) -> bool:
    return name.endswith((".toml", ".csv", ".json", ".jsonl", ".draft.parquet")) and not name.startswith("history")


#: Modules that change what a workspace holds; one that is not here lacks its changes above.
WRITERS = {
    "batch/nightly", "cli/checking", "cli/history", "store/base", "store/drafts", "store/erasing", "store/goals",
    "store/imports", "store/kept", "store/leave_book", "store/links", "store/promised", "store/rights",
    "store/roster_work", "store/rosters", "store/scenario_archive", "store/workspace", "ui/imports",
    "store/sql/stored", "ui/setting_up/begin",
}  # fmt: skip


def test_nothing_else_changes_a_workspace():
    room = Path(staffing.__file__).parent
    found = {
        path.relative_to(room).with_suffix("").as_posix()
        for path in room.rglob("*.py")
        if re.search(r"ground\.(bulk_)?change\(", path.read_text(encoding="utf-8"))
    }
    assert found == WRITERS


@pytest.mark.parametrize("what", CHANGES)
def test_who_lacks_the_role_changes_nothing(workspace, monkeypatch, what):
    needed, change = CHANGES[what]
    before = everything(workspace)
    for who in ("nobody", "viewer", "planner", "publisher"):
        monkeypatch.setattr(rights._Acting, "who", staticmethod(lambda who=who: who))
        if who == "nobody" or Role[who] < needed:
            with pytest.raises(Forbidden, match=rf"{who} may not .* the role {needed.name}"):
                change(workspace)
            assert everything(workspace) == before
    monkeypatch.setattr(rights._Acting, "who", staticmethod(lambda: "root"))
    change(workspace)


def test_a_viewer_tries_things_in_drafts_of_their_own(workspace, monkeypatch):
    monkeypatch.setattr(rights._Acting, "who", staticmethod(lambda: "viewer"))
    Drafts(workspace.ground, "viewer").step("base", Draft(workspace.base), workspace.base.with_changes(asa_s=30))
    there = workspace.rosters.seen(START)
    RosterWorks(workspace.ground, "viewer").keep(START, "base", RosterWork.on(TABLE, there), "")
    monkeypatch.setattr(rights._Acting, "told_apart", True)
    with pytest.raises(Forbidden, match="may not act as planner"):
        Drafts(workspace.ground, "planner").keep("base", Draft(workspace.base))


def test_nobody_signs_with_another_name(workspace, monkeypatch):
    monkeypatch.setattr(rights._Acting, "told_apart", True)
    monkeypatch.setattr(rights._Acting, "who", staticmethod(lambda: "publisher"))
    with pytest.raises(Forbidden, match="may not act as Ada"):
        workspace.rosters.publish(START, TABLE, Signed("Ada", "x"), NOW)
    assert workspace.rosters.publish(START, TABLE, Signed("publisher", "x"), NOW).who == "publisher"


def test_a_sign_in_gives_roles_everywhere_or_in_one_workspace(workspace, monkeypatch):
    claims: list[str] = []
    monkeypatch.setattr(rights._Acting, "claimed", staticmethod(lambda: rights.claimed_roles(claims)))
    monkeypatch.setattr(rights._Acting, "who", staticmethod(lambda: "eve"))
    label = workspace.ground.label
    for told, role in (
        ([], None),
        (["everything else", "planner else"], None),
        (["viewer"], Role.viewer),
        ([f"{label}=planner", "viewer"], Role.planner),
        (["elsewhere=admin", "viewer"], Role.viewer),
        ([f"{label}=viewer", "publisher"], Role.publisher),
    ):
        claims[:] = told
        assert rights.role_of(workspace.ground) == role
        for needed in Role:
            assert rights.may(workspace.ground, needed) == (role is not None and role >= needed)
    claims[:] = ["viewer"]
    with pytest.raises(Forbidden, match="takes the role planner"):
        workspace.save_scenario("launch", {"volume_factor": 2.0})
    monkeypatch.setattr(rights._Acting, "who", staticmethod(lambda: "planner"))
    assert rights.role_of(workspace.ground) == Role.planner  # the higher of table and claim
    assert rights.role_of(workspace.ground, "viewer") == Role.viewer  # what a sign-in says is said of the one at work


def test_where_a_sign_in_gives_roles_a_workspace_without_a_table_is_nobody_elses(small_workspace, monkeypatch):
    monkeypatch.setattr(rights._Acting, "claimed", staticmethod(dict))
    made = Workspace.open(small_workspace)
    assert not rights.may(made.ground, Role.viewer)


def test_the_last_admin_stays(workspace):
    with pytest.raises(InputError, match="no admin"):
        rights.give(workspace.ground, "root", None)
    rights.give(workspace.ground, "ada", Role.admin)
    rights.give(workspace.ground, "root", None)
    assert rights.roles(workspace.ground)["ada"] is Role.admin


def test_without_roles_everybody_may_and_a_bad_file_is_named(small_workspace):
    ground = Workspace.open(small_workspace).ground
    assert rights.may(ground, Role.admin, "whoever")
    (small_workspace / "roles.csv").write_text("user,role\nada,king\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"roles\.csv, row 2: gives no role"):
        rights.roles(ground)


def test_a_link_opens_one_thing_until_it_is_revoked_and_its_secret_is_not_kept(workspace):
    secret = links.make(workspace.ground, "person", "Dan")
    assert links.opened(workspace.ground, "person", secret).name == "Dan"
    assert links.opened(workspace.ground, "api", secret) is None
    assert links.opened(workspace.ground, "person", secret[:-1]) is None
    assert secret.encode() not in workspace.ground.read("links.csv")
    assert links.revoke(workspace.ground, "person", "Dan") == 1
    assert links.opened(workspace.ground, "person", secret) is None
    with pytest.raises(InputError, match="no link"):
        links.revoke(workspace.ground, "person", "Dan")
