"""The two-person Monday, every figure worked out by hand; and tables that do not fit together."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing import tables
from staffing.errors import TableError
from staffing.evaluation import ALL_QUEUES, MEASURES, evaluate

from .two_people import MONDAY, demand, morning, roster, scenario

# Half an erlang, Erlang C: C(1, a) = a and C(2, a) = a²/(2 + a); T = 20 s, handle time 90 s.
ONE, TWO = 1 - 0.5 * math.exp(-0.5 * 20 / 90), 1 - 0.1 * math.exp(-1.5 * 20 / 90)


def test_intervals_by_hand() -> None:
    table = morning().intervals
    assert table["scheduled"].tolist() == [1, 1, 1.5, 1.5, 2, 2]
    assert table["net"].tolist() == [-1, -1, -0.5, -0.5, 0, 0]
    mixed = (ONE + TWO) / 2
    assert table["service_level"].tolist() == pytest.approx([ONE, ONE, mixed, mixed, math.nan, TWO], nan_ok=True)
    assert table["asa_s"].tolist() == pytest.approx([90, 90, 48, 48, math.nan, 6], nan_ok=True)
    assert table["occupancy"].tolist() == pytest.approx([0.5, 0.5, 1 / 3, 1 / 3, math.nan, 0.25], nan_ok=True)
    assert table["queue_length"].tolist() == pytest.approx([0.5, 0.5, 4 / 15, 4 / 15, math.nan, 1 / 30], nan_ok=True)
    tables.EVALUATION.check(table)


def test_the_day_weighs_by_contacts_and_adds_hours() -> None:
    made = morning()
    day = made.days.set_index("queue").loc["voice"]
    expected = {
        "calls": 50,
        "aht_s": 90,
        "service_level": (3 * ONE + 2 * TWO) / 5,
        "asa_s": (3 * 90 + 2 * 6) / 5,
        "abandonment": 0,
        "occupancy": 2.5 / 9,
        "required_hours": 6,
        "scheduled_hours": 4.5,
        "short_hours": 1.5,
        "excess_hours": 0,
        "paid_hours": 4.5,
        "cost": 2.5 * 20 + 2 * 30,
        "lost": 0,
        "lost_cost": 0,
        "unserved": 0,
    }
    assert {name: day[name] for name in MEASURES} == pytest.approx(expected)
    assert day["definition"] == "answered within 20 s ÷ all offered"
    assert made.totals == pytest.approx(expected)
    assert made.weeks["week"].tolist() == [MONDAY, MONDAY]


def test_shrinkage_takes_agents_off_the_phone_but_not_off_the_payroll() -> None:
    made = morning(shrinkage={"planned": 0.2, "unplanned": 0.5})
    assert made.intervals["scheduled"].tolist() == pytest.approx([0.4, 0.4, 0.6, 0.6, 0.8, 0.8])
    assert made.intervals["rostered"].tolist() == [1, 1, 1.5, 1.5, 2, 2]
    assert made.totals["paid_hours"] == 4.5


def test_what_is_short_is_said_by_day_and_hour() -> None:
    row = morning().uncovered
    assert row[["queue", "day", "from", "to", "short_agents", "short_hours"]].to_numpy().tolist() == [
        ["voice", MONDAY, "09:00", "11:00", 1.0, 1.5]
    ]
    text = "Ann 09:00 10:00 shift voice\nBo 10:30 12:00 shift voice"
    covered = demand(scenario(), [5.0] * 6, [1.0, 1, 1, 1, 1, 2])
    gaps = evaluate(*covered, roster(text), scenario(), start=MONDAY, days=1).uncovered
    assert gaps[["from", "to", "short_agents"]].to_numpy().tolist() == [["10:00", "10:30", 1], ["11:30", "12:00", 1]]


def test_a_shortage_before_midnight_ends_at_24_00_and_the_next_day_is_another_row() -> None:
    case = scenario(site={"opening": {"monday": "23:00-24:00", "tuesday": "00:00-01:00"}})
    gaps = evaluate(
        *demand(case, [5.0] * 4, [1.0] * 4, days=2), roster().iloc[:0], case, start=MONDAY, days=2
    ).uncovered
    assert gaps[["from", "to"]].to_numpy().tolist() == [["23:00", "24:00"], ["00:00", "01:00"]]


def test_the_longest_waits_come_first() -> None:
    waits = morning().longest_waits
    assert waits[["from", "mean_wait_s"]].to_numpy().tolist() == [
        ["09:00", pytest.approx(90)],
        ["09:30", pytest.approx(90)],
        ["10:00", pytest.approx(48)],
        ["10:30", pytest.approx(48)],
        ["11:30", pytest.approx(6)],
    ]


def test_overload_without_hanging_up_is_not_bounded_and_said_so() -> None:
    case = scenario()
    made = evaluate(*demand(case, [30.0] * 6, [4.0] * 6, aht_s=180), roster(), case, start=MONDAY, days=1)
    assert made.totals["service_level"] == 0
    assert made.totals["asa_s"] == math.inf
    assert made.totals["unserved"] == pytest.approx(6 * 30 - 10 * 9)
    assert "in 6 intervals" in made.notes[0]


def test_who_hangs_up_is_lost_and_has_a_price() -> None:
    patch = {"queues": [{"name": "voice", "model": "erlang_a", "patience_s": 60}], "prices": {"lost_contact": 7}}
    totals = morning(people=roster("Ann 09:00 09:30 shift voice"), **patch).totals
    # With nobody on the phone every one of 40 contacts hangs up; of 10 with one agent, those of M/M/1+M.
    load, patience = 0.5, 60 / 90
    weights = [1.0]
    for k in range(1, 60):
        weights.append(weights[-1] * load / (1 + (k - 1) / patience))
    lost = sum((k - 1) * w for k, w in enumerate(weights) if k) / sum(weights) / patience / load * 10
    assert totals["lost"] == pytest.approx(40 + lost)
    assert totals["lost_cost"] == pytest.approx(7 * (40 + lost))
    assert totals["abandonment"] == pytest.approx((40 + lost) / 50)


def test_no_contacts_no_service_level() -> None:
    case = scenario()
    made = evaluate(*demand(case, [0.0] * 6, [1.0] * 6), roster(), case, start=MONDAY, days=1)
    undefined = ["aht_s", "service_level", "asa_s", "abandonment"]
    assert all(math.isnan(made.totals[name]) for name in undefined)
    assert (made.totals["calls"], made.totals["occupancy"], made.totals["paid_hours"]) == (0, 0, 4.5)
    assert made.intervals["service_level"].isna().all()


def test_people_outside_opening_hours_are_excess_and_paid() -> None:
    made = morning(people=roster("Bo 12:00 14:00 shift voice"))
    assert len(made.intervals) == 10
    assert made.totals["excess_hours"] == made.totals["paid_hours"] == 2
    assert made.intervals["required"].tolist()[6:] == [0] * 4


def test_two_queues_are_weighed_together_and_email_only_by_hours() -> None:
    case = scenario(
        queues=[
            {
                "name": "chat",
                "channel": "chat",
                "replies": 1,
                "model": "erlang_c",
                "service": {"service_level": 0.8, "threshold_s": 60},
            },
            {"name": "mail", "channel": "email"},
        ]
    )
    parts = [
        demand(case, [calls] * 6, [1.0] * 6, queue=name, aht_s=aht_s)
        for name, calls, aht_s in (("voice", 10.0, 90.0), ("chat", 5.0, 180.0), ("mail", 4.0, 300.0))
    ]
    forecast, needed = (pd.concat(list(tables_), ignore_index=True) for tables_ in zip(*parts, strict=True))
    people = roster("Ann 09:00 12:00 shift voice\nBo 09:00 10:30 shift chat\nBo 10:30 12:00 shift mail")
    made = evaluate(forecast, needed, people, case, start=MONDAY, days=1)
    queues = made.queues.set_index("queue")
    assert list(queues.index) == ["voice", "chat", "mail", ALL_QUEUES]
    chat_level = 1 - 0.5 * math.exp(-0.5 * 60 / 180)
    assert queues.loc["chat", "service_level"] == pytest.approx(chat_level / 2)
    assert queues.loc[ALL_QUEUES, "service_level"] == pytest.approx((60 * ONE + 15 * chat_level) / 90)
    assert queues.loc[ALL_QUEUES, "occupancy"] == pytest.approx((3 * 0.5 + 1.5 * 0.5) / 4.5)
    assert queues.loc[ALL_QUEUES, "calls"] == 114
    mail = queues.loc["mail"]
    assert mail[["service_level", "asa_s", "abandonment", "occupancy"]].isna().all()
    assert mail[["required_hours", "scheduled_hours", "short_hours", "paid_hours"]].tolist() == [3, 1.5, 1.5, 1.5]
    assert mail["definition"] == ""
    assert queues.loc[ALL_QUEUES, "definition"] == (
        "voice: answered within 20 s ÷ all offered; chat: answered within 60 s ÷ all offered"
    )


@pytest.mark.parametrize(("day", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25)])
def test_the_days_on_which_clocks_change(day: dt.date, hours: int) -> None:
    case = scenario(site={"opening": {"sunday": "00:00-24:00"}})
    start = case.site.grid(day, 1)
    forecast = pd.DataFrame(
        {"queue": "voice", "start": start, "calls": 1.0, "aht_s": 90.0, "p10": 0.0, "p50": 1.0, "p90": 2.0}
    )
    needed = pd.DataFrame({"queue": "voice", "start": start, "agents": 1.0, "agents_scheduled": 1.0})
    people = roster(f"Ann {day}T00:00 {day}T23:59 shift voice")
    made = evaluate(forecast, needed, people, case, start=day, days=1)
    assert made.totals["required_hours"] == hours
    assert made.totals["scheduled_hours"] == pytest.approx(hours - 1 / 60)


def test_hours_belong_to_the_day_and_week_the_shift_begins_in() -> None:
    case = scenario(site={"opening": {"monday": "00:00-24:00", "tuesday": "00:00-24:00"}, "week_start": "tuesday"})
    people = roster("Ann 22:00 2026-11-24T06:00 shift voice\nBo 2026-11-22T22:00 06:00 shift voice")
    made = evaluate(*demand(case, [1.0] * 96, [1.0] * 96, days=2), people, case, start=MONDAY, days=2)
    voice = made.days[made.days["queue"] == "voice"]
    assert voice["paid_hours"].tolist() == [8, 0]
    # Bo's shift began the day before the plan: present until six, paid elsewhere.
    assert voice["scheduled_hours"].tolist() == [8, 6]
    assert made.weeks[made.weeks["queue"] == "voice"]["week"].tolist() == [dt.date(2026, 11, 17), dt.date(2026, 11, 24)]


def test_tables_that_do_not_fit_together_are_refused() -> None:
    case = scenario()
    forecast, needed = demand(case, [1.0] * 6, [1.0] * 6)
    askew = forecast.assign(start=forecast["start"] + pd.Timedelta(minutes=10))
    with pytest.raises(TableError, match="the forecast table has a start between intervals: 2026-11-23 09:10"):
        evaluate(askew, needed, roster(), case, start=MONDAY, days=1)
    with pytest.raises(TableError, match="the requirements lack queue 'voice' at 2026-11-23 09:00"):
        evaluate(forecast, needed.iloc[1:], roster(), case, start=MONDAY, days=1)
    with pytest.raises(TableError, match="two rows for the same queue and start"):
        evaluate(pd.concat([forecast, forecast]), needed, roster(), case, start=MONDAY, days=1)
    with pytest.raises(TableError, match="the requirements table lacks the column 'agents'"):
        evaluate(forecast, needed.drop(columns="agents"), roster(), case, start=MONDAY, days=1)
    strange = forecast.assign(queue="fax")
    with pytest.raises(TableError, match="the forecast table names the queue 'fax'"):
        evaluate(strange, needed, roster(), case, start=MONDAY, days=1)


@settings(max_examples=10, deadline=None)
@given(
    calls=st.lists(st.just(0.0) | st.floats(1e-9, 40), min_size=6, max_size=6),
    patience_s=st.sampled_from([30.0, 300.0]),
    shrinkage=st.floats(0, 0.5),
)
def test_a_second_person_never_makes_waiting_worse(calls: list[float], patience_s: float, shrinkage: float) -> None:
    case = scenario(
        queues=[{"name": "voice", "model": "erlang_a", "patience_s": patience_s}], shrinkage={"planned": shrinkage}
    )
    both = roster()
    one, two = (
        evaluate(*demand(case, calls, [2.0] * 6), people, case, start=MONDAY, days=1)
        for people in (both.iloc[:2], both)
    )
    for worse, better in (
        (one.totals["service_level"], two.totals["service_level"]),
        (-one.totals["lost"], -two.totals["lost"]),
    ):
        assert np.isnan(worse) or worse <= better + 1e-9
    for made in (one, two):
        shown = made.intervals["service_level"].dropna()
        inside = made.totals["service_level"]
        assert np.isnan(inside) or shown.min() - 1e-9 <= inside <= shown.max() + 1e-9
        hours = made.totals
        assert hours["scheduled_hours"] - hours["required_hours"] == pytest.approx(
            hours["excess_hours"] - hours["short_hours"]
        )
