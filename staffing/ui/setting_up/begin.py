"""The first step: a name, a clock and a file become a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import streamlit as st

from staffing.domain.calendar import WEEKDAYS, SiteCalendar, Weekday
from staffing.errors import StaffingError
from staffing.language import text as said
from staffing.ui import imports, text
from staffing.ui.setting_up.setting import told
from staffing.ui.setting_up.words import CALENDARS, weekday
from staffing.ui.who import signed_in, user

if TYPE_CHECKING:
    from staffing.domain.scenario import Scenario
    from staffing.history import History

FIRST_DAYS: dict[str, Weekday] = {"Asia/Tehran": "saturday", "Asia/Dubai": "monday", "Asia/Riyadh": "sunday"}
REFUSED = "set-up-refused"


def panel() -> None:
    """Choose a file and a name; what the file tells fills in the rest."""
    st.markdown(
        said(
            "Drop the phone system's export, or any table with times and contacts. Queues, handle times and opening "
            "hours are read from it; each can be changed in the steps that follow. Nothing is needed beside it."
        )
    )
    name, zone, start, shown = st.columns([1.4, 1.6, 1, 1])
    called = name.text_input(
        said("Name of the workspace"),
        key="set-up-name",
        max_chars=60,
        placeholder="support-desk",
        help=said("Letters, digits, dots, dashes and underscores."),
    )
    site = _site(zone, start, shown)
    found = imports.examined(site, None)
    if found is None or found.report.history is None:
        return
    scenario = first_scenario(found.report.history, site)
    _summary(scenario)
    st.button(
        said("Make the workspace"),
        type="primary",
        icon=text.onward(),
        disabled=not called,
        on_click=_make,
        args=(called, scenario, found),
        help=None if called else said("It needs a name."),
    )
    if error := st.session_state.pop(REFUSED, None):
        st.error("\n\n".join(told(error)), icon=":material/error:")


def _site(zone: Any, start: Any, shown: Any) -> SiteCalendar:
    zones = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    own = st.context.timezone
    timezone = zone.selectbox(
        said("Time zone"), zones, zones.index(own) if own in zones else zones.index("UTC"), key="set-up-zone"
    )
    first = start.selectbox(
        said("Weeks begin on"),
        list(WEEKDAYS),
        WEEKDAYS.index(FIRST_DAYS.get(timezone, "monday")),
        format_func=weekday,
        key=f"set-up-start-{timezone}",
    )
    display = shown.selectbox(
        said("Dates are shown as"),
        list(CALENDARS),
        1 if timezone == "Asia/Tehran" else 0,
        format_func=lambda one: said(CALENDARS[one]),
        key=f"set-up-display-{timezone}",
    )
    weekend: tuple[Weekday, ...] = ("friday",) if timezone == "Asia/Tehran" else ("saturday", "sunday")
    return SiteCalendar(timezone=timezone, week_start=first, display=display, weekend=weekend)


def first_scenario(history: History, site: SiteCalendar) -> Scenario:
    """A workspace as the history suggests it: queues, hours, and common shifts and contracts within them."""
    from staffing.domain.scenario import Scenario
    from staffing.domain.starting import contract_kinds, shift_kinds
    from staffing.planner import beginning

    opening = beginning.first_opening(history)
    named = site.model_copy(update={"opening": opening, "interval_min": beginning.planning_interval(history)})
    return Scenario.parse(
        {
            "site": named.model_dump(),
            "queues": beginning.first_queues(history),
            "shifts": [shift.model_dump() for shift in shift_kinds(opening)],
            "contracts": [contract.model_dump() for contract in contract_kinds()],
        }
    )


def _summary(scenario: Scenario) -> None:
    from staffing.ui.setting_up.hours import in_words

    queues = text.listed(f"{queue.name} ({text.seconds(queue.aht_s)})" for queue in scenario.queues)
    st.info(
        said(
            "Found: {queues}. Open: {hours}. Planned in intervals of {minutes} minutes.",
            queues=queues,
            hours=in_words(scenario.site),
            minutes=text.count(scenario.site.interval_min),
        ),
        icon=":material/search:",
    )


def _make(name: str, scenario: Scenario, found: imports.Examined) -> None:
    """Lay the workspace in the database, its history and base with it, and go on with the next step."""
    from staffing.history import keep_answers
    from staffing.store import rights
    from staffing.store.base import Base
    from staffing.store.sql.stored import lay_stored

    try:
        made = lay_stored(name.strip(), user())
        with made.ground.bulk_change(user()):
            imports.put(made.history_folder, found)
            if found.answers:
                keep_answers(made.history_folder, found.answers)
        Base(made, user()).begin(scenario)
        if signed_in():
            rights.give(made.ground, user(), rights.Role.admin)
    except StaffingError as error:
        st.session_state[REFUSED] = error
        return
    for choice in ("scenario", "week"):
        st.session_state.pop(choice, None)
    st.session_state["workspace"] = made.place
    st.session_state["step"] = "queues"
