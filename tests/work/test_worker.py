"""Work in a process of its own: its result, its errors, a stop that is heeded, a limit that holds."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from staffing.errors import Cancelled, InputError, InputErrors, PlanError, Where
from staffing.work import Crash, Ended, Worker, worker
from staffing.work.interpreter import command, environment
from tests.work import tasks


@pytest.fixture(scope="module")
def shared():
    """A child that tests use one after the other."""
    with Worker() as kept:
        yield kept


@pytest.fixture(autouse=True)
def tests_are_found(monkeypatch):
    root = str(Path(__file__).resolve().parents[2])
    monkeypatch.setenv("PYTHONPATH", root)


def test_a_child_does_one_task_after_the_other_and_keeps_what_it_has_loaded(shared):
    assert shared.begin(partial(tasks.double, 21)).result() == 42
    first = shared.begin(tasks.process_id).result()
    assert first == shared.begin(tasks.process_id).result() != os.getpid()


def test_progress_arrives_in_order_and_the_last_one_before_the_result():
    told = []
    with Worker() as kept:
        assert kept.begin(tasks.tell_often).result(lambda stage, share: told.append((stage, share))) == "done"
    assert told == sorted(told, key=lambda state: state[1])
    assert told[-1] == ("counting", 1.0)


def test_errors_come_back_as_they_are_and_the_child_lives_on(shared):
    with pytest.raises(InputError, match=r"^a\.csv, row 3: is wrong\. Mend it\.$") as found:
        shared.begin(partial(tasks.fail, InputError("is wrong.", where=Where("a.csv", 3), remedy="Mend it."))).result()
    assert found.value.exit_code == 2
    with pytest.raises(InputError, match=r"2 problem\(s\)"):
        shared.begin(partial(tasks.fail, InputErrors([InputError("a."), InputError("b.")]))).result()
    with pytest.raises(Crash, match="ZeroDivisionError: division by zero") as fault:
        shared.begin(tasks.divide).result()
    assert "in divide" in fault.value.__notes__[0]
    with pytest.raises(Crash, match="pickle"):
        shared.begin(tasks.unpicklable).result()
    assert shared.begin(partial(tasks.double, 2)).result() == 4


def test_prints_do_not_disturb_the_answer(capfd):
    with Worker() as kept:
        assert kept.begin(tasks.chatty).result() == "said"
    assert "by Python" in capfd.readouterr().err


@pytest.mark.parametrize("task", [tasks.tell_for_ever, tasks.deaf])
def test_a_stop_is_heeded_within_a_second_and_what_was_left_is_there(shared, task):
    begun = []

    def stop(stage, _share):
        begun.append((stage, time.monotonic()))
        if stage == "for ever":
            raise Cancelled

    with pytest.raises(Cancelled) as stopped:
        shared.begin(task).result(stop)
    assert time.monotonic() - begun[-1][1] < 1.0
    assert stopped.value.best == "half"
    assert shared.begin(partial(tasks.double, 2)).result() == 4


def test_a_child_that_overruns_or_dies_is_ended_and_said(monkeypatch):
    monkeypatch.setattr(worker, "LEAST_OVERRUN_S", 0.1)
    with Worker() as kept:
        with pytest.raises(Ended, match="in time") as late:
            kept.begin(tasks.late, 0.1).result()
        assert late.value.left == "half"
        assert not kept.alive
        with pytest.raises(PlanError, match="without a result"):
            kept.begin(tasks.die).result()
        assert kept.begin(partial(tasks.double, 2)).result() == 4


def test_a_message_that_breaks_off_is_none():
    with Worker() as kept, pytest.raises(Ended, match="without a result") as end:
        kept.begin(tasks.break_off).result()
    assert end.value.left is None


def test_the_child_runs_this_package_wherever_it_starts(tmp_path, monkeypatch):
    (tmp_path / "staffing").mkdir()
    (tmp_path / "staffing" / "__init__.py").write_text("raise SystemExit('the wrong staffing')")
    monkeypatch.chdir(tmp_path)
    with Worker() as kept:
        assert kept.begin(tasks.where_staffing_is).result() == str(Path(worker.__file__).parents[1])


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills as POSIX does")
def test_a_child_ends_with_its_caller_however_that_ended():
    code = "from staffing.work import Worker; from tests.work import tasks; import time; w = Worker();"
    code += "print(w.begin(tasks.process_id).result(), flush=True); w.begin(tasks.deaf); time.sleep(600)"
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment())
    number = int(caller.stdout.readline())
    caller.send_signal(signal.SIGKILL)
    caller.communicate()
    for _ in range(100):
        if not Path(f"/proc/{number}").exists():
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child lives on")


def test_the_command_names_the_module_and_takes_nothing_from_the_folder():
    assert command("staffing.work.child", "a")[1:] == ["-P", "-m", "staffing.work.child", "a"]
