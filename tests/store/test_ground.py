"""What a folder promises: all or nothing, one writer, nothing lost, nothing followed out of it."""

import datetime as dt
import errno
import os
import shutil
import time
from functools import partial

import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import AlreadyRunning, Conflict, InputError, InputErrors
from staffing.store import audit, rights
from staffing.store import ground as ground_module
from staffing.store.absences import Absence, absences_of
from staffing.store.ground import FolderGround
from staffing.store.lock import held
from staffing.store.publications import Signed
from staffing.store.rosters import RosterBook, Seen
from staffing.store.transaction import version_of
from staffing.store.turns import again_on_conflict
from staffing.store.workspace import Workspace
from tests.roster.sites import START, shifts_of
from tests.store.faults import beside, killed_at, side_by_side

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
SITE = SiteCalendar(timezone="UTC")
ADA = Signed("Ada", "the first")
FIRST = shifts_of("p0", "Mon 08:00-17:00", "Tue 08:00-17:00")
SECOND = shifts_of("p0", "Mon 09:00-18:00", "Tue 08:00-17:00")
ILL = Absence("Dan", dt.date(2026, 11, 24), dt.date(2026, 11, 25), "flu")


def book_at(root) -> RosterBook:
    return RosterBook(FolderGround(root), SITE)


def contents(root) -> dict[str, bytes]:
    """Every file of the workspace but what the folder keeps about itself."""
    files = (path for path in root.rglob("*") if path.is_file() and ".desk" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def everything(root) -> None:
    workspace = Workspace.open(root)
    workspace.scenario("launch")
    workspace.rosters.journal()


def mend(root) -> None:
    book_at(root).keep(SECOND, [book_at(root).seen(START)], away=[ILL], who="Bo")


def publish(root) -> None:
    book = book_at(root)
    book.publish(START, book.draft(START), ADA, NOW, seen=book.seen(START), away=[ILL])


def save(root) -> None:
    Workspace.open(root).save_scenario("launch", {"service": {"service_level": 0.7}}, who="Ada")


def drop(root) -> None:
    book_at(root).drop(START)


@pytest.mark.parametrize("work", [mend, publish, save, drop], ids=lambda work: work.__name__)
def test_a_kill_at_any_file_operation_leaves_all_or_nothing(small_workspace, tmp_path, work, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)  # a killed process loses no pages of the system
    book_at(small_workspace).publish(START, FIRST, ADA, NOW)
    book_at(small_workspace).keep(FIRST)
    before = contents(small_workspace)
    whole = shutil.copytree(small_workspace, tmp_path / "whole")
    work(whole)
    after = contents(whole)
    assert before != after
    seen = set()
    for operation in range(200):
        root = shutil.copytree(small_workspace, tmp_path / f"killed-{operation}")
        died = killed_at(operation, partial(work, root), root)
        Workspace.open(root)
        now = contents(root)
        assert now in (before, after), f"half of it stands after a kill at operation {operation}"
        assert not list((root / ".desk" / "pending").glob("*"))
        seen.add(now == after)
        book_at(root).keep(FIRST)  # no lock stays
        if not died:
            break
        shutil.rmtree(root)
    assert not died
    assert operation > 10
    assert seen == {True, False}


def test_what_is_acknowledged_is_on_the_disk_its_names_too(tmp_path, monkeypatch):
    synced, fsync = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: synced.append(os.readlink(f"/proc/self/fd/{handle}")) or fsync(handle)
    )
    book_at(tmp_path).keep(FIRST)
    pending = str(tmp_path / ".desk" / "pending")
    assert [name for name in synced if name.startswith(pending)][:4] == [
        f"{pending}/0",
        f"{pending}/1",
        f"{pending}/plan.tmp",
        pending,
    ]
    assert {str(tmp_path / "rosters"), str(tmp_path)} <= set(synced)


def add_shift(root, agent: str, rounds: int) -> None:
    book = book_at(root)
    for number in range(rounds):

        def attempt(number=number):
            seen = book.seen(START)
            fresh = shifts_of(f"{agent}{number}", "Wed 08:00-17:00")
            book.keep(fresh if seen.table is None else pd.concat([seen.table, fresh]), [seen])

        again_on_conflict(attempt, book.ground)


def call_in_sick(root, agent: str, rounds: int) -> None:
    book = book_at(root)
    for number in range(rounds):
        away = [Absence(f"{agent}{number}", ILL.first, ILL.last)]
        again_on_conflict(lambda away=away: book.keep(FIRST, [book.seen(START)], away=away), book.ground)


