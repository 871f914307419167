from dataclasses import dataclass

import numpy as np
import pandas as pd

from staffing.store.cache import StageCache


@dataclass(frozen=True)
class Made:
    table: pd.DataFrame
    paths: dict[str, np.ndarray]
    notes: tuple[str, ...]


def make():
    table = pd.DataFrame({"start": pd.date_range("2026-01-01", periods=2, tz="Asia/Tehran"), "x": [1.5, np.nan]})
    return Made(table, {"voice/1": np.arange(6.0).reshape(2, 3), "=x": np.ones(2)}, ("short history",))


def test_the_same_inputs_are_worked_out_once_and_survive_a_restart(tmp_path):
    first = StageCache(tmp_path, worth_keeping_s=0.0)
    assert first.get("forecast", (1, "a"), make, kind=Made) is first.get("forecast", (1, "a"), make, kind=Made)
    assert first.made == ["forecast"]
    second = StageCache(tmp_path, worth_keeping_s=0.0)
    again = second.get("forecast", (1, "a"), make, kind=Made)
    assert second.made == []
    pd.testing.assert_frame_equal(again.table, make().table)
    assert all(np.array_equal(again.paths[name], array) for name, array in make().paths.items())
    assert again.notes == ("short history",)


def test_other_inputs_are_worked_out_anew(tmp_path):
    cache = StageCache(tmp_path, worth_keeping_s=0.0)
    cache.get("forecast", (1,), make, kind=Made)
    cache.get("forecast", (2,), make, kind=Made)
    assert cache.made == ["forecast", "forecast"]


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("")
    cache = StageCache(tmp_path / "file" / "cache", worth_keeping_s=0.0)
    assert cache.get("forecast", (1,), make, kind=Made).notes == ("short history",)


def test_a_half_written_result_is_made_anew(tmp_path):
    cache = StageCache(tmp_path, worth_keeping_s=0.0)
    cache.get("table", (1,), lambda: make().table, kind=pd.DataFrame)
    for layout in tmp_path.rglob("layout.json"):
        layout.unlink()
    again = StageCache(tmp_path, worth_keeping_s=0.0)
    again.get("table", (1,), lambda: make().table, kind=pd.DataFrame)
    assert again.made == ["table"]


def test_what_is_made_quickly_is_not_written(tmp_path):
    StageCache(tmp_path).get("forecast", (1,), make, kind=Made)
    assert not list(tmp_path.iterdir())
