import os

import pandas as pd
import pytest

from staffing.errors import InputError
from staffing.store.files import atomic_path, read_parquet, write_json, write_parquet


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path):
    target = tmp_path / "plan.json"
    write_json(target, {"a": 1})
    with pytest.raises(UnicodeEncodeError), atomic_path(target) as path:
        path.write_text("half of it, then \ud800", encoding="utf-8")
    assert target.read_text() == '{\n  "a": 1\n}\n'
    assert os.listdir(tmp_path) == ["plan.json"]


def test_what_is_undefined_must_be_said_as_null(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "x.json", {"service_level": float("nan")})
    assert os.listdir(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file/plan\.json: cannot be written"):
        write_json(tmp_path / "file" / "plan.json", {})


def test_parquet_bytes_depend_on_content_alone(tmp_path):
    frame = pd.DataFrame({"start": pd.date_range("2026-01-01", periods=3, tz="Asia/Tehran"), "calls": [1.0, None, 3]})
    write_parquet(tmp_path / "a.parquet", frame)
    write_parquet(tmp_path / "b.parquet", frame.copy())
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    pd.testing.assert_frame_equal(read_parquet(tmp_path / "a.parquet"), frame)
