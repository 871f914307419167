"""What each change of the draft moved by itself: contacts, hours and money of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from staffing.domain.changes import patch_between
from staffing.errors import StaffingError
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import impact, text
from staffing.ui.drafts import changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from staffing.domain.scenario import Scenario
    from staffing.ui.state import Desk

MOST = 12


def each(desk: Desk) -> None:
    """A row a change, each laid alone over the scenario as saved."""
    if not desk.draft.changed or not st.toggle(said("What each change moved"), key="moved-each"):
        return
    saved = desk.draft.saved
    alone = list(_alone(saved, desk.draft.current))[:MOST]
    before = impact.figures(desk, saved)
    rows = [{said("change"): what, **_difference(desk, before, scenario)} for what, scenario in alone]
    st.dataframe(rows, hide_index=True)
    st.caption(said("Each change by itself, against the scenario as saved; together they need not add up."))


def _difference(desk: Desk, before: dict[str, float], scenario: Scenario) -> dict[str, str]:
    now = impact.figures(desk, scenario)
    money = desk.scenario.prices.currency
    kinds = {"calls": (said("contacts"), 0, ""), "rostered_hours": (said("hours to roster"), 1, "h"),
             "cost": (said("cost"), 0, money)}  # fmt: skip
    return {
        label: digits(text.signed(now[name] - before[name], places, unit))
        for name, (label, places, unit) in kinds.items()
    }


def _alone(saved: Scenario, current: Scenario) -> Iterator[tuple[str, Scenario]]:
    """Each leaf of what leads from one scenario to the other, laid alone where it can stand alone."""
    for patch in _leaves(patch_between(saved, current)):
        try:
            one = saved.patched(patch)
        except StaffingError:
            continue  # it stands only beside another change
        told = changes(saved, one)
        if told:
            yield text.series(f"{what}: {old} → {new}" for what, old, new in told[:3]), one


def _leaves(patch: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One patch a field; a thing of a list of named things goes field by field, a new or removed one whole."""
    for key, value in patch.items():
        if isinstance(value, dict) and value != {"remove": True}:
            yield from ({key: leaf} for leaf in _leaves(value))
        elif isinstance(value, list) and value and all(isinstance(item, dict) and "name" in item for item in value):
            for item in value:
                whole = item.get("remove") or "kind" in item or "contract" in item
                fields = {name: told for name, told in item.items() if name != "name"}
                leaves = [fields] if whole else list(_leaves(fields))
                yield from ({key: [{"name": item["name"], **leaf}]} for leaf in leaves)
        else:
            yield {key: value}
