"""Requirements by channel and model, on two-interval cases a planner can check by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from staffing.domain.calendar import SiteCalendar
from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget, Shrinkage
from staffing.errors import InputError, TableError
from staffing.queueing import measures
from staffing.requirements import requirements

MONDAY = pd.Timestamp("2026-11-23 00:00", tz="Europe/Berlin")


def forecast(queue: str, calls: list[float], aht_s: float = 300.0, start: pd.Timestamp = MONDAY) -> pd.DataFrame:
    starts = pd.date_range(start, periods=len(calls), freq="30min")
    bands = dict.fromkeys(("calls", "p10", "p50", "p90"), calls)
    return pd.DataFrame({"queue": queue, "start": starts, "aht_s": aht_s, **bands})


def scenario(*queues: Queue, opening: dict | None = None, **changes) -> Scenario:
    site = SiteCalendar(timezone="Europe/Berlin", interval_min=30, opening=opening or {})
    return Scenario(queues=queues, site=site, **changes)


def agents(table: pd.DataFrame, queue: str = "voice") -> list[float]:
    return table.loc[table["queue"] == queue, "agents"].tolist()


def test_erlang_c_textbook_half_hour():
    queue = Queue(name="voice", model="erlang_c")
    table = requirements(forecast("voice", [100.0, 0.0], aht_s=180.0), scenario(queue))
    assert agents(table) == [14, 0]


def test_patience_saves_agents_and_its_absence_is_erlang_c():
    rows = forecast("voice", [200.0])
    patient, impatient = (
        agents(requirements(rows, scenario(Queue(name="voice", patience_s=p)))) for p in (None, 120.0)
    )
    as_c = agents(requirements(rows, scenario(Queue(name="voice", patience_s=120.0, model="erlang_c"))))
    assert impatient < patient == as_c


def test_transient_meets_the_target_with_fewer_hours():
    calls = [20.0, 60, 120, 160, 150, 100, 60, 20]
    a, through_time = (
        agents(requirements(forecast("voice", calls), scenario(Queue(name="voice", patience_s=180.0, model=model))))
        for model in ("erlang_a", "transient")
    )
    assert sum(through_time) < sum(a)


def test_occupancy_ceiling_binds_large_queues():
    target = ServiceTarget(service_level=0.8, max_occupancy=0.8)
    table = requirements(forecast("voice", [600.0]), scenario(Queue(name="voice", model="erlang_c"), service=target))
    assert agents(table) == [125]


def test_planned_and_unplanned_shrinkage_compound_and_stay_fractional():
    plan = scenario(Queue(name="voice", model="erlang_c"), shrinkage=Shrinkage(planned=0.1, unplanned=0.2))
    table = requirements(forecast("voice", [100.0], aht_s=180.0), plan)
    assert table["agents_scheduled"].tolist() == [pytest.approx(14 / 0.72)]


def test_minimum_staff_holds_while_open_and_closed_needs_nobody():
    opening = {"monday": ("00:30-01:30",)}
    for model in ("erlang_c", "erlang_a", "transient"):
        queue = Queue(name="voice", minimum_agents=2, model=model, patience_s=120.0)
        table = requirements(forecast("voice", [50.0, 1.0, 0.0, 50.0]), scenario(queue, opening=opening))
        assert agents(table) == [0, 2, 2, 0], model


def test_chats_at_once_save_people_but_not_in_proportion():
    one, three = (
        agents(requirements(forecast("chat", [108.0], 240.0), scenario(
            Queue(name="chat", channel="chat", concurrency=k, patience_s=120.0))), "chat")[0]
        for k in (1, 3)
    )  # fmt: skip
    assert one / 3 < three < one


def test_email_fills_the_valleys_of_calls():
    voice, email = Queue(name="voice", model="erlang_c"), Queue(name="email", channel="email", deadline_min=120)
    rows = pd.concat([forecast("voice", [10.0, 60, 60, 10, 10, 60]), forecast("email", [30.0, 0, 0, 0, 0, 0], 600.0)])
    table = requirements(rows, scenario(voice, email))
    live, waiting = np.array(agents(table)), np.array(agents(table, "email"))
    assert waiting.sum() >= 10
    assert waiting[4:].sum() == 0, "due within four intervals"
    assert waiting[0] > waiting[1]
    assert (live + waiting).max() == live.max()


def test_email_that_comes_at_night_is_worked_in_the_morning():
    email = Queue(name="email", channel="email", deadline_min=60)
    opening = {"monday": ("01:00-03:00",)}
    table = requirements(forecast("email", [6.0, 6.0, 0, 0, 0, 0, 6.0], 300.0), scenario(email, opening=opening))
    need = agents(table, "email")
    assert need[:2] == [0, 0]
    assert sum(need[2:4]) == 2
    assert need[6:] == [0]


def test_callbacks_are_made_in_their_windows_alone():
    queue = Queue(name="back", channel="callback", deadline_min=60, windows=("00:30-01:00", "02:00-03:00"))
    table = requirements(forecast("back", [6.0, 6, 6, 6, 6, 0, 0], 300.0), scenario(queue))
    need = agents(table, "back")
    assert [n > 0 for n in need] == [False, True, False, False, True, True, False]
    assert sum(need) >= 5
    with pytest.raises(InputError, match="windows"):
        scenario(Queue(name="a")).patched({"queues": [{"name": "a", "windows": ["09:00-10:00"]}]})


def test_requirement_meets_its_target_and_one_fewer_does_not():
    calls = [3.0, 30.0, 300.0]
    for definition in ("offered", "answered", "excl_short_abandons", "wait_within_threshold"):
        target = ServiceTarget(service_level=0.85, threshold_s=15, definition=definition)
        found = agents(requirements(forecast("voice", calls), scenario(Queue(name="voice", patience_s=90.0),
                                                                       service=target)))  # fmt: skip
        name = {"offered": "service_level", "answered": "service_level_answered",
                "excl_short_abandons": "service_level_excl_short_abandons",
                "wait_within_threshold": "probability_wait_within_threshold"}[definition]  # fmt: skip
        for volume, n in zip(calls, found, strict=True):
            seen = measures(calls_per_hour=2 * volume, aht_s=300, agents=[n - 1, n], threshold_s=15, patience_s=90)
            fewer, enough = getattr(seen, name)
            assert enough >= 0.85
            assert n == 1 or not fewer >= 0.85


def test_bad_numbers_name_the_queue():
    with pytest.raises(InputError, match=r"queue 'voice'.*calls"):
        requirements(forecast("voice", [math.nan]), scenario(Queue(name="voice")))
    with pytest.raises(InputError, match=r"queue 'voice'.*aht_s"):
        requirements(forecast("voice", [10.0], aht_s=0.0), scenario(Queue(name="voice")))
    with pytest.raises((InputError, TableError)):
        requirements(forecast("email", [math.nan]), scenario(Queue(name="email", channel="email")))


def test_no_calls_need_no_handle_time():
    assert agents(requirements(forecast("voice", [0.0], aht_s=0.0), scenario(Queue(name="voice")))) == [0]


def test_redials_and_better_resolution_move_the_need():
    rows = forecast("voice", [200.0])

    def need(**levers) -> float:
        return agents(requirements(rows, scenario(Queue(name="voice", patience_s=60.0, **levers))))[0]

    plain, redials, half_resolved, better = (
        need(**levers) for levers in ({}, {"redial_share": 0.8}, {"resolution": 0.7}, {"resolution": 0.9})
    )
    assert plain <= redials
    assert plain < better < half_resolved
    for model in ("erlang_a", "transient"):
        assert need(model=model, resolution=0.7) > need(model=model)


def test_endless_patience_makes_one_over_the_resolution_calls_of_a_matter():
    queue = Queue(name="voice", model="erlang_c", resolution=0.8)
    found = agents(requirements(forecast("voice", [100.0]), scenario(queue)))
    as_many = agents(requirements(forecast("voice", [125.0]), scenario(Queue(name="voice", model="erlang_c"))))
    assert found == as_many
