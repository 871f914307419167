"""Charts of whole plans: they hold the plan's figures, draw without a page, and name what cannot be drawn."""

import datetime as dt

import pytest

import staffing
from staffing import charts
from tests.api.conftest import WEEK, history, made, scenario  # noqa: F401  (fixtures)


def rows_of(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def test_each_chart_holds_the_plans_figures(made, scenario):  # noqa: F811
    drawn = rows_of(charts.forecast(made.forecast, scenario))
    assert sum(row["calls"] for row in drawn if "p90" in row) == pytest.approx(made.forecast.table["calls"].sum())
    needed = rows_of(charts.requirement(made.requirements, scenario, "voice"))
    assert [row["agents"] for row in needed] == made.requirements["agents"].tolist()
    covered = rows_of(charts.coverage(made))
    assert [row["scheduled"] for row in covered] == pytest.approx(made.evaluation.intervals["scheduled"].tolist())


def test_one_days_shifts_on_the_sites_clock(made):  # noqa: F811
    shifts = [row for row in rows_of(charts.roster(made)) if row["activity"] == "shift"]
    table = made.roster.table
    first = table[(table["activity"] == "shift") & (table["start"].dt.date == table["start"].dt.date.min())]
    assert sorted(row["agent"] for row in shifts) == sorted(first["agent"])
    assert {row["start"][:10] for row in shifts} == {str(table["start"].dt.date.min())}
    with pytest.raises(staffing.InputError, match="nobody works on 2026-11-22"):
        charts.roster(made, WEEK - dt.timedelta(days=1))


def test_scenarios_side_by_side(made):  # noqa: F811
    compared = staffing.compare([made, made])
    drawn = rows_of(charts.comparison(compared, "cost"))
    assert [row["scenario"] for row in drawn] == ["base", "base 2"]
    assert drawn[0]["value"] == pytest.approx(made.evaluation.totals["cost"])


def test_what_cannot_be_drawn_is_named(made, scenario):  # noqa: F811
    with pytest.raises(staffing.InputError, match=r"field 'queue': there is no 'fax'. Known: voice"):
        charts.forecast(made.forecast, scenario, "fax")
    with pytest.raises(staffing.InputError, match=r"field 'measure'.*cost"):
        charts.comparison(staffing.compare([made]), "nonsense")


def test_a_comparison_as_a_frame(made):  # noqa: F811
    frame = staffing.compare([made, made]).frame()
    assert list(frame.columns) == ["unit", "base", "base 2", "base 2 − base"]
    assert frame.loc["cost", "base"] == pytest.approx(made.evaluation.totals["cost"])
    assert frame.loc["cost", "base 2 − base"] == 0
    with pytest.raises(staffing.InputError, match="field 'level'"):
        staffing.compare([made]).frame("month")
