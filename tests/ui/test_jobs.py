"""Jobs run in processes of their own: once for the same work, by turns, stopped within a second."""

import datetime as dt
import os
import signal
import threading
import time
from dataclasses import replace
from functools import partial

import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import Cancelled, PlanError
from staffing.store.sql import database
from staffing.store.sql.jobs import JobRecord, record, records
from staffing.ui import jobs as jobs_module
from staffing.ui import waiting
from staffing.ui.jobs import Jobs, Work
from staffing.ui.tasks import PlannerSource


def answer(number, line):
    line.tell("at it", 0.5)
    return number, time.monotonic()


def for_ever(line):
    while True:
        line.tell("for ever", 0.1)
        time.sleep(0.01)


def deaf(_line):
    time.sleep(60)


def slow(_source, line):
    time.sleep(0.1)
    return answer(1, line)


def killed_at_first(path, line):
    """The process dies, as of want of memory; the next one does the work."""
    if path.exists():
        return answer(7, line)
    path.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return None


def killed(_line):
    os.kill(os.getpid(), signal.SIGKILL)


def nobody(_line):
    raise PlanError("there is nobody to roster.", remedy="Add agents.")


def broken(_line):
    raise KeyError("secret_name")


def waits(path, line):
    while not path.exists():
        line.tell("waiting for a file", 0.2)
        time.sleep(0.02)
    return time.monotonic()


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.end()


def test_the_same_work_is_begun_once_and_its_result_kept(jobs):
    first = jobs.start("a", Work(partial(answer, 42)), "ada")
    assert first.wait(60)
    again = jobs.start("a", Work(partial(answer, 43)), "bo")
    assert again is first
    assert first.result[0] == 42


@pytest.mark.parametrize("task", [for_ever, deaf])
def test_a_stop_is_heeded_within_a_second_even_by_who_does_not_listen(jobs, task):
    job = jobs.start("a", Work(task))
    while job.state[0] in ("waiting for other work", "starting") and task is for_ever:
        time.sleep(0.05)
    time.sleep(0.3)
    began = time.monotonic()
    job.stop()
    assert job.wait(10)
    assert isinstance(job.error, Cancelled)
    assert time.monotonic() - began < 5  # a second on a machine that has it
    jobs.forget("a")
    assert jobs.find("a") is None


def test_what_a_user_can_mend_is_kept_as_it_is(jobs):
    job = jobs.start("a", Work(nobody))
    assert job.wait(60)
    assert str(job.error) == "there is nobody to roster. Add agents."


def test_what_nobody_foresaw_goes_to_the_log_and_not_to_the_page(jobs, caplog):
    job = jobs.start("a", Work(broken))
    assert job.wait(60)
    assert "secret_name" not in str(job.error)
    assert "secret_name" in caplog.text


def test_work_whose_process_was_killed_is_begun_once_more_and_not_for_ever(jobs, tmp_path):
    job, dies = jobs.start("a", Work(partial(killed_at_first, tmp_path / "was"))), jobs.start("b", Work(killed))
    assert job.wait(60)
    assert job.result[0] == 7
    assert dies.wait(60)
    assert "ended without a result" in str(dies.error)


def test_a_what_if_waits_behind_no_solve(jobs, tmp_path):
    gate = tmp_path / "gate"
    solves = [jobs.start(f"solve-{k}", Work(partial(waits, gate), "rosters"), "ada") for k in range(3)]
    quick = jobs.start("what-if", Work(partial(answer, 1)), "bo")
    assert quick.wait(60)
    assert not any(job.done for job in solves)
    gate.touch()
    assert all(job.wait(60) for job in solves)


def test_users_take_turns(jobs, tmp_path, monkeypatch):
    gate = tmp_path / "gate"
    monkeypatch.setitem(jobs._pools, "rosters", jobs_module._Pool(1, threading.Condition()))
    first = jobs.start("first", Work(partial(waits, gate), "rosters"), "ada")
    while first.state[0] == "waiting for other work":
        time.sleep(0.02)
    adas = [jobs.start(f"ada-{k}", Work(partial(answer, k), "rosters"), "ada") for k in range(3)]
    bos = jobs.start("bo", Work(partial(answer, 9), "rosters"), "bo")
    gate.touch()
    assert all(job.wait(60) for job in [*adas, bos])
    assert bos.result[1] < min(job.result[1] for job in adas)
    assert [job.result[0] for job in sorted(adas, key=lambda job: job.result[1])] == [0, 1, 2]