def publish_often(root, who: str, rounds: int) -> None:
    book = book_at(root)

    def attempt():
        seen = book.seen(START)
        book.publish(START, seen.table, Signed(who, "again"), NOW, seen=seen)

    for _ in range(rounds):
        again_on_conflict(attempt, book.ground)


def save_often(root, field: str, rounds: int) -> None:
    for number in range(rounds):

        def attempt(number=number):
            workspace = Workspace.open(root)
            seen = workspace.version("both")
            mine = workspace.scenario("both") if seen else workspace.base
            patch = {"prices": {name: getattr(mine.prices, name) for name in ("agent_hour", "shortage_hour")}}
            patch["prices"][field] += 1.0
            workspace.save_scenario("both", patch, seen=seen)

        again_on_conflict(attempt, FolderGround(root))


def edit_slowly(root, rounds: int) -> None:
    """Each edit takes so long that whoever publishes beside it is always quicker."""
    book = book_at(root)
    for number in range(rounds):

        def attempt(number=number):
            seen = book.seen(START)
            time.sleep(0.2)
            book.keep(pd.concat([seen.table, shifts_of(f"slow{number}", "Wed 08:00-17:00")]), [seen])

        again_on_conflict(attempt, book.ground)


def publish_without_end(root) -> None:
    while not (root / "done").exists():
        publish_often(root, "Bo", 1)


ROUNDS = 5


def test_slow_work_beside_quick_work_comes_to_its_end(small_workspace):
    book_at(small_workspace).keep(FIRST)
    with beside(publish_without_end, small_workspace):
        try:
            edit_slowly(small_workspace, 3)
        finally:
            (small_workspace / "done").touch()
    assert {"slow0", "slow1", "slow2"} <= set(book_at(small_workspace).at_hand(START)["agent"])


def test_two_processes_that_edit_lose_nothing(small_workspace):
    side_by_side((add_shift, small_workspace, "a", ROUNDS), (add_shift, small_workspace, "b", ROUNDS))
    assert set(book_at(small_workspace).draft(START)["agent"]) == {f"{who}{k}" for who in "ab" for k in range(ROUNDS)}


def test_edits_while_another_publishes_are_in_the_draft_or_in_the_publication(small_workspace):
    book = book_at(small_workspace)
    book.keep(FIRST)
    side_by_side((add_shift, small_workspace, "a", ROUNDS), (publish_often, small_workspace, "Bo", ROUNDS))
    assert set(book.at_hand(START)["agent"]) == {"p0", *(f"a{k}" for k in range(ROUNDS))}
    assert [entry.version for entry in book.journal()] == list(range(1, ROUNDS + 1))


def test_no_sick_call_is_lost(small_workspace):
    side_by_side((call_in_sick, small_workspace, "a", ROUNDS), (call_in_sick, small_workspace, "b", ROUNDS))
    noted = absences_of(book_at(small_workspace).ground.read("absences.csv"))
    assert {away.agent for away in noted} == {f"{who}{k}" for who in "ab" for k in range(ROUNDS)}


def test_two_who_save_one_scenario_both_keep_their_work(small_workspace):
    base = Workspace.open(small_workspace).base.prices
    side_by_side(
        (save_often, small_workspace, "agent_hour", ROUNDS), (save_often, small_workspace, "shortage_hour", ROUNDS)
    )
    prices = Workspace.open(small_workspace).scenario("both").prices
    assert (prices.agent_hour, prices.shortage_hour) == (base.agent_hour + ROUNDS, base.shortage_hour + ROUNDS)


def test_what_another_changed_is_said_and_kept(small_workspace):
    book = book_at(small_workspace)
    book.keep(FIRST)
    mine = theirs = book.seen(START)
    book.keep(SECOND, [theirs])
    with pytest.raises(Conflict, match="Mon 2026-03-02: 08:00-17:00 → 09:00-18:00") as raised:
        book.keep(shifts_of("p0", "Mon 07:00-16:00"), [mine], away=[ILL])
    assert len(raised.value.differences) == 1
    assert book.ground.read("absences.csv") is None
    with pytest.raises(Conflict):
        book.publish(START, FIRST, ADA, NOW, seen=mine)
    book.publish(START, SECOND, ADA, NOW, seen=book.seen(START))
    with pytest.raises(Conflict, match="version 1 by Ada"):
        book.publish(START, SECOND, ADA, NOW, seen=mine)
    assert Seen(START, None, "v1+").version == book.seen(START).version


