"""The engine of one machine: what comes of tasks, whatever becomes of their processes."""

import os
import time
from dataclasses import dataclass
from pickle import PicklingError

import pytest

from staffing.batch.local import side_by_side
from staffing.errors import PlanError
from staffing.work import Crash, Ended


@dataclass(frozen=True)
class Task:
    """Something to do in place of a forecast; the ``size`` tells whose turn it is."""

    name: str
    size: int = 1
    does: str = "work"
    marks: str = ""

    def __call__(self, caller):
        caller.ready()
        if self.does == "fail":
            raise PlanError("no luck.")
        if self.does == "fault":
            raise KeyError(self.name)
        if self.does == "sleep":
            time.sleep(600)
        if self.does == "die" or (self.does == "die once" and not os.path.exists(self.marks)):
            open(self.marks, "w").close()
            os._exit(9)
        return self.name


def test_every_task_has_its_end_and_one_never_touches_another(tmp_path):
    tasks = [
        Task("a"), Task("fails", does="fail"), Task("b"), Task("faulty", does="fault"), Task("c"),
        Task("unlucky", does="die once", marks=str(tmp_path / "mark")),
        Task("hopeless", does="die", marks=str(tmp_path / "other")),
    ]  # fmt: skip
    came = {task.name: made for task, made in side_by_side(tasks, workers=2)}
    assert [came[name] for name in ("a", "b", "c", "unlucky")] == ["a", "b", "c", "unlucky"]
    kinds = {"fails": PlanError, "faulty": Crash, "hopeless": Ended}
    assert {name: type(came[name]) for name in kinds} == kinds


def test_a_task_that_takes_too_long_is_ended_and_the_next_one_begins(monkeypatch):
    monkeypatch.setattr("staffing.work.worker.LEAST_OVERRUN_S", 0.1)
    came = dict(side_by_side([Task("slow", 2, "sleep"), Task("next")], workers=1, limit_s=0.5))
    assert isinstance(came[Task("slow", 2, "sleep")], Ended)
    assert came[Task("next")] == "next"


def test_the_largest_goes_first():
    tasks = [Task("small", 1), Task("large", 9), Task("middle", 5)]
    assert [task.name for task, _ in side_by_side(tasks, workers=1)] == ["large", "middle", "small"]


def test_who_leaves_early_leaves_no_process_behind():
    began = time.monotonic()
    for _ in side_by_side([Task("quick", 2), Task("slow", 1, "sleep")], workers=2):
        break
    assert time.monotonic() - began < 30


def test_a_fault_of_the_engine_itself_is_not_waited_for():
    class Unsendable:
        size = 1

    with pytest.raises((AttributeError, TypeError, PicklingError)):
        list(side_by_side([Unsendable()], workers=1))
