import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.domain.changes import add, difference, move, resize, switch
from staffing.domain.demand import Event, Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget
from staffing.domain.workforce import Agent, BreakRule, Contract, ShiftTemplate
from staffing.errors import InputError, InputErrors


@pytest.fixture
def base():
    return Scenario(
        queues=(Queue(name="voice"), Queue(name="chat", channel="chat", concurrency=3)),
        events=(
            Event(name="app-4.0", kind="launch", start=dt.date(2026, 12, 1), end=dt.date(2026, 12, 3), size=2),
            Event(name="mailing", kind="campaign", start=dt.date(2026, 12, 8), effect=0.1, queues=("voice",)),
        ),
        contracts=(Contract(name="full", max_hours=44),),
        agents=(Agent(name="Sara", contract="full", skills=("voice",)),),
    )


def test_changes_make_a_new_scenario_and_leave_the_base(base):
    launch = base.with_changes(move("app-4.0", to="2026-12-05"), resize("mailing", 40), service_level=0.9)
    assert (launch.event("app-4.0").start, launch.event("app-4.0").end) == (dt.date(2026, 12, 5), dt.date(2026, 12, 7))
    assert launch.event("mailing").size == 40
    assert launch.service.service_level == 0.9
    assert launch.service.threshold_s == 20
    assert base.event("app-4.0").start == dt.date(2026, 12, 1)


def test_difference_names_every_change_and_nothing_else(base):
    other = base.with_changes(switch("mailing", on=False), planned_shrinkage=0.1)
    assert difference(base, other) == [
        ("shrinkage.planned", 0.0, 0.1),
        ("events.mailing.enabled", True, False),
    ]
    assert difference(base, base) == []


def test_events_are_added_and_removed_by_name(base):
    more = base.with_changes(add(Event(name="outage", kind="outage", start=dt.date(2026, 12, 9))))
    assert [event.name for event in more.events] == ["app-4.0", "mailing", "outage"]
    fewer = more.patched({"events": [{"name": "outage", "remove": True}]})
    assert fewer.events == base.events
    with pytest.raises(InputError, match="no 'party' to remove"):
        base.patched({"events": [{"name": "party", "remove": True}]})


def test_toml_round_trip(base, tmp_path):
    path = tmp_path / "base.toml"
    path.write_text(base.to_toml(), encoding="utf-8")
    assert Scenario.load(path) == base


@settings(max_examples=30)
@given(
    st.text(min_size=1, max_size=20).map(str.strip).filter(bool),
    st.floats(0.01, 0.99),
    st.floats(-0.5, 2),
    st.integers(0, 2**31),
)
def test_any_scenario_survives_toml(name, level, effect, seed):
    scenario = Scenario(
        seed=seed,
        queues=(Queue(name=name),),
        service=ServiceTarget(service_level=level),
        events=(Event(name=name, kind="launch", start=dt.date(2026, 1, 1), effect=effect, queues=(name,)),),
    )
    assert Scenario.from_toml(scenario.to_toml()) == scenario


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ({"service": {"service_level": 1.4}}, "field 'service.service_level'"),
        ({"queues": [{"name": "voice", "aht_s": -1}]}, "field 'queues.0.aht_s'"),
        ({"agents": [{"name": "Reza", "contract": "half"}]}, "agent 'Reza' names the unknown contract 'half'"),
        ({"agents": [{"name": "Sara", "skills": ["fax"]}]}, "unknown skill 'fax'; known: chat, voice"),
        ({"events": [{"name": "app-4.0", "queues": ["fax"]}]}, "event 'app-4.0' names the unknown queue 'fax'"),
        ({"events": [{"name": "app-4.0", "end": "2026-11-01"}]}, "ends (2026-11-01) before it starts"),
        ({"events": [{"name": "app-4.0", "size": -1}]}, "field 'events.0.size'"),
        ({"contracts": [{"name": "full", "shifts": ["late"]}]}, "contract 'full' names the unknown shift 'late'"),
        ({"colour": "blue"}, "field 'colour': is not a known field"),
        ({"service": {"service_level": float("nan")}}, "field 'service.service_level'"),
    ],
)
def test_what_is_wrong_is_named(base, patch, says):
    with pytest.raises(InputErrors) as caught:
        base.patched(patch)
    assert says in str(caught.value)


