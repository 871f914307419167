"""Files and numbers that would exhaust their reader are refused with a reason."""

import pytest

from staffing.domain.scenario import Scenario
from staffing.domain.toml import parse_toml
from staffing.errors import InputError, InputErrors

QUEUE = '[[queues]]\nname = "voice"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = " + "[" * 5000 + "]" * 5000, "nests more than 40 deep"),
        (".".join(["a"] * 5000) + " = 1", "nests more than 40 deep"),
        ("a = " + "{b = " * 60 + "1" + "}" * 60, "nests more than 40 deep"),
        ("a = " + "9" * 5000, "thousands of digits"),
        ("# " + "x" * 5_000_000, "longer than"),
        ("a = ", "not valid TOML"),
    ],
    ids=["lists", "dotted", "tables", "digits", "long", "wrong"],
)
def test_toml_is_bounded(text, says):
    with pytest.raises(InputError, match=says):
        parse_toml(text)
    with pytest.raises(InputError, match=says):
        Scenario.from_toml(text)


def test_toml_within_the_bounds_is_read():
    text = "a = " + "[" * 38 + "1" + "]" * 38
    assert parse_toml(text)["a"]
    assert parse_toml('b = 2026-12-01\nc = "[[[["')["c"] == "[[[["


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[prices]\nagent_hour = 1e308\n", "prices.agent_hour"),
        ("[service]\nthreshold_s = 1e308\nservice_level = 0.8\n", "service.threshold_s"),
        (QUEUE.replace("voice", "chat") + "minimum_agents = 1000000000000000\n", "queues.0.minimum_agents"),
        ("[[excluded]]\nstart = 9999-12-31\nend = 9999-12-31\nreason = 'x'\n", "excluded.0.start"),
        (
            "[[contracts]]\nname = 'c'\nmax_hours = 40\nhour_cost = 1e308\n",
            "contracts.0.hour_cost",
        ),
        (
            "[[contracts]]\nname = 'c'\nmax_hours = 40\n[[agents]]\nname='a'\ncontract='c'\ntime_off=['9999-12-31']\n",
            "agents.0.time_off.0.start",
        ),
        ("seed = 99999999999999999999999\n", "seed"),
    ],
)
def test_numbers_nobody_can_mean_are_refused_by_field(text, field):
    toml = text if "[[queues]]" in text else text + QUEUE
    with pytest.raises(InputErrors) as raised:
        Scenario.from_toml(toml)
    assert field in [problem.where.field for problem in raised.value.problems]


def numbers(schema, path=""):
    """Every number of a JSON schema, by where it stands."""
    if isinstance(schema, dict):
        if schema.get("type") in ("number", "integer") and "enum" not in schema:
            yield path, schema
        for name, part in schema.items():
            yield from numbers(part, f"{path}/{name}")
    elif isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from numbers(part, f"{path}/{number}")


def test_every_number_of_a_scenario_has_a_bound_above():
    found = dict(numbers(Scenario.model_json_schema()))
    assert len(found) > 100
    free = [path for path, told in found.items() if not {"maximum", "exclusiveMaximum"} & set(told)]
    assert free == ["/$defs/SiteCalendar/properties/interval_min"]  # one of a few lengths


@pytest.mark.parametrize("minutes", [10**15, -1, 7, 0])
def test_an_interval_is_one_of_a_few_lengths(minutes):
    with pytest.raises(InputErrors):
        Scenario.from_toml(f"{QUEUE}[site]\ninterval_min = {minutes}\n")
