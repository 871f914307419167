"""From a file to a workspace: each step checked where it is typed, kept at once, and taken back with a press."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from staffing.language import digits, marked
from staffing.language import text as said
from staffing.store.base import Base
from staffing.ui import text
from staffing.ui.messages import clear_errors, show_error
from staffing.ui.setting_up import begin, hours, people, prices, queues, ready, rules, shifts, special_days, targets
from staffing.ui.setting_up.setting import Setting, begin_anew
from staffing.ui.state import Desk
from staffing.ui.who import user

STEPS: dict[str, tuple[str, Callable[[Setting], None] | None]] = {
    "file": (marked("File"), None),
    "queues": (marked("Queues"), queues.step),
    "hours": (marked("Hours"), hours.step),
    "targets": (marked("Targets"), targets.step),
    "days": (marked("Special days"), special_days.step),
    "shifts": (marked("Shifts"), shifts.step),
    "people": (marked("People"), people.step),
    "rules": (marked("Rules"), rules.step),
    "prices": (marked("Prices"), prices.step),
    "ready": (marked("Ready"), None),
}


def page(desk: Desk | None) -> None:
    """The road; without a workspace its first step alone."""
    st.title(said("Set up"))
    step = _road(begins=desk is None)
    if desk is None or step == "file":
        begin.panel()
        return
    st.caption(said("Workspace {name}. Every change is kept at once.", name=desk.workspace.folder.name))
    setting = Setting(Base(desk.workspace, user()), desk.history)
    draw = STEPS[step][1]
    if draw is None:
        ready.step(setting, desk)
    else:
        draw(setting)
    _ways(setting, step)


def _road(*, begins: bool) -> str:
    """Which step is looked at; it stands in the address."""
    names = ["file"] if begins else list(STEPS)
    asked = st.session_state.get("step") or st.query_params.get("step")
    st.session_state["step"] = asked if asked in names else "file"
    numbered = {name: f"{digits(str(k))} {said(STEPS[name][0])}" for k, name in enumerate(STEPS, 1)}
    st.pills(said("Step"), names, key="step", format_func=numbered.__getitem__, label_visibility="collapsed",
             required=True)  # fmt: skip
    step: str = st.session_state["step"] or "file"
    st.query_params["step"] = step
    return step


def _ways(setting: Setting, step: str) -> None:
    """Back, undo, on."""
    names = list(STEPS)
    place = names.index(step)
    st.divider()
    back, undo, _, on = st.columns([1, 1.3, 2, 1])
    back.button(said("Back"), icon=text.onward(back=True), on_click=_go, args=(names[place - 1],), width="stretch")
    steps = setting.base.steps
    undo.button(
        said("Undo the last change"),
        icon=":material/undo:",
        disabled=not steps,
        on_click=_undo,
        args=(setting,),
        width="stretch",
    )
    if place + 1 < len(names):
        on.button(said("Next"), icon=text.onward(), type="primary", on_click=_go,
                  args=(names[place + 1],), width="stretch")  # fmt: skip


def _go(step: str) -> None:
    st.session_state["step"] = step


def _undo(setting: Setting) -> None:
    if setting.attempt(setting.base.undo, "undo"):
        begin_anew()


if __name__ == "__main__":
    with clear_errors():
        problem = st.session_state.pop("problem", None)
        if problem is not None:
            show_error(problem)
        page(st.session_state.get("desk"))
