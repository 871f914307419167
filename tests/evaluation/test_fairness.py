"""The load of two people and its spread, by hand."""

from __future__ import annotations

import math

import pytest

from staffing.evaluation import evaluate

from .two_people import MONDAY, demand, morning, roster, scenario


def test_each_persons_load() -> None:
    people = morning().agents.set_index("agent")
    assert people.loc["Ann", ["paid_hours", "shifts", "undesired_shifts", "cost"]].tolist() == [2.5, 1, 0, 50]
    assert people.loc["Bo", ["paid_hours", "shifts", "undesired_shifts", "cost"]].tolist() == [2, 1, 1, 60]
    assert people.loc["Ann", "contract_share"] == pytest.approx(2.5 / (40 / 7))
    assert people["preference_success"].tolist() == pytest.approx([math.nan, 1], nan_ok=True)


def test_who_has_no_shift_is_counted_too() -> None:
    made = morning(people=roster().iloc[:2])
    bo = made.agents.set_index("agent").loc["Bo"]
    assert bo[["paid_hours", "shifts", "nights", "cost"]].tolist() == [0, 0, 0, 0]
    assert math.isnan(bo["preference_success"])
    spread = made.fairness.set_index("measure")
    assert spread.loc["paid_hours", ["mean", "least", "most", "spread", "deviation", "agents"]].tolist() == [
        1.25, 0, 2.5, 2.5, 1.25, 2
    ]  # fmt: skip
    nobody = spread.loc["preference_success"]
    assert nobody["agents"] == 0
    assert math.isnan(nobody["mean"])


def test_weekends_and_nights_are_counted_by_the_day_a_shift_begins() -> None:
    case = scenario(site={"opening": {"saturday": "00:00-24:00"}})
    people = roster(
        "Ann 2026-11-28T22:00 2026-11-29T06:00 shift voice\nAnn 2026-11-29T22:00 2026-11-30T06:00 shift voice\n"
        "Bo 2026-11-27T08:00 2026-11-27T16:00 shift voice"
    )
    made = evaluate(*demand(case, [0.0] * 54, [0.0] * 54, days=6), people, case, start=MONDAY, days=7)
    counts = made.agents.set_index("agent")[["shifts", "weekend_days", "nights"]]
    assert counts.to_numpy().tolist() == [[2, 2, 2], [1, 0, 0]]


def test_every_figure_is_defined_in_words() -> None:
    assert (morning().fairness["definition"].str.len() > 10).all()
