"""Pay and kinds of shifts, worked out by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from staffing.domain.workforce import LabourRules
from staffing.errors import TableError
from staffing.evaluation.shifts import WorkedShift, is_night, read_roster

from .two_people import BASE, LUNCH, roster, scenario

TWO_QUEUES = {"queues": [{"name": "chat", "channel": "chat"}]}


def read(text: str, **patch: object) -> WorkedShift:
    return read_roster(roster(text), scenario(**patch))


def test_the_unpaid_lunch_is_not_paid() -> None:
    shifts = read_roster(roster(), scenario()).shifts.set_index("agent")
    assert shifts["kind"].to_dict() == {"Ann": "early", "Bo": "late"}
    assert shifts["paid_hours"].to_dict() == {"Ann": 2.5, "Bo": 2.0}
    # Ann at the scenario's 20 an hour, Bo at the 30 of the contract.
    assert shifts["cost"].to_dict() == {"Ann": 50.0, "Bo": 60.0}
    assert shifts["undesired"].to_dict() == {"Ann": False, "Bo": True}


def test_paid_breaks_training_and_absence_are_paid() -> None:
    paid = {"name": "break", "minutes": 15, "paid": True, "earliest_min": 15, "latest_min": 40}
    text = """
    Ann 09:00 12:00 shift voice
    Ann 09:30 09:45 break -
    Ann 10:15 10:45 lunch -
    Ann 11:00 11:30 training -
    Ann 11:30 12:00 absence -
    """
    worked = read(text, shifts=[{"name": "early", "breaks": [paid, LUNCH]}])
    assert worked.shifts["paid_hours"].tolist() == [2.5]
    on_phone = worked.pieces[worked.pieces["on_phone"]]
    assert (on_phone["end_s"] - on_phone["start_s"]).sum() == 3600 * 1.25


def test_a_lunch_made_longer_by_hand_stays_unpaid() -> None:
    assert read("Ann 09:00 12:00 shift voice\nAnn 10:00 10:45 lunch -").shifts["paid_hours"].tolist() == [2.25]


def test_a_shift_of_no_known_kind_follows_the_rule_of_the_same_name() -> None:
    shifts = read("Ann 09:30 11:45 shift voice\nAnn 10:00 10:30 lunch -").shifts
    assert shifts["kind"].tolist() == [""]
    assert shifts["paid_hours"].tolist() == [1.75]


def test_breaks_tell_apart_kinds_of_the_same_length() -> None:
    other = {**BASE["shifts"][0], "name": "early with paid lunch", "breaks": [{**LUNCH, "minutes": 20, "paid": True}]}
    patch = {"shifts": [other]}
    long, short = "Ann 10:15 10:45 lunch -", "Ann 10:15 10:35 lunch -"
    for lunch, kind, paid_hours in ((long, "early", 2.5), (short, "early with paid lunch", 3.0)):
        shifts = read(f"Ann 09:00 12:00 shift voice\n{lunch}", **patch).shifts
        assert (shifts["kind"].tolist(), shifts["paid_hours"].tolist()) == ([kind], [paid_hours])


def test_a_change_of_queue_is_one_shift_paid_to_both_queues() -> None:
    text = "Ann 09:00 10:30 shift voice\nAnn 10:30 12:00 shift chat\nAnn 10:15 10:45 lunch -"
    worked = read(text, **TWO_QUEUES)
    assert worked.shifts["kind"].tolist() == ["early"]
    assert worked.pieces.groupby("queue")["paid_hours"].sum().to_dict() == {"chat": 1.25, "voice": 1.25}


def test_an_hour_on_another_queue_is_paid_to_that_queue_and_is_no_break() -> None:
    text = "Ann 09:00 12:00 shift voice\nAnn 11:00 12:00 work chat\nAnn 10:15 10:45 lunch -"
    worked = read(text, **TWO_QUEUES)
    assert worked.shifts[["kind", "paid_hours"]].to_numpy().tolist() == [["early", 2.5]]
    on_phone = worked.pieces[worked.pieces["on_phone"]]
    assert on_phone.groupby("queue")["paid_hours"].sum().to_dict() == {"chat": 1.0, "voice": 1.5}


def test_a_night_shift_over_the_longer_night_is_paid_an_hour_more() -> None:
    # The clocks of Paris went back at 03:00 on 25 October 2026: 22:00 to 06:00 lasted nine hours.
    shifts = read("Ann 2026-10-24T22:00 2026-10-25T06:00 shift voice").shifts
    assert shifts["paid_hours"].tolist() == [9.0]
    assert shifts["day"].tolist() == [dt.date(2026, 10, 24)]
    assert shifts[["night", "weekend"]].to_numpy().tolist() == [[True, True]]


@pytest.mark.parametrize(
    ("window", "start", "end", "night"),
    [
        (("00:00", "06:00"), 360, 840, False),
        (("00:00", "06:00"), 359, 840, True),
        (("00:00", "06:00"), 960, 1440, False),
        (("00:00", "06:00"), 960, 1441, True),
        (("22:00", "06:00"), 840, 1321, True),
        (("22:00", "06:00"), 840, 1320, False),
        (("22:00", "06:00"), 300, 700, True),
        (("02:00", "02:00"), 0, 600, False),
    ],
)
def test_a_night_is_any_minute_in_the_window(window: tuple[str, str], start: int, end: int, night: bool) -> None:
    rules = LabourRules(night_from=window[0], night_to=window[1])
    assert is_night(np.array([start]), np.array([end]), rules).tolist() == [night]


@pytest.mark.parametrize(
    ("wishes", "kept"),
    [
        ({}, None),
        ({"prefers": ["early"]}, 1),
        ({"prefers": ["late"]}, 0),
        ({"avoids": ["monday"]}, 0),
        ({"avoids": ["late"]}, 1),
    ],
)
def test_a_wish_is_kept_or_not_or_not_expressed(wishes: dict[str, list[str]], kept: float | None) -> None:
    found = read("Ann 09:00 12:00 shift voice", agents=[{"name": "Ann", **wishes}]).shifts["wish_kept"].tolist()
    assert found == pytest.approx([np.nan if kept is None else kept], nan_ok=True)


def test_a_contract_that_does_not_allow_a_kind_rules_it_out() -> None:
    shifts = read("Ann 09:00 12:00 shift voice", contracts=[{"name": "full", "shifts": ["late"]}]).shifts
    assert shifts["kind"].tolist() == [""]


def test_a_blank_queue_is_clear_where_there_is_but_one() -> None:
    assert read("Ann 09:00 12:00 shift -").pieces["queue"].tolist() == ["voice"]
    with pytest.raises(
        TableError, match=r"shift of 'Ann' on 2026-11-23 09:00 names no queue. Name one of: voice, chat"
    ):
        read("Ann 09:00 12:00 shift -", **TWO_QUEUES)


@pytest.mark.parametrize(
    ("line", "what"), [("Zoe 09:00 12:00 shift voice", "agent 'Zoe'"), ("Ann 09:00 12:00 shift fax", "queue 'fax'")]
)
def test_strangers_are_named(line: str, what: str) -> None:
    with pytest.raises(TableError, match=f"the roster names the {what}, which the scenario does not know"):
        read(line)


def test_an_empty_roster_is_no_shifts() -> None:
    worked = read_roster(roster().iloc[:0], scenario())
    assert len(worked.shifts) == len(worked.pieces) == 0
