"""The same promises in a database: SQLite and PostgreSQL, beside a folder."""

import datetime as dt
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from staffing.errors import AlreadyRunning, Conflict, InputError, StaffingError
from staffing.store import audit, rights
from staffing.store.absences import Absence, absences_of
from staffing.store.bundled import bundled
from staffing.store.drafts import Draft, Drafts
from staffing.store.lock import held, user
from staffing.store.publications import Signed
from staffing.store.roster_days import same_roster
from staffing.store.sql import database
from staffing.store.sql.ground import SqlGround
from staffing.store.sql.kinds import kind_of
from staffing.store.sql.stored import bring_in, send_out, stored_names
from staffing.store.turns import again_on_conflict
from staffing.store.workspace import Workspace
from staffing.tables import on_the_clock
from tests import small
from tests.roster.sites import START, shifts_of
from tests.store.faults import beside, side_by_side

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
FIRST = shifts_of("p0", "Mon 08:00-17:00", "Tue 08:00-17:00")
SECOND = shifts_of("p0", "Mon 09:00-18:00", "Tue 08:00-17:00")
ILL = Absence("Dan", dt.date(2026, 11, 24), dt.date(2026, 11, 25), 'flu, he says; "bad"')
ROUNDS = 4


@pytest.fixture
def stored(url, small_workspace):
    return bring_in(small_workspace, who="Ada")


def scenarios(workspace):
    return {name: workspace.scenario(name) for name in workspace.scenario_names}


@pytest.mark.parametrize("example", ["bank", "marketplace"])
def test_the_bundled_workspaces_go_in_and_come_out_equal(url, tmp_path, example):
    folder = bundled("data") / example
    there = bring_in(folder)
    assert scenarios(there) == scenarios(Workspace.open(folder))
    out = send_out(example, tmp_path / "out")
    assert scenarios(out) == scenarios(there)
    history = sorted(path.name for path in (folder / "history").rglob("*") if path.is_file())
    assert sorted(path.name for path in (tmp_path / "out" / "history").rglob("*") if path.is_file()) == history


def test_all_that_was_made_goes_with_it(url, small_workspace, tmp_path):
    own = Workspace.open(small_workspace)
    own.rosters.publish(START, FIRST, Signed("Ada", "first"), NOW)
    own.rosters.keep(SECOND, [own.rosters.seen(START)], away=[ILL])
    Drafts(own.ground, "Ada").step("base", Draft(own.base), own.base.with_changes(service_level=0.9))
    trail = list(audit.changes_of(own.ground.read(audit.FILE)))
    there = bring_in(small_workspace, "mine")
    assert stored_names() == ["mine"]
    brought = list(audit.changes_of(there.ground.read(audit.FILE)))
    assert [change for change in brought if change.why != "brought in from desk"] == trail
    assert len(brought) > len(trail) >= 4
    out = send_out("mine", tmp_path / "out")
    assert list(audit.changes_of(out.ground.read(audit.FILE))) == brought
    for workspace in (there, out):
        assert workspace.rosters.journal() == own.rosters.journal()
        pd.testing.assert_frame_equal(workspace.rosters.draft(START), own.rosters.draft(START))
        pd.testing.assert_frame_equal(workspace.rosters.published(START), own.rosters.published(START))
        assert absences_of(workspace.ground.read("absences.csv")) == (ILL,)
        assert Drafts(workspace.ground, "Ada").scenario("base").current.service.service_level == 0.9
    with pytest.raises(InputError, match="already"):
        bring_in(small_workspace, "mine")
    with pytest.raises(InputError, match="not an empty folder"):
        send_out("mine", tmp_path / "out")
    with pytest.raises(InputError, match="Known: mine"):
        Workspace.open("yours@db")


def test_a_newer_version_is_never_written_over(stored):
    book = stored.rosters
    book.keep(FIRST)
    mine = book.seen(START)
    book.keep(SECOND, [mine])
    with pytest.raises(Conflict, match="09:00-18:00 → 10:00-19:00"):
        book.keep(FIRST, [mine], away=[ILL])
    assert stored.ground.read("absences.csv") is None
    seen = stored.version("launch")
    stored.save_scenario("launch", {"service": {"service_level": 0.7}}, seen=seen)
    with pytest.raises(Conflict, match=r"0\.7 saved, 0\.95 yours"):
        stored.save_scenario("launch", {"service": {"service_level": 0.95}}, seen=seen)


