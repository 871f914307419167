"""Children that are forks of one process: they do what any child does, and load nothing again."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from staffing.work import Ended, Worker, worker
from staffing.work.children import Forge, Interpreter
from staffing.work.interpreter import environment
from tests.work import tasks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")


@pytest.fixture
def forge(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    made = Forge("tests.work.tasks")
    yield made
    made.end()


def test_children_share_what_was_loaded_and_are_forked_from_one_thread(forge):
    with Worker(forge.child) as one, Worker(forge.child) as other:
        both = [each.begin(tasks.where_it_was_loaded).result() for each in (one, other)]
        loaded, parent = both[0]
        assert both == [(parent, parent)] * 2
        assert loaded != os.getpid()
        assert one.begin(partial(tasks.threads_of, parent)).result() == 1
        assert one.begin(tasks.process_id).result() != other.begin(tasks.process_id).result()


def test_a_child_has_its_callers_folder_and_environment_of_the_moment(forge, tmp_path, monkeypatch):
    with Worker(forge.child) as one:
        one.begin(partial(tasks.double, 2)).result()
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("SAID_SINCE", "x" * 100_000)
        with Worker(forge.child) as other:
            assert other.begin(partial(tasks.around, "SAID_SINCE")).result() == (str(tmp_path), "x" * 100_000)
        assert one.begin(partial(tasks.around, "SAID_SINCE")).result()[1] is None


def test_one_that_dies_or_takes_too_long_is_replaced_and_no_other_is_touched(forge, monkeypatch):
    monkeypatch.setattr(worker, "LEAST_OVERRUN_S", 0.1)
    with Worker(forge.child) as one, Worker(forge.child) as other:
        before = other.begin(tasks.process_id).result()
        with pytest.raises(Ended, match="without a result"):
            one.begin(tasks.die).result()
        with pytest.raises(Ended, match="in time") as late:
            one.begin(tasks.late, 0.1).result()
        assert late.value.left == "half"
        assert not one.alive
        assert one.begin(partial(tasks.double, 2)).result() == 4
        assert other.begin(tasks.process_id).result() == before


def test_without_its_forge_work_goes_on(forge):
    with Worker(forge.child) as one:
        _, parent = one.begin(tasks.where_it_was_loaded).result()
        os.kill(parent, signal.SIGKILL)
        while forge.alive:
            time.sleep(0.01)
        assert one.begin(partial(tasks.double, 2)).result() == 4
        child = forge.child()
        assert isinstance(child, Interpreter)
        child.end()
        child.down.close()
        child.up.close()


def test_all_end_with_their_caller_however_that_ended():
    code = "from staffing.work import Worker; from staffing.work.children import Forge; from tests.work import tasks;"
    code += "import time; w = Worker(Forge('tests.work.tasks').child); me = w.begin(tasks.process_id).result();"
    code += "forge = w.begin(tasks.where_it_was_loaded).result()[1]; print(me, forge, flush=True);"
    code += "w.begin(tasks.deaf); time.sleep(600)"
    place = {**environment(), "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=place)
    numbers = caller.stdout.readline().split()
    assert len(numbers) == 2
    caller.send_signal(signal.SIGKILL)
    caller.communicate()
    for _ in range(200):
        if not any(Path(f"/proc/{number}").exists() for number in numbers):
            return
        time.sleep(0.05)
    pytest.fail("somebody lives on")
