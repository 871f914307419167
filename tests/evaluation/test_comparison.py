"""Plans side by side, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from staffing.errors import PlanError
from staffing.evaluation import ALL_QUEUES, MEASURES, Comparison, compare, evaluate

from .two_people import MONDAY, demand, morning, roster, scenario


def ann_alone() -> object:
    return morning(scenario(name="alone", shrinkage={"planned": 0.1}), roster().iloc[:2])


def row(comparison: Comparison, measure: str, level: str = "total") -> pd.Series:
    rows = comparison.table.query("level == @level and measure == @measure and scenario == 'alone'")
    return rows.iloc[0]


def test_differences_are_taken_from_the_first() -> None:
    found = compare([morning(), ann_alone()])
    assert found.base == "base"
    cost = row(found, "cost")
    assert cost[["value", "base", "difference", "unit", "better"]].tolist() == [50, 110, -60, "EUR", "low"]
    assert cost["relative"] == pytest.approx(-60 / 110)
    assert row(found, "short_hours")["difference"] == pytest.approx((6 - 0.9 * 2.5) - 1.5)
    assert row(found, "lost")["relative"] != row(found, "lost")["relative"]  # of nothing lost: undefined
    reverse = compare([ann_alone(), morning()]).table.query("scenario == 'base' and level == 'total'")
    assert reverse.set_index("measure")["difference"]["cost"] == 60


def test_every_level_has_every_measure_of_every_scenario() -> None:
    table = compare([morning(), ann_alone()]).table
    levels = table.groupby(["level", "queue"]).size()
    assert levels.to_dict() == {
        (level, queue): 2 * len(MEASURES)
        for level, queue in (("total", ALL_QUEUES), ("queue", "voice"), ("day", "voice"), ("day", ALL_QUEUES))
    }
    assert set(table.loc[table["level"] == "day", "day"]) == {MONDAY}
    assert table["definition"].str.len().min() > 0
    services = table.loc[table["measure"] == "service_level", "definition"]
    assert set(services) == {"answered within 20 s ÷ all offered"}


def test_what_differs_between_the_scenarios_is_listed() -> None:
    assert compare([morning(), ann_alone()]).changes.to_numpy().tolist() == [["alone", "shrinkage.planned", 0.0, 0.1]]
    assert compare([morning()]).changes.empty


def test_the_wide_table_has_a_column_per_scenario_in_order() -> None:
    found = compare([morning(), ann_alone()])
    assert list(found.wide().columns) == ["base", "alone"]
    assert list(found.wide().index) == list(MEASURES)
    assert found.wide("queue", "difference").loc[("voice", "paid_hours"), "alone"] == -2
    assert found.wide("day").loc[("voice", MONDAY, "cost"), "base"] == 110


def test_the_short_table_reads_aloud() -> None:
    found = compare([SimpleNamespace(evaluation=one, simulated=None) for one in (morning(), ann_alone())])
    rows = {cells[0]: cells[1:] for cells in found.text_rows()}
    assert found.text_header() == ["base", "alone", "difference"]
    assert rows["Cost"] == ["110 EUR", "50 EUR", "-60 EUR"]
    assert rows["Paid hours"] == ["4.5 h", "2.5 h", "-2.0 h"]
    assert rows["Service level"][2].endswith("points")
    assert rows["Service level"][2].startswith("-")


def test_a_comparison_prints_as_the_short_table() -> None:
    loose = morning(scenario(name="loose", service={"threshold_s": 60}))
    comparison = compare([morning(), loose])
    lines = str(comparison).splitlines()
    assert lines[0].split() == ["base", "loose", "difference"]
    assert len(lines) == 1 + len(comparison.text_rows()) + len(comparison.notes)


def test_a_deferred_queue_is_undefined_in_words_too() -> None:
    case = scenario(queues=[{"name": "voice", "channel": "email"}])
    rows = {cells[0]: cells[1:] for cells in compare([morning(case)]).text_rows()}
    assert rows["Service level"] == rows["ASA"] == ["undefined"]


def test_service_levels_of_different_meaning_are_flagged() -> None:
    loose = morning(scenario(name="loose", service={"threshold_s": 60}))
    assert "answered within 60 s" in compare([morning(), loose]).notes[0]
    rial = morning(scenario(name="rial", prices={"currency": "IRR"}))
    assert compare([morning(), rial]).notes == ("Costs are in different currencies: EUR, IRR.",)


def test_plans_of_one_name_are_numbered_and_others_cannot_be_compared() -> None:
    with pytest.raises(PlanError, match="there is no plan to compare"):
        compare([])
    assert compare([morning(), morning(), morning()]).scenarios == ("base", "base 2", "base 3")
    case = scenario(name="longer")
    longer = evaluate(*demand(case, [1.0] * 12, [1.0] * 12, days=8), roster(), case, start=MONDAY, days=8)
    with pytest.raises(PlanError, match=r"'base' and 'longer' are plans of different days"):
        compare([morning(), longer])
