"""Levers of a queue: what multiplies its contacts and its handle times."""

import pytest

from staffing.domain.scenario import Scenario
from staffing.errors import InputErrors

TWO = {"volume_factor": 1.5, "aht_factor": 0.8, "queues": [{"name": "voice"}, {"name": "chat", "channel": "chat"}]}


def scenario(**voice):
    queues = [{"name": "voice", **voice}, {"name": "chat", "channel": "chat"}]
    return Scenario.parse({**TWO, "queues": queues, "totals": [{"name": "all"}]})


def test_levers_multiply_and_leave_other_queues_alone():
    made = scenario(volume_factor=0.5, contained=0.2, aht_factor=2.0, automated=0.25)
    assert made.volume_factors() == pytest.approx({"voice": 1.5 * 0.5 * 0.8, "chat": 1.5})
    assert made.aht_factors() == pytest.approx({"all": 0.8, "voice": 0.8 * 2.0 * 0.75, "chat": 0.8})


def test_each_lever_of_volume_is_a_correction_with_a_name_of_its_own():
    made = scenario(volume_factor=0.5, contained=0.2)
    told = [(one.queue, one.factor, one.reason) for one in made.corrections()]
    assert told == [
        ("", 1.5, "volume factor"),
        ("voice", 0.5, "volume of the queue"),
        ("voice", pytest.approx(0.8), "self-service"),
    ]


@pytest.mark.parametrize("field", ["contained", "automated"])
def test_not_everything_can_be_taken_over(field):
    with pytest.raises(InputErrors, match=field):
        scenario(**{field: 1.0})
