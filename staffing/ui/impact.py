"""What the planner's draft changes, in one row of figures: the draft against the scenario as saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from staffing.domain.scenario import Scenario
from staffing.errors import StaffingError
from staffing.evaluation.outlook import headline
from staffing.language import marked
from staffing.language import text as said
from staffing.ui import state, text
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from staffing.evaluation import Evaluation
    from staffing.planner import Plan


@dataclass(frozen=True)
class Figure:
    """One figure of the strip: its name, label, decimals, unit ("" for none, "money" for the currency)."""

    name: str
    label: str
    digits: int
    unit: str
    help: str
    rising_is_bad: bool = False


STRIP = (
    Figure("calls", marked("Contacts"), 0, "", marked("Contacts forecast for the week, all queues.")),
    Figure(
        "aht_s",
        marked("Handle time"),
        1,
        marked("s"),
        marked("Mean handle time (talk, hold and wrap-up), weighted by contacts."),
    ),
    Figure(
        "rostered_hours",
        marked("Hours to roster"),
        1,
        marked("h"),
        marked(
            "Agent hours that meet the targets in every interval: on-phone hours ÷ the share of time "
            "left by shrinkage. Breaks come on top."
        ),
        True,
    ),
    Figure(
        "cost",
        marked("Their cost"),
        0,
        "money",
        marked("Hours to roster × the price of an agent hour. What the roster costs is on the Roster page."),
        True,
    ),
    Figure(
        "short",
        marked("Short of agents"),
        1,
        marked("h"),
        marked(
            "On-phone hours missing where the newest roster of this scenario schedules fewer agents than are required. "
            "A dash: no roster has been made yet."
        ),
        True,
    ),
)


def strip(desk: Desk) -> None:
    """Contacts, handle time, hours to roster, cost and cover of the week, with what the draft changed."""
    now, before = figures(desk, desk.scenario), figures(desk, desk.draft.saved)
    for place, figure in zip(st.columns(len(STRIP)), STRIP, strict=True):
        unit = desk.scenario.prices.currency if figure.unit == "money" else said(figure.unit)
        change = now[figure.name] - before[figure.name]
        place.metric(
            said(figure.label),
            text.with_unit(now[figure.name], figure.digits, unit),
            text.delta(change, figure.digits, unit),
            delta_color="inverse" if figure.rising_is_bad else "off",
            help=said("{what} The difference is to the scenario as saved.", what=said(figure.help)),
            border=True,
            height="stretch",
        )


def figures(desk: Desk, scenario: Scenario) -> dict[str, float]:
    """The week's figures of a scenario; ``short`` is undefined (NaN) without a roster that fits it."""
    calls, needed = desk.forecast(scenario), desk.requirements(scenario)
    return {**headline(calls.table, needed, scenario), "short": _short_hours(desk, scenario)}


def _short_hours(desk: Desk, scenario: Scenario) -> float:
    roster = desk.plan(scenario) or desk.latest_plan()
    if roster is None:
        return float("nan")
    try:
        return under(desk, scenario, roster).totals["short_hours"]
    except StaffingError:
        return float("nan")


def under(desk: Desk, scenario: Scenario, made: Plan) -> Evaluation:
    """The evaluation of a finished plan's roster under another scenario: the same people, other calls or targets.

    Raises TableError when the roster does not fit the scenario's people or queues.
    """
    if made.scenario == scenario:
        return made.evaluation
    kept = state.evaluations()
    key = desk.plan_key(scenario), desk.plan_key(made.scenario)
    if key not in kept:
        kept[key] = desk.planner.evaluate(desk.workload(scenario), made.roster)
    return kept[key]
