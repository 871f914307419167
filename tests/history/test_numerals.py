"""Numbers as people and machines write them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.history.meaning.number_style import settle
from staffing.history.meaning.numerals import as_text, distinct, read_numbers, rewritten

PERSIAN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")
ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")


def read(*cells, **how):
    """The numbers of cells whose style is settled from themselves, as counts of a comma-separated file."""
    texts = pd.Series(list(cells), dtype="str")
    style = settle({"calls": texts}, {"calls"}, "comma", len(texts))
    return read_numbers(texts, decimal=style.decimal, **how)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("5", "12.5", ""), [5, 12.5, np.nan]),
        (("۱۲۳", "۴٫۵"), [123, 4.5]),
        (("١٢٣", "١٬٢٣٤"), [123, 1234]),
        (("12,5", "3"), [12.5, 3]),
        (("1,234", "5"), [1234, 5]),
        (("1,234.5", "2"), [1234.5, 2]),
        (("1.234,5", "2"), [1234.5, 2]),
        (("1.234.567", "2"), [1234567, 2]),
        (("1 234", "1\xa0234", "1’234"), [1234, 1234, 1234]),
        (("-", "n/a", "NULL", "NaN", "–"), [np.nan] * 5),
        (("−3", "-3"), [-3, -3]),
        (("1e3", "2"), [1000, 2]),
    ],
)
def test_ways_of_writing(cells, values):
    numbers = read(*cells)
    np.testing.assert_array_equal(numbers.values, values)
    assert not numbers.wrong.any()


@pytest.mark.parametrize("cell", ["x", "12x", "inf", "-Infinity", "0x10", "1_000", "True", "=1+1", "1..2", "5 calls"])
def test_other_cells_are_wrong(cell):
    assert read("5", cell).wrong.tolist() == [False, True]


def test_durations_count_in_seconds_where_they_are_allowed():
    assert read("0:04:05", "4:05", "01:00:00", "245", durations=True).values.tolist() == [245, 245, 3600, 245]
    assert read("0:04:05").wrong.all()


def test_typed_columns():
    assert read_numbers(pd.Series([1, None], dtype="Int64")).values.tolist()[0] == 1
    assert read_numbers(pd.Series([np.inf, 2.0])).wrong.tolist() == [True, False]
    assert read_numbers(pd.Series([True, False])).wrong.all()
    assert read_numbers(pd.Series(pd.to_datetime(["2024-01-01"]))).wrong.all()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=20))
def test_any_digits_and_signs_give_the_same_numbers(values):
    plain = [f"{value:.2f}" for value in values]
    grouped = [f"{value:,.2f}" for value in values]
    german = [text.translate(str.maketrans(",.", ".,")) for text in grouped]
    for cells in (plain, grouped, german, [t.translate(PERSIAN) for t in plain], [t.translate(ARABIC) for t in plain]):
        numbers = read(*cells)
        assert not numbers.wrong.any()
        np.testing.assert_allclose(numbers.values, values, atol=1e-9)


@pytest.mark.parametrize("kind", ["str", "category", object])
def test_cells_become_distinct_texts_and_empty_ones_are_empty_text(kind):
    texts = as_text(pd.Series([" 5", "5", None, "7 "], dtype=kind))
    assert texts.tolist() == ["5", "5", "", "7"]
    assert sorted(distinct(texts)) == ["", "5", "7"]
    assert rewritten(texts, lambda each: each.replace("7", "5")).tolist() == ["5", "5", "", "5"]


def test_typed_cells_are_written_as_a_planner_would():
    assert as_text(pd.Series([1.0, 2.5, np.nan])).tolist() == ["1", "2.5", ""]
    assert as_text(pd.Series(pd.to_datetime(["2024-01-05 08:00"]))).tolist() == ["2024-01-05 08:00:00"]