def test_a_scenario_saved_meanwhile_is_told_field_by_field(small_workspace):
    workspace = Workspace.open(small_workspace)
    seen = workspace.version("launch")
    workspace.save_scenario("launch", {"service": {"service_level": 0.7}}, seen=seen)
    with pytest.raises(Conflict, match=r"service.service_level: 0.7 saved, 0.95 yours"):
        workspace.save_scenario("launch", {"service": {"service_level": 0.95}}, seen=seen)
    assert workspace.scenario("launch").service.service_level == 0.7


def test_who_holds_the_lock_is_named_and_the_wait_ends(tmp_path, monkeypatch):
    with held(tmp_path / "lock", "Ada"):
        wanted = held(tmp_path / "lock", "Bo", wait_s=0.05)
        with pytest.raises(AlreadyRunning, match=rf"Ada \(process {os.getpid()} on .* since 2") as raised:
            wanted.__enter__()
    assert raised.value.exit_code == 4
    with held(tmp_path / "lock", "Bo", wait_s=0.05):
        pass


def test_a_reader_sees_a_change_whole_or_not_at_all(tmp_path, monkeypatch):
    ground = FolderGround(tmp_path)
    with ground.change() as change:
        change.write("a", b"1")
        change.write("b", b"1")
    pairs, replace = [], os.replace

    def slow(source, target):
        replace(source, target)
        if target in (tmp_path / "a", tmp_path / "b"):
            monkeypatch.setattr(ground_module, "WAIT_S", 0.05)
            with pytest.raises(AlreadyRunning):
                pairs.append(FolderGround(tmp_path).steady(lambda: (ground.read("a"), ground.read("b"))))

    monkeypatch.setattr(os, "replace", slow)
    with ground.change() as change:
        change.write("a", b"2")
        change.write("b", b"2")
    monkeypatch.setattr(os, "replace", replace)
    assert pairs == []
    assert ground.steady(lambda: (ground.read("a"), ground.read("b"))) == (b"2", b"2")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_read_only_disk_changes_nothing_and_is_said_once(small_workspace, monkeypatch, number):
    book = book_at(small_workspace)
    book.keep(FIRST)
    before = contents(small_workspace)

    def refuse(target, content):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(ground_module, "write_whole", refuse)
    with pytest.raises(InputError, match="no room left" if number == errno.ENOSPC else "cannot be written"):
        book.keep(SECOND, away=[ILL])
    monkeypatch.undo()
    assert contents(small_workspace) == before
    book.keep(SECOND, away=[ILL])


