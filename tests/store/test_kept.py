import datetime as dt

import pandas as pd
import pytest

from staffing.errors import InputError
from staffing.store.kept import all_kept, forget, keep, read_kept


def promise(folder, until: str, name: str = ""):
    table = pd.DataFrame({"queue": ["voice"], "calls": [12.5]})
    manifest = {"history_until": until, "scenario": "base", "horizon_days": 7}
    return keep(folder / (name or f"{until}-abc"), manifest, {"forecast": table})


def test_what_was_kept_reads_back_as_it_was(tmp_path):
    promise(tmp_path, "2026-03-01")
    kept = read_kept(tmp_path / "2026-03-01-abc")
    assert (kept.run, kept.history_until, kept.scenario, kept.horizon_days) == (
        "2026-03-01-abc",
        dt.date(2026, 3, 1),
        "base",
        7,
    )
    assert kept.forecast().to_dict("records") == [{"queue": "voice", "calls": 12.5}]
    assert kept.causes() is None


def test_a_run_without_a_manifest_has_not_happened(tmp_path):
    promise(tmp_path, "2026-03-01")
    (tmp_path / "2026-03-01-abc" / "manifest.json").unlink()
    assert read_kept(tmp_path / "2026-03-01-abc") is None
    assert list(all_kept(tmp_path)) == []
    assert list(all_kept(tmp_path / "never-made")) == []


def test_the_oldest_promise_comes_first_whatever_its_name(tmp_path):
    promise(tmp_path, "2026-03-02", "a")
    promise(tmp_path, "2026-03-01", "b")
    assert [kept.run for kept in all_kept(tmp_path)] == ["b", "a"]


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"history_until": "soon", "scenario": "base", "horizon_days": 7}'])
def test_a_damaged_manifest_is_named(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest\.json: is damaged\. Delete its folder"):
        read_kept(tmp_path)


def test_a_damaged_table_is_named(tmp_path):
    kept = promise(tmp_path, "2026-03-01")
    (kept.folder / "forecast.parquet").write_bytes(b"PAR1 cut off")
    with pytest.raises(InputError, match=r"forecast\.parquet: is damaged"):
        kept.forecast()


def test_old_runs_are_forgotten_but_never_the_newest(tmp_path):
    for day in ("2026-01-01", "2026-02-01", "2026-03-01"):
        promise(tmp_path, day)
    assert forget(tmp_path, dt.date(2026, 2, 1)) == ["2026-01-01-abc"]
    assert forget(tmp_path, dt.date(2027, 1, 1)) == ["2026-02-01-abc"]
    assert [path.name for path in tmp_path.iterdir()] == ["2026-03-01-abc"]
