"""What is fitted, written down: the same objects come back, and nothing else can."""

import datetime as dt
import json
import zipfile
from functools import partial
from io import BytesIO

import numpy as np
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Event
from staffing.errors import InputError
from staffing.forecast.day_level.days import dates_between, describe
from staffing.forecast.day_level.kernels import day_terms
from staffing.forecast.written import ARRAYS, TREE, from_bytes, to_bytes


def again(value):
    return from_bytes(to_bytes(value))


def test_plain_values_come_back_as_they_were():
    values = (None, True, 3, 0.1, float("inf"), "ü", dt.date(2026, 1, 2), [1, (2,)], {"a": 1, 2: (3, None)})
    assert again(values) == values
    assert np.isnan(again(float("nan")))
    event = Event(name="app", kind="launch", start=dt.date(2026, 1, 2), size=2.0)
    assert again({"event": event})["event"] == event


def test_arrays_keep_their_type_and_are_shared_as_before():
    one = np.array([[1.0, np.nan]], dtype="float32")
    words = np.array(["a", None], dtype=object)
    left, right, found = again((one, one, words))
    assert left is right
    assert left.dtype == one.dtype
    np.testing.assert_array_equal(left, one)
    assert found.tolist() == words.tolist()
    day = again(np.datetime64("2026-01-02"))
    assert (day, day.dtype) == (np.datetime64("2026-01-02"), np.dtype("datetime64[D]"))


def test_kernels_say_the_same():
    facts = describe(dates_between(dt.date(2024, 1, 1), 800), SiteCalendar(country="DE"))
    terms = day_terms(800, periods=False)
    for term, other in zip(terms, again(terms), strict=True):
        assert (term.name, term.prior_variance) == (other.name, other.prior_variance)
        np.testing.assert_array_equal(term.kernel(facts, facts), other.kernel(facts, facts))


@pytest.mark.parametrize("value", [object(), lambda: 1, partial(print, 1), {1, 2}, open, np.random.default_rng(1)])
def test_what_is_not_ours_is_not_written(value):
    with pytest.raises(InputError, match="cannot be written down"):
        to_bytes([value])


@pytest.mark.parametrize(
    "tree",
    [
        {"$": "function", "of": "os:system"},
        {"$": "function", "of": "staffing.forecast.written:subprocess"},
        {"$": "function", "of": "staffing.store.files:write_text"},
        {"$": "function", "of": "staffing.forecast.day_level.kernels:partial"},
        {"$": "object", "class": "subprocess:Popen", "of": {"args": "true"}},
        {"$": "object", "class": "staffing.forecast.written:Path", "of": {}},
        {"$": "model", "class": "staffing.forecast.written:json", "of": {}},
        {"$": "again", "of": 7},
        {"$": "array", "of": 0},
        {"$": "spell", "of": 1},
        {"no": "tag"},
    ],
)
def test_a_file_that_names_anything_else_is_refused(tree):
    arrays, out = BytesIO(), BytesIO()
    np.savez(arrays)
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(TREE, json.dumps(tree))
        file.writestr(ARRAYS, arrays.getvalue())
    with pytest.raises(InputError, match="is not a fitted forecast"):
        from_bytes(out.getvalue())
