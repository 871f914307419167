"""Different content, different hash: by values, by types, by what tables and arrays hold; the rest is refused."""

import datetime as dt
from dataclasses import dataclass
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from staffing.content import content_hash
from staffing.domain.calendar import SiteCalendar


@dataclass(frozen=True)
class Given:
    first: object
    second: object = None


LONG = np.arange(5000.0)
BERLIN, TEHRAN = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tehran")
DIFFERENT = [
    None, False, True, 0, 1, 1.0, "1", b"1", "", (), (1,), ((1,),), ("1",), {"a": 1}, (("a", 1),),
    dt.date(2026, 1, 1), dt.datetime(2026, 1, 1), "2026-01-01", dt.timedelta(1),
    dt.datetime(2026, 1, 1, tzinfo=BERLIN), dt.datetime(2026, 1, 1, 2, 30, tzinfo=TEHRAN),
    Given(1), Given(1, 2), Given(None, 1), SiteCalendar(), SiteCalendar(interval_min=15),
    LONG, np.where(LONG == 2500, -1, LONG), LONG.astype("f4"), LONG.reshape(50, 100), LONG.reshape(100, 50),
    pd.DataFrame({"a": LONG}), pd.DataFrame({"a": np.where(LONG == 2500, -1, LONG)}), pd.DataFrame({"b": LONG}),
    pd.DataFrame({"a": LONG.astype(int)}), pd.DataFrame({"a": LONG}, index=LONG[::-1]), pd.DataFrame({"a": []}),
    pd.DataFrame({"a": ["1", "2"]}), pd.DataFrame({"a": ["1", None]}), pd.DataFrame({"a": ["1", "None"]}),
    pd.DataFrame({"a": pd.Categorical(["1", "2"])}), pd.DataFrame({"a": pd.Categorical(["1", "2"], ["2", "1"])}),
    pd.DataFrame({"a": pd.Series(["1", 2], dtype=object)}), pd.DataFrame({"a": pd.Series([1, "2"], dtype=object)}),
    *(pd.DataFrame({"a": pd.date_range("2026", periods=2, tz=zone, unit=unit)})
      for zone in ("Europe/Berlin", "Asia/Tehran", None) for unit in ("s", "ns")),
    pd.Timestamp("2026-01-01", tz="UTC"), np.float64(1), np.int64(1),
]  # fmt: skip


def test_nothing_that_differs_shares_a_hash():
    alike = [
        (first, second) for first, second in combinations(DIFFERENT, 2) if content_hash(first) == content_hash(second)
    ]
    assert alike == []


def test_equal_content_shares_its_hash_whatever_its_making():
    frame = pd.DataFrame({"a": LONG, "q": "voice"})
    assert content_hash(frame) == content_hash(frame.copy()) == content_hash(pd.concat([frame[:9], frame[9:]]))
    assert content_hash(LONG.reshape(50, 100)) == content_hash(np.asfortranarray(LONG.reshape(50, 100)))
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash(np.array([np.nan])) == content_hash(np.array([-np.nan]))
    assert content_hash(SiteCalendar()) == content_hash(SiteCalendar.parse({}))


@given(some.lists(some.text()), some.lists(some.text()))
def test_texts_do_not_run_into_each_other(first, second):
    assert (content_hash(*first) == content_hash(*second)) == (first == second)


@pytest.mark.parametrize("value", [object(), lambda: 1, {1, 2}, iter([1]), pytest, {"a": object()}, Given(object())])
def test_what_has_no_faithful_form_is_refused(value):
    with pytest.raises(TypeError, match="no hash that tells its content"):
        content_hash(value)
