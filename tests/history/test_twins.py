"""A good file and its twin: written another way, it is the same history; spoiled in one cell, it is named there."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDateTime

from staffing.history import preview_upload
from tests.history.samples import TEHRAN

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FORMS = {
    "iso": lambda t: f"{t:%Y-%m-%d %H:%M}",
    "offset": lambda t: t.isoformat(),
    "utc": lambda t: f"{t.tz_convert('UTC'):%Y-%m-%dT%H:%M:%SZ}",
    "dots": lambda t: f"{t:%d.%m.%Y %H:%M}",
    "named": lambda t: f"{t:%d %b %Y} {t:%I:%M %p}",
    "jalali": lambda t: JalaliDateTime(t.to_pydatetime().replace(tzinfo=None)).strftime("%Y/%m/%d %H:%M"),
    "persian": lambda t: (
        JalaliDateTime(t.to_pydatetime().replace(tzinfo=None)).strftime("%Y/%m/%d %H:%M").translate(PERSIAN)
    ),
}
SPOILED = {
    "timestamp": ["", "soon", "2024-02-31 08:00", "31-31-2024"],
    "calls": ["x", "-4", "inf", "12 or 13", "9" * 12],
    "aht_seconds": ["-1", "long", "99999"],
}


@st.composite
def histories(draw):
    step = draw(st.sampled_from([5, 15, 30, 60]))
    start = draw(st.datetimes(pd.Timestamp("2023-01-01"), pd.Timestamp("2025-06-01"))).replace(hour=7, minute=0)
    rows = draw(st.integers(6, 30))
    times = pd.date_range(pd.Timestamp(start).floor("h").tz_localize("Asia/Tehran"), periods=rows, freq=f"{step}min")
    calls = draw(st.lists(st.integers(0, 2_000), min_size=rows, max_size=rows))
    return pd.DataFrame({"timestamp": times, "calls": calls, "aht_seconds": [180.5 + k for k in range(rows)]})


def written(frame, form, separator, encoding):
    cells = frame.assign(timestamp=frame["timestamp"].map(FORMS[form]))
    if separator == ";":
        cells["aht_seconds"] = cells["aht_seconds"].map(lambda value: f"{value:.1f}".replace(".", ","))
    if form == "persian":
        cells["calls"] = cells["calls"].map(lambda value: str(value).translate(PERSIAN))
    return cells.to_csv(index=False, sep=separator).encode(encoding)


def report(data):
    return preview_upload("a.csv", data, TEHRAN)


@settings(deadline=None, max_examples=25)
@given(
    histories(),
    st.sampled_from(sorted(FORMS)),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_a_twin_written_another_way_is_the_same_history(frame, form, separator, encoding):
    plain, twin = report(written(frame, "iso", ",", "utf-8")), report(written(frame, form, separator, encoding))
    assert twin.errors.empty
    assert twin.history.sha256 == plain.history.sha256
    assert plain.history.frame["start"].tolist() == frame["timestamp"].tolist()
    assert plain.history.frame["calls"].tolist() == frame["calls"].tolist()


@settings(deadline=None, max_examples=25)
@given(histories(), st.data())
def test_a_twin_with_one_bad_cell_is_named_by_row_column_and_value(frame, data):
    column = data.draw(st.sampled_from(sorted(SPOILED)))
    row = data.draw(st.integers(0, len(frame) - 1))
    value = data.draw(st.sampled_from(SPOILED[column]))
    cells = frame.assign(timestamp=frame["timestamp"].map(FORMS["iso"])).astype(object)
    cells.loc[row, column] = value
    found = report(cells.to_csv(index=False).encode())
    assert found.errors[["row", "column", "value"]].to_numpy().tolist() == [[row + 2, column, value]]
    assert found.errors["remedy"].iloc[0]
    assert found.history is None
    assert found.good_rows == len(frame) - 1


@settings(deadline=None, max_examples=12)
@given(histories(), st.data())
def test_a_twin_with_a_row_twice_is_named(frame, data):
    row = data.draw(st.integers(0, len(frame) - 1))
    cells = frame.assign(timestamp=frame["timestamp"].map(FORMS["iso"]))
    found = report(pd.concat([cells, cells.iloc[[row]]]).to_csv(index=False).encode())
    assert found.errors["row"].tolist() == [len(frame) + 2]
    assert f"(rows {row + 2} and {len(frame) + 2} are the first)" in found.errors["reason"].iloc[0]
