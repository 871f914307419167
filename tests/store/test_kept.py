import datetime as dt

import pandas as pd
import pytest

from staffing.errors import InputError
from staffing.store.ground import FolderGround
from staffing.store.kept import Shelf


@pytest.fixture
def shelf(tmp_path):
    return Shelf(FolderGround(tmp_path), tmp_path / "forecasts")


def promise(shelf, until: str, name: str = ""):
    table = pd.DataFrame({"queue": ["voice"], "calls": [12.5]})
    manifest = {"history_until": until, "scenario": "base", "horizon_days": 7}
    return shelf.keep(name or f"{until}-abc", manifest, {"forecast": table})


def test_what_was_kept_reads_back_as_it_was(shelf):
    promise(shelf, "2026-03-01")
    kept = shelf.read("2026-03-01-abc")
    assert (kept.run, kept.history_until, kept.scenario, kept.horizon_days) == (
        "2026-03-01-abc",
        dt.date(2026, 3, 1),
        "base",
        7,
    )
    assert kept.forecast().to_dict("records") == [{"queue": "voice", "calls": 12.5}]
    assert kept.causes() is None


def test_a_run_without_a_manifest_has_not_happened(shelf):
    promise(shelf, "2026-03-01")
    (shelf.folder / "2026-03-01-abc" / "manifest.json").unlink()
    assert shelf.read("2026-03-01-abc") is None
    assert not shelf.has("2026-03-01-abc")
    assert list(shelf.all()) == []


def test_the_oldest_promise_comes_first_whatever_its_name(shelf):
    promise(shelf, "2026-03-02", "a")
    promise(shelf, "2026-03-01", "b")
    assert [kept.run for kept in shelf.all()] == ["b", "a"]


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"history_until": "soon", "scenario": "base", "horizon_days": 7}'])
def test_a_damaged_manifest_is_named(shelf, text):
    (shelf.folder / "run").mkdir(parents=True)
    (shelf.folder / "run" / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest\.json: is damaged\. Delete its folder"):
        shelf.read("run")


def test_a_damaged_table_is_named(shelf):
    kept = promise(shelf, "2026-03-01")
    (kept.folder / "forecast.parquet").write_bytes(b"PAR1 cut off")
    with pytest.raises(InputError, match=r"forecast\.parquet: is damaged"):
        kept.forecast()


def test_old_runs_are_forgotten_but_never_the_newest(shelf):
    for day in ("2026-01-01", "2026-02-01", "2026-03-01"):
        promise(shelf, day)
    assert shelf.forget(dt.date(2026, 2, 1)) == ["2026-01-01-abc"]
    assert shelf.forget(dt.date(2027, 1, 1)) == ["2026-02-01-abc"]
    assert [path.name for path in shelf.folder.iterdir()] == ["2026-03-01-abc"]
