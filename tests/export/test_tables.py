"""CSV as Python's own reader and a spreadsheet would read it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from staffing import tables
from staffing.errors import InputError
from staffing.export import table_csv_bytes, write_roster_csv, write_table

from .plans import plan, renamed

RUNS = ("=", "+", "-", "@", "\t", "\r")


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
@example(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "a\r=1", '"=1"', ",=1", "＝1"])
def test_no_text_runs_and_none_is_lost(values: list[str]) -> None:
    read = rows(table_csv_bytes(pd.DataFrame({"name": values, "n": 1.0})))
    assert read[0] == ["name", "n"]
    for cell, value in zip([row[0] for row in read[1:]], values, strict=True):
        assert not cell.startswith(RUNS)
        assert cell in (value, f"'{value}")


def test_heads_are_guarded_and_numbers_are_not() -> None:
    read = rows(table_csv_bytes(pd.DataFrame({"=cmd": [-1.5, None], "net": [-2, 3]})))
    assert read == [["'=cmd", "net"], ["-1.5", "-2"], ["", "3"]]


def test_the_roster_as_csv_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    write_roster_csv(path, plan())
    back = pd.read_csv(path)
    assert set(tables.ROSTER.column_names) - {"kind"} <= set(back.columns)
    assert back["start"].tolist()[:2] == ["2026-11-23 09:00", "2026-11-23 10:15"]
    assert back["utc_offset"].tolist() == ["UTC+01:00"] * 3
    assert back["roster"].tolist() == ["planned"] * 3
    assert back["activity"].tolist() == ["shift", "lunch", "shift"]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_hostile_agent_is_guarded_in_the_roster(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    write_roster_csv(path, renamed("=cmd|' /C calc'!A0"))
    assert rows(path.read_bytes())[1][0] == "'=cmd|' /C calc'!A0"


def test_a_table_goes_by_its_ending(tmp_path: Path) -> None:
    frame = plan().requirements
    for name, read in (("a.csv", pd.read_csv), ("a.PARQUET", pd.read_parquet)):
        write_table(tmp_path / name, frame)
        assert read(tmp_path / name)["agents"].tolist() == [2] * 6
    with pytest.raises(InputError, match=r"'.xls' cannot be written. End the name in .parquet or .csv"):
        write_table(tmp_path / "a.xls", frame)
