"""Uploads: names are data, sizes are capped, content may mean harm."""

import io
import json
import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.errors import InputErrors
from staffing.history import ImportOptions, ImportReport, preview_upload, read_upload
from tests.history.samples import HERE, UTC, csv, lines, parquet, table, xlsx


def message(data, options=None, name="a.csv"):
    with pytest.raises(InputErrors) as caught:
        read_upload(name, data, UTC, options or HERE)
    return str(caught.value.problems[0])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/x.csv", "x.csv"),
        ("C:\\secret\\x.csv", "x.csv"),
        ("/etc/passwd", "passwd"),
        ("x\n\x1b[31m.csv", "x[31m.csv"),
        ("", "upload"),
        ("y" * 300, "y" * 80),
    ],
)
def test_names_are_shown_and_never_opened(name, shown):
    assert message(lines("hello"), name=name).startswith(f"{shown}, row 1: has no headings")
    assert len(read_upload(name, csv(table()), UTC).frame) == 8


def test_caps_on_bytes_and_rows():
    assert message(csv(table(rows=400)), ImportOptions(max_bytes=1_000)) == (
        "a.csv: is 0 MB; at most 0 MB are read. Split it by year, or save it as Parquet."
    )
    said = "has 400 rows; at most 10 are read. Split it by year or by queue."
    assert said in message(csv(table(rows=400)), ImportOptions(max_rows=10))
    assert said in message(parquet(table(rows=400)), ImportOptions(max_rows=10))


def test_a_parquet_file_that_unpacks_to_far_more_than_it_is():
    rows = 20_000
    columns = {"timestamp": pa.array(["2024-01-01 08:00" + " " * 4_000] * rows), "calls": pa.array(np.ones(rows))}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd", use_dictionary=False)
    options = ImportOptions(max_bytes=buffer.tell() + 1)
    assert "unpacks to 81 MB. Keep only the columns" in message(buffer.getvalue(), options)


def test_one_long_text_is_not_written_out_on_every_row():
    buffer = io.BytesIO()
    places = pa.array(np.zeros(1_000_000, dtype="int32"))
    texts = pa.DictionaryArray.from_arrays(places, pa.array(["x" * 1_000_000])).slice(0)
    pq.write_table(pa.table({"timestamp": texts, "calls": places}), buffer)
    assert message(buffer.getvalue()) == (
        "a.csv, column 'timestamp': has a text of 1,000,000 characters. Keep only the columns of the history."
    )


def test_texts_of_parquet_arrive():
    frame = table().assign(queue=["a"] * 4 + ["b"] * 4)
    history = read_upload("a.parquet", parquet(frame.astype({"queue": "category"})), UTC, HERE)
    assert history.sha256 == read_upload("a.csv", csv(frame), UTC).sha256


@pytest.mark.parametrize("cut", [4, 8, 100, 400])
def test_damaged_parquet_says_so(cut):
    said = message(parquet(table())[:-cut], name="a.parquet")
    assert said.startswith("a.parquet: is not a Parquet file that can be read (")
    assert said.endswith("Export it again; it may have been cut short.")


def test_nothing_is_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    for data in (pickle.dumps(Trap()), pickle.dumps(Trap(), 0), b"PAR1" + pickle.dumps(Trap()) + b"PAR1"):
        assert not preview_upload("a.pkl", data, UTC, HERE).ok
    assert not (tmp_path / "sprung").exists()


def test_formulas_and_markup_are_only_text():
    frame = table().assign(queue='=HYPERLINK("http://x")')
    assert set(read_upload("a.csv", csv(frame), UTC).frame["queue"]) == {'=HYPERLINK("http://x")'}


GOOD = [
    csv(table()),
    csv(table(), sep=";").decode().encode("utf-16"),
    parquet(table()),
    xlsx(("a", [["timestamp", "calls"]])),
]


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=8),
    st.integers(0, 99),
)
def test_no_spoiled_bytes_bring_a_traceback(good, changes, cut):
    data = bytearray(good)
    for place, byte in changes:
        data[place % len(data)] = byte
    report = preview_upload("a", bytes(data[: len(data) * (100 - cut) // 100]), UTC, HERE)
    assert isinstance(report, ImportReport)
    assert report.ok or len(report.errors)


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_give_a_report(data):
    report = preview_upload("a", b"timestamp,calls\n" + data, UTC)
    assert report.ok or len(report.errors)


@pytest.mark.parametrize("name", ["a.json", "a.xls"])
def test_records_and_pages_of_very_many_columns_are_refused_at_once(name):
    names = [f"c{k}" for k in range(6_000)]
    cells = "".join(f"<td>{each}" for each in names)
    data = json.dumps([dict.fromkeys(names, 1)]) if name == "a.json" else f"<table><tr>{cells}</table>"
    assert "6,000 columns" in message(data.encode(), name=name)
    assert "at most 5,000 columns are read" in message(data.encode(), name=name)
