import json

import pandas as pd
import pytest

from staffing.cli import main


def ended(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    return stopped.value.code


@pytest.fixture(scope="module")
def told(planned_workspace, tmp_path_factory):
    """The JSON of one reforecast at noon, and the table it wrote."""
    import contextlib
    import io

    out = tmp_path_factory.mktemp("today") / "now.parquet"
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = ended(["reforecast", str(planned_workspace), "--now", "2026-11-18 12:00", "--out", str(out), "--json"])
    assert code == 0
    return json.loads(said.getvalue()), pd.read_parquet(out)


def test_the_morning_is_what_came_and_the_spans_sum_the_intervals(told, planned_workspace):
    said, table = told
    history = pd.read_csv(planned_workspace / "history" / "calls.csv", parse_dates=["timestamp"]).set_index("timestamp")
    came = history.loc["2026-11-18 08:00":"2026-11-18 11:00", "calls"]
    intervals = pd.DataFrame(said["intervals"])
    so_far = intervals[intervals["span"] == "so far"]
    assert so_far["calls"].tolist() == came.tolist()
    assert (intervals["span"] == "rest of day").sum() == 6
    for span in said["spans"]:
        own = intervals[intervals["span"] == span["span"]]
        assert span["calls"] == pytest.approx(own["calls"].sum())
        assert span["on_phone_hours"] == own["agents"].sum()
        assert span["p10"] <= span["calls"] * 1.05
    assert table["start"].min().strftime("%Y-%m-%d %H:%M") == "2026-11-18 08:00"


def test_it_prints_before_and_after(planned_workspace, capsys):
    assert ended(["reforecast", str(planned_workspace), "--now", "2026-11-18 12:00"]) == 0
    text = capsys.readouterr().out
    assert "Wednesday 2026-11-18 12:00" in text
    assert "rest of day" in text
    assert "contacts came so far where" in text


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("noon", "is not a time of the site"),
        ("2026-11-18", "is not a time of the site"),
        ("2026-11-18T12:00+01:00", "is not a time of the site"),
        ("2026-09-01 12:00", "nothing is known before"),
        ("2026-11-21 12:00", "nothing is forecast on 2026-11-21"),
        ("2031-03-12 12:00", "history ends on 2026-11-20, 1122 open days before 2031-03-12"),
    ],
)
def test_times_that_make_no_sense_are_refused(planned_workspace, capsys, now, says):
    assert ended(["reforecast", str(planned_workspace), "--now", now]) == 2
    assert says in capsys.readouterr().err


def test_days_that_history_lacks_are_said(planned_workspace, capsys):
    assert ended(["reforecast", str(planned_workspace), "--now", "2026-11-25 12:00"]) == 0
    said = capsys.readouterr().out
    assert "History lacks 2 open day(s) before 2026-11-25" in said
    assert "nothing is known of 2026-11-25 yet" in said
    assert ended(["reforecast", str(planned_workspace), "--now", "2026-11-23 12:00"]) == 0
    assert "History lacks" not in capsys.readouterr().out  # a weekend lies between