def test_an_unknown_lever_lists_the_known_ones(base):
    with pytest.raises(InputError, match=r"field 'aht': is not a field.*aht_factor"):
        base.with_changes(aht=3)


def test_two_names_for_one_event_are_refused(base):
    with pytest.raises(InputErrors, match="'mailing' is used twice"):
        Scenario(queues=base.queues, events=(base.event("mailing"), base.event("mailing")))


def test_an_event_may_give_hours():
    event = Event(name="outage", kind="outage", start="2026-12-01 14:00", end="2026-12-01 16:30")
    assert (event.start, event.start_time, event.end_time) == (dt.date(2026, 12, 1), dt.time(14), dt.time(16, 30))
    assert event.days == 1


def test_a_range_must_hold_its_effect():
    with pytest.raises(InputErrors, match="lies outside its range"):
        Event.parse({"name": "a", "kind": "launch", "start": "2026-01-01", "effect": 0.1, "effect_low": 0.2})


def test_a_break_must_lie_inside_its_shift():
    lunch = BreakRule(name="lunch", minutes=60, paid=False, earliest_min=180, latest_min=300)
    with pytest.raises(InputErrors, match="window of 'lunch' reaches past"):
        ShiftTemplate(name="short", length_min=300, first_start="07:00", last_start="09:00", breaks=(lunch,))
    day = ShiftTemplate(name="day", length_min=540, first_start="07:00", last_start="08:00", breaks=(lunch,))
    assert (day.starts_min, day.paid_min) == ((420, 450, 480), 480)


def test_lists_whose_names_repeat_are_replaced_whole(base):
    breaks = [
        {"name": "break", "minutes": 15, "earliest_min": 60, "latest_min": 120},
        {"name": "break", "minutes": 15, "earliest_min": 300, "latest_min": 360},
    ]
    shift = {"name": "day", "length_min": 480, "first_start": "07:00", "last_start": "09:00", "breaks": breaks}
    twice = base.patched({"shifts": [shift]})
    assert len(twice.shifts[0].breaks) == 2
    longer = twice.patched({"shifts": [{"name": "day", "breaks": [{**rule, "minutes": 20} for rule in breaks]}]})
    assert [rule.minutes for rule in longer.shifts[0].breaks] == [20, 20]
    nowruz = [{"name": "Nowruz", "start": f"{year}-03-21"} for year in (2025, 2026)]
    assert len(base.patched({"site": {"special_days": nowruz}}).site.special_days) == 2


def test_a_change_of_an_unknown_event_names_it():
    """Not "kind is missing", as if a new event had been meant."""
    base = Scenario.parse(
        {"queues": [{"name": "voice"}], "events": [{"name": "a", "kind": "k", "start": "2026-01-01"}]}
    )
    with pytest.raises(InputError, match=r"no event 'b' to change.*Known: a\. A new one needs kind, start"):
        base.patched({"events": [{"name": "b", "enabled": False}]})
    assert len(base.patched({"events": [{"name": "b", "kind": "k", "start": "2026-01-02"}]}).events) == 2


def test_an_object_made_by_hand_raises_the_errors_of_this_house():
    with pytest.raises(InputErrors, match=r"Queue, field 'aht_s': must be greater than 0 \(found '-3'\)") as caught:
        Queue(name="voice", aht_s=-3)
    assert caught.value.problems[0].where.field == "aht_s"
    with pytest.raises(InputErrors, match=r"field 'queues\.0\.aht_s'"):
        Scenario(queues=({"name": "voice", "aht_s": "soon"},))
    with pytest.raises(InputErrors, match=r"field 'colour': is not a known field"):
        Agent(name="Sara", contract="full", colour="red")


def test_a_list_of_tables_that_could_replace_or_merge_is_refused(base):
    tables = [{"name": "voice", "aht_s": 240.0}]
    with pytest.raises(InputError, match=r"field 'queues': .*patched\(\{'queues'"):
        base.with_changes(queues=tables)
    assert [queue.name for queue in base.patched({"queues": tables}).queues] == ["voice", "chat"]
    alone = base.with_changes(queues=[Queue(name="voice", aht_s=240.0)], events=[])
    assert ([queue.name for queue in alone.queues], alone.queue("voice").aht_s, alone.events) == (["voice"], 240.0, ())
