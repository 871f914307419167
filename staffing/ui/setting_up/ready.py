"""The last step: everything checked, and the way to the first roster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from staffing.errors import StaffingError
from staffing.language import heard
from staffing.language import text as said
from staffing.ui import text, waiting
from staffing.ui.setting_up.setting import Setting, number, told

if TYPE_CHECKING:
    from staffing.ui.state import Desk


def step(setting: Setting, desk: Desk) -> None:
    """What is wrong or worth knowing; where all is well, one press plans the first week."""
    try:
        notes = _checked(setting, desk)
    except StaffingError as error:
        st.error("\n\n".join(told(error)), icon=":material/error:")
        return
    if not setting.scenario.agents:
        st.warning(said("There are no people yet: the week can be forecast, not rostered."), icon=":material/group:")
    else:
        st.success(said("All is well: the first week can be planned."), icon=":material/check_circle:")
    for note in notes:
        st.info(text.escape(heard(note, desk.site)), icon=":material/info:")
    pages = st.session_state["pages"]
    number(
        setting,
        st.columns(3)[0],
        said("Time to look for a roster, s"),
        "solve.seconds",
        step=10.0,
        low=1.0,
        high=3600.0,
        help=said("At most. Large sites find a better one in a longer time; the page can be left meanwhile."),
    )
    left, right = st.columns(2)
    if left.button(
        said("Plan the first week"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=not setting.scenario.agents,
        width="stretch",
        help=said("Forecast, agents needed and a roster for the week after the file's end."),
    ):
        waiting.begin(desk.plan_key(desk.scenario), desk.plan_work(desk.scenario))
        st.switch_page(pages["roster"])
    if right.button(said("Look at the forecast"), icon=":material/show_chart:", width="stretch"):
        st.switch_page(pages["forecast"])


def _checked(setting: Setting, desk: Desk) -> list[str]:
    """What ``staffing check`` says of this workspace. Raises InputErrors."""
    from staffing.planner.checking import odd_attendance, queues_agree, rule_notes, shifts_fit, untold

    scenario, history = setting.scenario, setting.history
    notes = queues_agree(history, scenario)
    history.aggregate(scenario.site.interval_min)
    shifts_fit(scenario, desk.week, desk.workspace.rosters.before)
    return [*history.notes, *notes, *untold(history, scenario), *odd_attendance(history), *rule_notes(scenario)]
