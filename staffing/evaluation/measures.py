"""Every figure of an evaluation: its name, unit and definition in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario


@dataclass(frozen=True)
class Measure:
    """``better`` says which way is good for customer or budget: ``high``, ``low``, or "" for neither."""

    name: str
    label: str
    unit: str
    definition: str
    better: str = ""


_ALL = (
    Measure("calls", "Contacts", "contacts", "contacts forecast"),
    Measure("aht_s", "Handle time", "s", "mean handle time, weighted by contacts"),
    Measure("service_level", "Service level", "share", "", "high"),
    Measure("asa_s", "ASA", "s", "mean wait of the answered; of all of them, weighted by contacts", "low"),
    Measure("abandonment", "Abandonment", "share", "abandoned ÷ offered", "low"),
    Measure("occupancy", "Occupancy", "share", "time spent handling ÷ time on the phone, of queues answered live"),
    Measure("required_hours", "Required", "h", "on-phone agent hours that the targets need"),
    Measure("scheduled_hours", "Scheduled", "h", "on-phone agent hours rostered, breaks and shrinkage taken off"),
    Measure("short_hours", "Short", "h", "on-phone agent hours missing where scheduled < required", "low"),
    Measure("excess_hours", "Over", "h", "on-phone agent hours beyond the need where scheduled > required", "low"),
    Measure("paid_hours", "Paid hours", "h", "length of the shifts begun, less unpaid breaks", "low"),
    Measure("cost", "Cost", "money", "paid hours × the contract's hourly cost, with allowances and overtime", "low"),
    Measure("lost", "Lost contacts", "contacts", "contacts that hang up before they are answered", "low"),
    Measure("lost_cost", "Lost contacts' price", "money", "lost contacts × the price of one", "low"),
    Measure(
        "unserved", "Beyond capacity", "contacts", "contacts beyond what agents can take, where nobody hangs up", "low"
    ),
)
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}

#: What a plan's simulation adds to that, where a plan has one; the figures of MEASURES are those of a forecast that
#: comes exactly.
EXPECTED: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure(
            "expected_service_level", "Expected service", "share",
            "service level to be expected under uncertainty: the mean over simulated days", "high",
        ),
        Measure(
            "p_day_meets_target", "Days that hold", "share",
            "chance that a day keeps every promise, by simulation; the mean over days", "high",
        ),
        Measure(
            "p_week_meets_target", "Weeks that hold", "share",
            "chance that the week as a whole keeps every promise, by simulation", "high",
        ),
        Measure(
            "overrun_hours", "Overrun", "h",
            "worked past ends of shifts and into breaks, to finish the contact in hand, by simulation", "low",
        ),
        Measure("overrun_cost", "Overrun's price", "money", "what is paid for the overrun", "low"),
    )
}  # fmt: skip


def service_definition(scenario: Scenario, queues: Iterable[Queue]) -> str:
    """The service-level definition of the queues in words; each its own where they differ."""
    texts = {queue.name: scenario.target(queue).definition_text() for queue in queues}
    if len(set(texts.values())) <= 1:
        return next(iter(texts.values()), "")
    return "; ".join(f"{name}: {text}" for name, text in texts.items())


def unit(measure: Measure, scenario: Scenario) -> str:
    """The unit shown: money in the scenario's currency."""
    return scenario.prices.currency if measure.unit == "money" else measure.unit
