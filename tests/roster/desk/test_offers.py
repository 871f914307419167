"""Offers on sites of one or two people, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from staffing.domain.workforce import Agent, Contract, LabourRules
from staffing.roster.desk.offers import OVERTIME, TIME_OFF, offers
from tests.roster.sites import DAY, LATE, need, people, shifts_of, site


def monday(agents: dict[int, float]) -> pd.DataFrame:
    table = need(agents)
    later = table["start"].dt.day > 2
    table.loc[later, ["agents", "agents_scheduled"]] = 0.0
    return table


def free(**terms: object) -> tuple[Contract, ...]:
    return (Contract(name="free", max_hours=8, max_days=7, **terms),)


def test_who_is_idle_is_offered_time_off_and_its_pay_is_saved_unless_it_is_kept() -> None:
    quiet = monday(dict.fromkeys(range(8, 14), 1.0))
    table = shifts_of("p0", "Mon 08:00-17:00")
    for paid, pay in ((False, -3.0), (True, 0.0)):
        inputs = site(*people(1), contracts=free(voluntary_hours=3, voluntary_paid=paid), requirements=quiet)
        (offer,) = offers(inputs, table)
        assert (offer.kind, offer.start.hour, offer.end.hour) == (TIME_OFF, 14, 17)
        assert (offer.pay, offer.saves) == (pay, pytest.approx(3.0 - pay))  # three hours of one too many
    assert offers(site(*people(1), contracts=free(), requirements=quiet), table) == []


def test_hours_of_a_week_are_given_once_and_one_time_off_makes_the_next_less_good() -> None:
    quiet = monday({**dict.fromkeys(range(8, 17), 2.0), 15: 1.0, 16: 1.0})
    table = pd.concat([shifts_of(name, "Mon 08:00-17:00") for name in ("p0", "p1")], ignore_index=True)
    found = offers(site(*people(2), contracts=free(voluntary_hours=2), requirements=quiet), table)
    assert [(offer.agent, offer.start.hour) for offer in found] == [("p0", 15)]  # then nobody is idle any more


def test_overtime_covers_a_shortage_at_its_price_where_rest_and_hours_leave_room() -> None:
    busy = monday(dict.fromkeys(range(8, 20), 1.0))
    table = shifts_of("p0", "Mon 08:00-17:00")
    inputs = site(*people(1), contracts=free(overtime_hours=2, overtime_factor=1.5), requirements=busy)
    (offer,) = offers(inputs, table)
    assert (offer.kind, offer.start.hour, offer.end.hour) == (OVERTIME, 17, 19)
    assert offer.pay == pytest.approx(2 * 1.5)
    assert offer.saves == pytest.approx(2 * 4 - 3.0)
    assert "overtime for p0" in str(offer)
    early = Agent(name="p0", contract="free", latest="18:00")
    assert offers(replace(inputs, agents=(early,)), table)[0].end.hour == 18
    tired = pd.concat([table, shifts_of("p0", "Tue 04:00-13:00")], ignore_index=True)
    long_rest = replace(inputs, rules=LabourRules(min_rest_h=11), contracts=free(overtime_hours=12))
    assert all(offer.end.hour != 18 for offer in offers(long_rest, tired))


def test_nothing_is_offered_where_cover_is_right() -> None:
    right = monday({hour: float(hour != 12) for hour in range(8, 17)})
    inputs = site(*people(1), contracts=free(voluntary_hours=8, overtime_hours=8), shifts=(DAY, LATE),
                  requirements=right)  # fmt: skip
    found = offers(inputs, shifts_of("p0", "Mon 08:00-17:00"))
    assert [offer for offer in found if offer.kind == OVERTIME] == []
