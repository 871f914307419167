"""Work done once: the same for whoever asks, whatever became of the files meanwhile."""

import copy
import multiprocessing
import shutil
import threading
import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from staffing.errors import Cancelled
from staffing.store import cache as module
from staffing.store.cache import StageCache
from staffing.store.files import parquet_bytes
from staffing.store.packing import Form, form_of


@dataclass(frozen=True)
class Made:
    table: pd.DataFrame
    paths: dict[str, np.ndarray]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    name: ClassVar[str] = "forecast"
    form: ClassVar[Form] = form_of(Made)

    number: int


def make():
    days = pd.date_range("2026-01-01", periods=2, tz="Asia/Tehran", unit="s")
    table = pd.DataFrame({"start": days, "x": [1.5, np.nan], "queue": pd.Series(["voice", None], dtype=object)})
    return Made(table, {"voice/1": np.arange(6.0).reshape(2, 3), "=x": np.ones(2)}, ("short history",))


def keeping(folder):
    return StageCache(folder, worth_keeping_s=0.0)


def entries(folder):
    return sorted(folder.glob("*.stage"))


def test_the_same_inputs_are_worked_out_once_and_survive_a_restart(tmp_path):
    first = keeping(tmp_path)
    assert first.get(Work(1), make) is first.get(Work(1), make)
    assert first.made == ["forecast"]
    second = keeping(tmp_path)
    again = second.get(Work(1), make)
    assert second.made == []
    assert all(np.array_equal(again.paths[name], array) for name, array in make().paths.items())
    assert again.notes == ("short history",)


def test_what_was_just_made_is_what_will_be_read_back(tmp_path):
    made, kept = keeping(tmp_path).get(Work(1), make).table, keeping(tmp_path).get(Work(1), make).table
    alone = StageCache().get(Work(1), make).table
    pd.testing.assert_frame_equal(made, kept)
    assert parquet_bytes(made) == parquet_bytes(kept) == parquet_bytes(alone)


def test_other_inputs_are_worked_out_anew(tmp_path):
    cache = keeping(tmp_path)
    cache.get(Work(1), make)
    cache.get(Work(2), make)
    assert cache.made == ["forecast", "forecast"]


def test_a_folder_that_cannot_be_used_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("")
    assert keeping(tmp_path / "file" / "cache").get(Work(1), make).notes == ("short history",)


def halved(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def bit_turned(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def other_layout(path):
    path.write_bytes(path.read_bytes().replace(b'"version": 2', b'"version": 1'))


def junk(path):
    path.write_bytes(b"no result")


def a_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [halved, bit_turned, other_layout, junk, a_folder])
def test_a_damaged_result_is_made_again(tmp_path, damage):
    keeping(tmp_path).get(Work(1), make)
    damage(entries(tmp_path)[0])
    again = keeping(tmp_path)
    assert again.get(Work(1), make).notes == ("short history",)
    assert again.made == ["forecast"]
    assert damage is a_folder or keeping(tmp_path).get(Work(1), None).notes == ("short history",)


def test_a_folder_of_an_older_version_is_tidied_and_does_no_harm(tmp_path):
    old = tmp_path / "forecast-0123"
    old.mkdir()
    (old / "layout.json").write_text('{"fields": {}}')
    keeping(tmp_path).get(Work(1), make)
    assert [path.name for path in tmp_path.iterdir()] == [path.name for path in entries(tmp_path)]


def test_only_the_newest_results_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "KEPT_ON_DISK", 2)
    for number in range(4):
        keeping(tmp_path).get(Work(number), make)
        time.sleep(0.01)
    assert len(entries(tmp_path)) == 2
    assert keeping(tmp_path).get(Work(3), None).notes == ("short history",)


def test_the_newest_results_stay_as_far_as_there_is_room(tmp_path, monkeypatch):
    keeping(tmp_path).get(Work(0), make)
    monkeypatch.setattr(module, "KEPT_BYTES", int(2.5 * entries(tmp_path)[0].stat().st_size))
    for number in range(1, 4):
        time.sleep(0.01)
        keeping(tmp_path).get(Work(number), make)
    assert len(entries(tmp_path)) == 2
    assert keeping(tmp_path).get(Work(3), None).notes == ("short history",)


def test_what_is_made_quickly_is_not_written(tmp_path):
    StageCache(tmp_path).get(Work(1), make)
    assert list(tmp_path.iterdir()) == []


def test_threads_that_ask_at_once_are_served_by_one(tmp_path):
    cache, results = StageCache(), []

    def slowly():
        time.sleep(0.2)
        return make()

    threads = [threading.Thread(target=lambda: results.append(cache.get(Work(1), slowly))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.made == ["forecast"]
    assert all(result is results[0] for result in results)


def _ask(folder, number):
    def slowly():
        time.sleep(0.5)
        return make()

    cache = keeping(folder)
    cache.get(Work(number), slowly)
    return cache.made


def test_processes_that_ask_at_once_are_served_by_one(tmp_path):
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        made = pool.starmap(_ask, [(tmp_path, 1)] * 6, chunksize=1)
    assert sorted(made) == [[], [], [], [], [], ["forecast"]]
    assert not list(tmp_path.glob(".*.lock"))


def test_whoever_waits_may_stop_and_a_failure_lets_the_next_one_try(tmp_path):
    cache, began, go = StageCache(), threading.Event(), threading.Event()

    def failing():
        began.set()
        go.wait(10)
        raise ValueError("no luck")

    def stop():
        raise Cancelled

    def first():
        with pytest.raises(ValueError, match="no luck"):
            cache.get(Work(1), failing)

    thread = threading.Thread(target=first)
    thread.start()
    assert began.wait(10)
    with pytest.raises(Cancelled):
        cache.get(Work(1), make, waiting=stop)
    go.set()
    thread.join()
    assert cache.get(Work(1), make).notes == ("short history",)


def test_a_process_that_never_ends_does_not_block_the_others(tmp_path, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr(module, "WAIT_S", 0.3)
    keeping(tmp_path).get(Work(1), make)
    path = entries(tmp_path)[0]
    path.unlink()
    with FileLock(tmp_path / f".{path.stem}.lock"):
        again = keeping(tmp_path)
        assert again.get(Work(1), make).notes == ("short history",)
    assert again.made == ["forecast"]


def test_another_process_is_handed_the_folder_alone(tmp_path):
    cache = keeping(tmp_path)
    cache.get(Work(1), make)
    other = copy.copy(cache)  # as pickle does
    shutil.rmtree(tmp_path)
    assert (other.folder, other.made, other.worth_keeping_s) == (tmp_path, [], 0.0)
    other.get(Work(1), make)
    assert other.made == ["forecast"]
