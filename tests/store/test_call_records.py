"""records.csv: read whole, refused by row and column, and what it does to a simulation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from staffing.errors import InputError
from staffing.simulation.lines import Shapes
from staffing.store.call_records import read_records


def written(folder: Path, text: str) -> Path:
    path = folder / "records.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_calls_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "wait_s,answered,handle_s\n3.5,1,180\n20,0,\n")
    table = read_records(path, ("voice",))
    assert table is not None
    assert table["queue"].tolist() == ["voice", "voice"]
    assert table["answered"].tolist() == [True, False]
    assert np.isnan(table["handle_s"].iloc[1])
    assert read_records(tmp_path / "none.csv", ("voice",)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wait_s,answered\n1,1\n", "handle_s"),
        ("wait_s,answered,handle_s\n-1,1,10\n", "row 2.*wait_s"),
        ("wait_s,answered,handle_s\n1,1,10\nsoon,1,10\n", "row 3.*wait_s"),
        ("wait_s,answered,handle_s\n,1,10\n", "row 2.*wait_s"),
        ("queue,wait_s,answered,handle_s\nfax,1,1,10\n", "row 2.*fax"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_row_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_records(written(tmp_path, text), ("voice",))


def test_enough_calls_give_their_own_shapes(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    lasting, offered = rng.exponential(60, 4000), rng.exponential(60, 4000)
    rows = [
        f"{min(a, b):.2f},{int(a > b)},{h:.1f}"
        for a, b, h in zip(lasting, offered, rng.gamma(4, 50, 4000), strict=True)
    ]
    path = written(tmp_path, "\n".join(["wait_s,answered,handle_s", *rows]) + "\n")
    table = read_records(path, ("voice",))
    assert table is not None
    shapes = Shapes().with_records(table)
    handle, patience = shapes.handle["voice"], shapes.patience["voice"]
    assert np.median(handle.knots) == pytest.approx(np.median(rng.gamma(4, 50, 40_000)) / 200, rel=0.05)
    assert np.interp(0.5, np.arange(1024) / 1024, patience.knots) == pytest.approx(np.log(2), rel=0.1)
    back = Shapes.of_table(shapes.table())
    assert np.array_equal(back.patience["voice"].knots, patience.knots)
    few = Shapes().with_records(table.head(50))
    assert not few.handle
    assert not few.patience