def test_what_was_learned_stays_where_it_was_learned(jobs, tmp_path):
    gate = tmp_path / "gate"
    learning = jobs.start("fit", Work(partial(waits, gate), history="h1"), "ada")
    while learning.state[0] == "waiting for other work":
        time.sleep(0.02)
    same, other = (jobs.start(name, Work(partial(answer, 1), history=name), "bo") for name in ("h1", "h2"))
    assert other.wait(60)
    assert not same.done
    gate.touch()
    assert same.wait(60)


def test_what_must_be_done_first_is_left_to_its_own_pool(jobs):
    before = ("forecast", Work(partial(answer, 1)))
    plan = jobs.start("plan", Work(partial(answer, 2), "rosters", first=(before,)), "ada")
    assert plan.wait(60)
    assert jobs.find("forecast").result[1] < plan.result[1]
    failing = jobs.start("other", Work(partial(answer, 3), "rosters", first=(("bad", Work(nobody)),)), "ada")
    assert failing.wait(60)
    assert "nobody to roster" in str(failing.error)


def test_work_that_waits_for_other_work_does_not_hold_the_process_that_this_needs(jobs, tmp_path):
    """One process has learned a history; there somebody else's turn comes before the forecast that their work needs."""
    gate, held = tmp_path / "gate", tmp_path / "held"
    learning = jobs.start("fit", Work(partial(waits, gate), history="h"), "ada")
    others = [jobs.start(name, Work(partial(waits, held)), "ada") for name in ("b", "c")]
    while any(job.state[0] == "waiting for other work" for job in (learning, *others)):
        time.sleep(0.02)
    first = ("forecast", Work(partial(answer, 1), history="h"))
    adas = jobs.start("adas", Work(partial(answer, 2), first=(first,)), "ada")
    bos = jobs.start("bos", Work(partial(answer, 3), first=(first,)), "bo")
    gate.touch()
    assert adas.wait(30)
    assert bos.wait(30)
    assert (adas.result[0], bos.result[0]) == (2, 3)
    held.touch()
    assert all(job.wait(60) for job in others)


def test_work_that_has_not_begun_stops_at_once(jobs, tmp_path):
    gate = tmp_path / "gate"
    solves = [jobs.start(f"solve-{k}", Work(partial(waits, gate), "rosters"), "ada") for k in range(2)]
    last = jobs.start("last", Work(partial(answer, 1), "rosters"), "ada")
    last.stop()
    assert last.done
    assert isinstance(last.error, Cancelled)
    gate.touch()
    assert all(job.wait(60) for job in solves)
    assert last.result is None


def test_what_took_long_or_failed_is_recorded_in_the_database_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting, "WORTH_A_RECORD_S", 0.05)
    monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'db' / 'staffing.db'}")
    made, begun = Jobs(waiting.recorded), dt.datetime.now(dt.UTC)
    source = PlannerSource("bank@db", SiteCalendar(timezone="UTC"), "")
    try:
        for name, task in (("slow", partial(slow, source)), ("wrong", nobody), ("quick", partial(answer, 1))):
            assert made.start(name, Work(task), "ada").wait(60)
        until = time.monotonic() + 10
        while len(records(begun)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        made.end()
    wrong, late = records(begun)
    assert (late.what, late.workspace, late.who, late.outcome) == ("slow", "bank@db", "ada", "done")
    assert 0.1 <= late.took_s < 60
    assert (wrong.what, wrong.outcome, wrong.told) == ("nobody", "failed", "there is nobody to roster. Add agents.")
    record(replace(late, at=begun + dt.timedelta(days=91)))
    assert [one.what for one in records(begun)] == ["slow"]
    database.opened.cache_clear()


def test_without_a_database_nothing_is_recorded_and_none_is_made(tmp_path, monkeypatch):
    monkeypatch.delenv(database.VARIABLE, raising=False)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda _name: str(tmp_path / "none"))
    now = dt.datetime.now(dt.UTC)
    record(JobRecord("bank", now, "ada", "plan", 0.0, 2.0, "done"))
    assert records(now) == []
    assert not (tmp_path / "none").exists()