def edit_often(url, agent: str) -> None:
    os.environ[database.VARIABLE] = url
    book = Workspace.open("desk@db").rosters
    for number in range(ROUNDS):

        def attempt(number=number):
            seen = book.seen(START)
            fresh = on_the_clock(shifts_of(f"{agent}{number}", "Wed 08:00-17:00"), book.site.zone)
            away = [Absence("Dan", ILL.first, ILL.last, f"{agent}{number}")]
            book.keep(fresh if seen.table is None else pd.concat([seen.table, fresh]), [seen], away=away)

        again_on_conflict(attempt, book.ground)


def publish_often(url) -> None:
    os.environ[database.VARIABLE] = url
    book = Workspace.open("desk@db").rosters

    def attempt():
        seen = book.seen(START)
        book.publish(START, seen.table, Signed("Bo", "again"), NOW, seen=seen)

    for _ in range(ROUNDS):
        again_on_conflict(attempt, book.ground)


def hold_alone(url, held: str, until: str) -> None:
    os.environ[database.VARIABLE] = url
    with Workspace.open("desk@db").ground.alone("Bo"):
        Workspace.open("desk@db").rosters.keep(SECOND)  # the holder itself goes on
        Path(held).touch()
        while not Path(until).exists():
            time.sleep(0.01)


def test_who_works_alone_is_waited_for(stored, url, tmp_path):
    held, until = tmp_path / "held", tmp_path / "until"
    with beside(hold_alone, url, str(held), str(until)) as other:
        while not held.exists():
            assert other.is_alive()
            time.sleep(0.01)
        waiting = threading.Thread(target=lambda: stored.rosters.keep(FIRST))
        waiting.start()
        waiting.join(0.5)
        still_waiting, meanwhile = waiting.is_alive(), stored.rosters.at_hand(START)
        until.touch()
        waiting.join()
    assert still_waiting
    assert same_roster(meanwhile, SECOND)
    assert same_roster(stored.rosters.at_hand(START), FIRST)


def test_three_processes_at_one_week_lose_nothing(stored, url):
    stored.rosters.keep(FIRST)
    side_by_side((edit_often, url, "a"), (edit_often, url, "b"), (publish_often, url))
    names = {f"{who}{number}" for who in "ab" for number in range(ROUNDS)}
    assert set(stored.rosters.at_hand(START)["agent"]) == names | {"p0"}
    assert {away.reason for away in absences_of(stored.ground.read("absences.csv"))} == names
    assert [entry.version for entry in stored.rosters.journal()] == list(range(1, ROUNDS + 1))


def die_within(url) -> None:
    os.environ[database.VARIABLE] = url
    ground = Workspace.open("desk@db").ground
    with ground.change("Bo") as change:
        change.write("absences.csv", b"agent,first,last,reason\nDan,2026-11-24,2026-11-24,x\n")
        kind_of("absences.csv").write(ground._open.at, "absences.csv", change.read("absences.csv"))
        os._exit(0)


def test_what_dies_before_its_end_has_not_happened_and_leaves_no_lock(stored, url):
    side_by_side((die_within, url))
    assert stored.ground.read("absences.csv") is None
    stored.rosters.keep(FIRST, away=[ILL])


def test_readers_see_one_moment(stored):
    other = SqlGround(stored.ground.url, stored.ground.name)

    def read():
        before = stored.ground.read("absences.csv")
        if other.read("absences.csv") is None:
            Workspace.open("desk@db").rosters.keep(FIRST, away=[ILL])
        return before, stored.ground.read("absences.csv")

    assert stored.ground.steady(read) == (None, None)
    assert stored.ground.read("absences.csv") is not None


def test_thirty_who_read_at_once_and_look_further_do_not_wait_for_each_other(stored):
    stored.rosters.keep(FIRST)
    together = threading.Barrier(30)

    def look():
        def inside():
            together.wait(timeout=20)  # all hold a transaction now
            assert looked_further(stored)

        stored.ground.steady(inside)

    with ThreadPoolExecutor(30) as pool:
        for one in [pool.submit(look) for _ in range(30)]:
            one.result(timeout=25)


def looked_further(workspace):
    """Reads on a connection beside the transaction of its thread."""
    with database.opened(workspace.ground.url).connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM workspaces")) == 1


