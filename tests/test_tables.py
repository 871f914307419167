import pandas as pd
import pytest

from staffing import tables
from staffing.errors import TableError


def good():
    start = pd.date_range("2026-11-21", periods=2, freq="30min", tz="Asia/Tehran")
    return pd.DataFrame({"queue": "voice", "start": start, "agents": [3, 4], "agents_scheduled": [3.3, 4.4]})


def test_a_good_table_is_put_in_order():
    frame = good().iloc[::-1][["agents_scheduled", "agents", "start", "queue"]]
    checked = tables.REQUIREMENTS.check(frame)
    assert list(checked.columns) == ["queue", "start", "agents", "agents_scheduled"]
    assert checked["agents"].tolist() == [3, 4]


def test_columns_that_are_never_told_may_be_left_out_and_categories_stand_in_the_order_of_their_names():
    start = pd.date_range("2026-11-21", periods=2, freq="30min", tz="UTC")
    rows = [("b", start[0], 1.0), ("a", start[1], 2.0), ("a", start[0], 3.0)]
    frame = pd.DataFrame(rows, columns=["queue", "start", "calls"])
    plain = tables.HISTORY.check(frame)
    assert plain["calls"].tolist() == [3.0, 2.0, 1.0]
    named = plain.assign(queue=plain["queue"].astype(pd.CategoricalDtype(["b", "a"])))
    assert tables.HISTORY.check(named.astype({"queue": "str"})).equals(plain)
    assert tables.HISTORY.check(named)["calls"].tolist() == [3.0, 2.0, 1.0]
    with pytest.raises(TableError, match="two rows for the same queue and start"):
        tables.HISTORY.check(pd.concat([named, named[-1:]]))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: f.drop(columns="agents"), "lacks the column 'agents'"),
        (lambda f: f.assign(agents=[3, -1]), "row 1, column 'agents'.*at least 0"),
        (lambda f: f.assign(agents=[3, None]), "row 1, column 'agents'.*empty cell"),
        (lambda f: f.assign(agents="three"), "agents must be numbers"),
        (lambda f: f.assign(start=f["start"].dt.tz_localize(None)), "instants with a time zone"),
        (lambda f: pd.concat([f, f]), "two rows for the same queue and start"),
    ],
)
def test_a_bad_table_is_named(spoil, says):
    with pytest.raises(TableError, match=says):
        tables.REQUIREMENTS.check(spoil(good()))
