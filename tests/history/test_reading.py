"""Whole files in, a history on the site's grid out."""

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.history import preview, read_history
from staffing.tables import HISTORY

TEHRAN = SiteCalendar(timezone="Asia/Tehran", weekend=("friday",))


def write(folder, text, name="calls.csv"):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_plain_file_becomes_the_history_table(tmp_path):
    path = write(tmp_path, "timestamp,calls\n2024-01-01 08:00,5\n2024-01-01 08:30,0\n2024-01-01 09:00,7\n")
    history = read_history(path, TEHRAN)
    assert history.interval_min == 30
    assert list(history.frame.columns) == HISTORY.column_names
    assert history.frame["calls"].tolist() == [5.0, 0.0, 7.0]
    assert history.frame["start"].iloc[0] == pd.Timestamp("2024-01-01 04:30", tz="UTC")
    assert set(history.frame["queue"]) == {"voice"}


def test_an_absent_interval_is_missing_and_not_zero(tmp_path):
    path = write(tmp_path, "timestamp,calls\n2024-01-01 08:00,5\n2024-01-01 08:30,4\n2024-01-01 09:30,7\n")
    history = read_history(path, TEHRAN)
    assert np.isnan(history.frame["calls"].iloc[2])
    assert any("1 of 4 open intervals have no calls figure" in note for note in history.notes)


def test_a_bad_row_is_named_with_its_column_value_and_remedy(tmp_path):
    report = preview(write(tmp_path, "timestamp,calls\n2024-01-01 08:00,5\n2024-01-01 08:30,x\n"), TEHRAN)
    assert not report.ok
    assert report.errors.iloc[0].to_dict() == {
        "file": "calls.csv",
        "row": 3,
        "column": "calls",
        "value": "x",
        "reason": "is not a number.",
        "remedy": "Write digits alone; leave the cell empty where the value is not known.",
    }
