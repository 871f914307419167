"""A patch between two scenarios leads from one to the other, and survives a TOML file."""

import datetime as dt
import tomllib

import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from staffing.domain.changes import patch_between
from staffing.domain.demand import Event, Queue
from staffing.domain.scenario import Scenario
from staffing.domain.service import ServiceTarget, Shrinkage

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 1))


@st.composite
def events(draw: st.DrawFn) -> tuple[Event, ...]:
    names = draw(st.lists(st.sampled_from(["app-4", "letter", "outage"]), unique=True))
    made = []
    for name in names:
        start = draw(DAYS)
        end = draw(st.none() | st.just(start + dt.timedelta(days=2)))
        size = draw(st.none() | st.sampled_from([1.0, 2.5]))
        made.append(Event(name=name, kind="launch", start=start, end=end, size=size, enabled=draw(st.booleans())))
    return tuple(sorted(made, key=lambda event: event.name))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    service = ServiceTarget(
        service_level=0.8, asa_s=draw(st.none() | st.just(30.0)), max_occupancy=draw(st.none() | st.just(0.9))
    )
    return Scenario(
        queues=(Queue(name="voice", patience_s=draw(st.none() | st.just(120.0))),),
        events=draw(events()),
        service=service,
        shrinkage=Shrinkage(planned=draw(st.sampled_from([0.0, 0.1]))),
        description=draw(st.sampled_from(["", "a launch"])),
    )


def by_name(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"events": tuple(sorted(scenario.events, key=lambda event: event.name))})


@given(scenarios(), scenarios())
def test_a_patch_leads_from_one_scenario_to_the_other(base: Scenario, other: Scenario) -> None:
    patch = patch_between(base, other)
    assert by_name(base.patched(patch)) == other
    assert by_name(base.patched(tomllib.loads(tomli_w.dumps(patch)))) == other


@given(scenarios())
def test_no_change_is_an_empty_patch(scenario: Scenario) -> None:
    assert patch_between(scenario, scenario) == {}


def test_only_what_differs_is_written() -> None:
    queues = (Queue(name="voice"),)
    launch = Event(name="app-4", kind="launch", start=dt.date(2026, 1, 5), size=3)
    base = Scenario(queues=queues, events=(launch, Event(name="letter", kind="campaign", start=dt.date(2026, 1, 9))))
    other = Scenario(queues=queues, events=(launch.moved(dt.date(2026, 1, 12)),))
    assert patch_between(base, other) == {
        "events": [{"name": "letter", "remove": True}, {"name": "app-4", "start": dt.date(2026, 1, 12)}]
    }