def test_links_that_lead_out_are_not_followed_and_pipes_never_opened(small_workspace, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("password\n", encoding="utf-8")
    for name in ("workspace.toml", "agents.csv", "absences.csv", "rosters/journal.jsonl", "scenarios/launch.toml"):
        root = shutil.copytree(small_workspace, tmp_path / name.replace("/", "-"))
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(secret)
        with pytest.raises(InputError, match="leads out of the workspace") as raised:
            everything(root)
        assert "password" not in str(raised.value)
    for make in (os.mkfifo, lambda path: path.symlink_to("/dev/zero")):
        root = shutil.copytree(small_workspace, tmp_path / f"pipe-{make.__name__}")
        (root / "events.csv").unlink()
        make(root / "events.csv")
        with pytest.raises(InputError, match=r"no plain file|leads out"):
            _ = Workspace.open(root).base
        make(root / "history" / "more.csv")
        with pytest.raises(InputError, match=r"no plain file|leads out"):
            _ = Workspace.open(root).history_folder


def test_nothing_is_written_through_a_link_that_leads_out(small_workspace, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (small_workspace / "rosters").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="leads out"):
        book_at(small_workspace).keep(FIRST)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_other_writers_left_is_swept(small_workspace, caplog):
    litter = small_workspace / "scenarios" / ".launch.toml.ab12cd_9.tmp"
    litter.write_text("half", encoding="utf-8")
    (small_workspace / ".desk" / "pending").mkdir(parents=True)
    (small_workspace / ".desk" / "pending" / "0").write_text("half", encoding="utf-8")
    Workspace.open(small_workspace)
    assert not litter.exists()
    assert "taken back" in caplog.text


def test_what_changed_since_a_moment_is_told_newest_first(tmp_path):
    ground, begun = FolderGround(tmp_path), dt.datetime.now(dt.UTC)
    for name, why in (("workspace.toml", "set-up"), ("scenarios/busy.toml", "a busier week")):
        with ground.change("bea", why) as change:
            change.write(name, b"seed = 1\n")
    with ground.change("bea") as change:
        change.write("workspace.toml", b"seed = 1\n")  # as it was
    with ground.change("bea") as change:
        change.write(".desk/drafts/u-ada/busy.json", b"{}")
    (tmp_path / "agents.csv").write_bytes(b"agent\n")  # by an editor
    os.utime(tmp_path / "scenarios" / "busy.toml", (1e9, 1e9))
    found = ground.changes_since(begun)
    assert [(one.name, one.who, one.why) for one in found] == [
        ("agents.csv", "", ""),
        ("scenarios/busy.toml", rights.acting(), "a busier week"),
        ("workspace.toml", rights.acting(), "set-up"),
    ]
    assert all(begun <= one.when <= dt.datetime.now(dt.UTC) for one in found)
    assert ground.changes_since(found[0].when + dt.timedelta(seconds=1)) == []


def test_the_audit_of_a_folder_is_only_added_to_whatever_breaks_off(small_workspace, tmp_path):
    """A kill at any file operation leaves each change in it once, or not at all; what was there stays byte by byte."""
    book_at(small_workspace).publish(START, FIRST, ADA, NOW)
    book_at(small_workspace).keep(FIRST)
    trail = small_workspace / audit.FILE
    before = trail.read_bytes()
    for operation in range(200):
        root = shutil.copytree(small_workspace, tmp_path / f"killed-{operation}")
        died = killed_at(operation, partial(publish, root), root)
        Workspace.open(root)
        now = (root / audit.FILE).read_bytes()
        assert now.startswith(before)
        told = [change.name for change in audit.changes_of(now[len(before) :])]
        happened = len(book_at(root).journal()) == 2
        assert told.count("rosters/journal.jsonl") == happened
        assert len(told) == len(set(told))
        if not died:
            break
        shutil.rmtree(root)
    assert not died
    change, first = [one for one in audit.changes_of(now) if one.name == "rosters/journal.jsonl"]
    assert (first.who, first.why, first.before, first.after) == (rights.acting(), "the first", "", change.before)
    assert change.after == version_of((root / "rosters" / "journal.jsonl").read_bytes())[:16]


def test_a_line_of_the_audit_that_is_none_hides_no_other(tmp_path):
    ground = FolderGround(tmp_path)
    with ground.change("bea") as change:
        change.write("workspace.toml", b"seed = 1\n")
    with (tmp_path / audit.FILE).open("ab") as file:
        file.write(b"\xff{\n[]\n{}\n")
    with ground.change("bea") as change:
        change.write("workspace.toml", b"seed = 2\n")
    assert [one.name for one in audit.changes_of(ground.read(audit.FILE))] == ["workspace.toml"] * 2


def test_a_clock_that_jumps_back_hides_no_change(small_workspace, monkeypatch):
    """Whoever looks sees that something is new, and the newest publication stays the newest."""
    ground, book = FolderGround(small_workspace), book_at(small_workspace)
    book.publish(START, FIRST, ADA, NOW)
    os.utime(small_workspace / "agents.csv", (4e9, 4e9))
    seen = {ground.stamp()}
    monkeypatch.setattr(time, "time", lambda: 1e9)
    for number, factor in enumerate((0.9, 0.8)):
        Workspace.open(small_workspace).save_scenario("launch", {"volume_factor": factor}, seen=None, who="Ada")
        os.utime(small_workspace / "scenarios" / "launch.toml", (1e9 - number, 1e9 - number))
        seen.add(ground.stamp())
    assert len(seen) == 3
    entry = book.publish(START, SECOND, Signed("Ada", "before the first"), NOW - dt.timedelta(days=400))
    assert (entry.version, book.newest(START)) == (2, entry)


@pytest.mark.parametrize("cell", ["x" * 1_000_000, '"' + "y,\n" * 300_000 + '"'], ids=["long", "of many lines"])
@pytest.mark.parametrize("file", ["agents.csv", "events.csv", "absences.csv", "roles.csv"])
def test_a_cell_of_a_megabyte_is_refused_with_its_file(small_workspace, file, cell):
    ground = FolderGround(small_workspace)
    heading = (ground.read(file) or b"user,role,agent,first,last,reason").decode().splitlines()[0]
    (small_workspace / file).write_text(f"{heading}\n{cell}\n")
    workspace, begun = Workspace.open(small_workspace), time.monotonic()
    with pytest.raises((InputError, InputErrors)) as raised:
        _ = (workspace.base, rights.roles(ground), absences_of(ground.read("absences.csv")))
    assert file in str(raised.value)
    assert len(str(raised.value)) < 2_000
    assert time.monotonic() - begun < 10