def test_who_changed_what_is_recorded_and_stays_recorded(stored, url):
    stored.rosters.publish(START, FIRST, Signed("Ada", "the first"), NOW)
    engine = database.opened(url)
    with engine.connect() as connection:
        rows = list(connection.execute(sa.text("SELECT who, why, what, before, after FROM audit ORDER BY id")))
    assert (user(), "the first", "rosters/journal.jsonl") in [(row[0], row[1], row[2]) for row in rows]
    assert all(row.before != row.after for row in rows)
    changes = ("UPDATE audit SET who = 'Eve'", "UPDATE audit SET who = 'Eve', why = ''", "DELETE FROM audit")
    for statement in changes:
        with pytest.raises(sa.exc.DBAPIError, match="only added to"), engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_an_older_database_is_upgraded_when_it_is_told_to_and_rehearsed_before(url, small_workspace):
    engine = database.connected(url)
    database.upgrade(engine, to="0001")
    with pytest.raises(InputError, match="staffing db upgrade"):
        stored_names(url)
    database.upgrade(engine, rehearse=True)
    assert database.version(engine) == "0001"
    database.upgrade(engine)
    assert database.version(engine) == database.HEAD
    assert stored_names(url) == []
    engine.dispose()


def test_a_database_of_a_newer_version_is_left_alone(stored, url):
    engine = database.opened(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    database.opened.cache_clear()
    with pytest.raises(InputError, match=r"version 9999.*Install the newer program"):
        Workspace.open("desk@db")


def test_the_migrations_make_what_the_code_expects(stored, url):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from staffing.store.sql.schema import metadata

    with database.opened(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert database.version(database.opened(url)) == database.HEAD


def test_a_database_that_goes_away_is_said_and_is_used_again_when_it_is_back(
    server, tmp_path, monkeypatch, small_workspace
):
    monkeypatch.setenv(database.VARIABLE, server.database("away"))
    monkeypatch.setenv("STAFFING_BULK_FOLDER", str(tmp_path / "bulk"))
    stored = bring_in(small_workspace)
    stored.rosters.keep(FIRST)
    server.stop()
    try:
        with pytest.raises(StaffingError, match=r"database cannot be used.*See that it runs"):
            stored.rosters.keep(SECOND)
    finally:
        server.start()
    assert same_roster(stored.rosters.draft(START), FIRST)
    stored.rosters.keep(SECOND)


def test_who_writes_to_a_sqlite_file_is_named_to_those_who_wait(tmp_path, monkeypatch, small_workspace):
    file = tmp_path / "db" / "staffing.db"
    monkeypatch.setenv(database.VARIABLE, f"sqlite:///{file}")
    stored = bring_in(small_workspace)
    monkeypatch.setattr("staffing.store.sql.ground.WAIT_S", 0.05)
    with held(file.with_name("staffing.db.lock"), "Ada"), pytest.raises(AlreadyRunning, match="Ada"):
        stored.rosters.keep(FIRST)


def test_an_address_nobody_can_use(monkeypatch):
    monkeypatch.setenv(database.VARIABLE, "nonsense")
    with pytest.raises(InputError, match="STAFFING_DATABASE_URL"):
        Workspace.open("desk@db")


def test_what_changed_since_a_moment_says_who_and_why(url, tmp_path):
    ground = bring_in(small.make(tmp_path / "desk"), "desk", "ada").ground
    before = dt.datetime.now(dt.UTC)
    with ground.change("bea", "a busier week") as change:
        change.write("scenarios/busy.toml", b"volume_factor = 1.2\n")
    (told,) = ground.changes_since(before)
    assert (told.name, told.who, told.why) == ("scenarios/busy.toml", rights.acting() or "bea", "a busier week")
    assert before <= told.when <= dt.datetime.now(dt.UTC)
    assert len(ground.changes_since(before - dt.timedelta(hours=1))) > 1


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_a_full_or_read_only_database_changes_nothing_and_is_said(tmp_path, monkeypatch, small_workspace, fault):
    monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'db' / 'staffing.db'}")
    stored = bring_in(small_workspace)
    stored.rosters.keep(FIRST)
    engine = database.opened(stored.ground.url)
    pragma = {"full": "max_page_count = 1", "read-only": "query_only = ON"}[fault]  # as the disk would have it
    sa.event.listen(engine, "checkout", refuse := lambda raw, *_: raw.execute(f"PRAGMA {pragma}"))
    long = [Absence(f"p{k}", ILL.first, ILL.last, "x" * 900) for k in range(200)]
    with pytest.raises(StaffingError, match=r"full|readonly|read-only"):
        stored.rosters.keep(SECOND, away=long)
    sa.event.remove(engine, "checkout", refuse)
    engine.dispose()
    assert stored.ground.read("absences.csv") is None
    pd.testing.assert_frame_equal(stored.rosters.draft(START), FIRST, check_like=True, check_dtype=False)
    stored.rosters.keep(SECOND, away=long)
    database.opened.cache_clear()
