"""The engine of many machines: what comes of tasks is what comes of them on one, whatever becomes of workers."""

import os
import signal
from dataclasses import dataclass

import distributed
import pytest
from distributed.core import Status

from staffing.batch.cluster import on_cluster
from staffing.batch.local import side_by_side
from staffing.errors import InputError, PlanError
from staffing.work import Crash
from tests.batch.test_local import Task


@dataclass(frozen=True)
class LosesItsWorker:
    """Kills the Dask worker that it came to, which is its process's parent, once."""

    name: str
    marks: str
    size: int = 5

    def __call__(self, caller):
        caller.ready()
        if not os.path.exists(self.marks):
            open(self.marks, "w").close()
            os.kill(os.getppid(), signal.SIGKILL)
        return self.name


def test_tasks_end_as_they_do_on_one_machine_and_a_lost_worker_s_are_done_again(tmp_path):
    tasks = [Task("a"), Task("fails", does="fail"), Task("faulty", does="fault"), Task("b", 9)]
    alone = {task.name: came for task, came in side_by_side(tasks, workers=2)}
    lost = LosesItsWorker("lost", str(tmp_path / "mark"))
    came = {task.name: made for task, made in on_cluster([*tasks, lost], workers=2)}
    assert came["lost"] == "lost"
    assert [came["a"], came["b"]] == [alone["a"], alone["b"]] == ["a", "b"]
    kinds = {name: type(made) for name, made in came.items() if isinstance(made, Exception)}
    assert kinds == {"fails": PlanError, "faulty": Crash}
    assert (tmp_path / "mark").exists()


def test_a_scheduler_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setattr("staffing.batch.cluster.CONNECT_S", 1)
    with pytest.raises(InputError, match=r"tcp://127.0.0.1:9: cannot be reached"):
        list(on_cluster([Task("a")], "tcp://127.0.0.1:9"))


def dies_at_its_start(monkeypatch, times):
    started = iter(range(100))

    class Dying(distributed.Nanny):
        async def instantiate(self):
            return Status.stopped if next(started) < times else await super().instantiate()

    monkeypatch.setattr("distributed.deploy.local.Nanny", Dying)


def test_a_worker_that_dies_while_it_starts_is_started_again(monkeypatch):
    dies_at_its_start(monkeypatch, times=1)
    assert [came for _, came in on_cluster([Task("a")])] == ["a"]


def test_workers_that_never_start_are_said(monkeypatch):
    dies_at_its_start(monkeypatch, times=100)
    with pytest.raises(PlanError, match=r"could not be started on this machine .*--engine local"):
        list(on_cluster([Task("a")]))
