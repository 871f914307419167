"""Goals set in fields: one figure of the pyramid at a time, what is wrong beside its field, each change taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import streamlit as st

from staffing.domain.goals import LEVELS, Goal, Goals
from staffing.errors import InputErrors, StaffingError
from staffing.language import heard, marked
from staffing.language import text as said
from staffing.store.goals import keep_goals, steps, take_back, written
from staffing.ui import text
from staffing.ui.who import user

if TYPE_CHECKING:
    from collections.abc import Callable

    from staffing.ui.state import Desk

HEADS = {
    "company": marked("The company's goal"),
    "strategic": marked("Strategic"),
    "operational": marked("Operational"),
    "team": marked("What teams move"),
}
LEVERS = {
    "": marked("no page"),
    "history": marked("History"),
    "events": marked("Events"),
    "forecast": marked("Forecast"),
    "staffing": marked("Staffing"),
    "roster": marked("Roster"),
    "compare": marked("Compare"),
    "setup": marked("Set up"),
}
FIGURES = {
    "": marked("a survey's"),
    "service_level": marked("Service level"),
    "p_day_meets_target": marked("Days that keep their promise"),
    "abandonment": marked("Abandonment"),
    "asa_s": marked("Mean wait"),
    "occupancy": marked("Occupancy"),
    "short_hours": marked("Hours short"),
    "excess_hours": marked("Hours over"),
    "paid_hours": marked("Paid hours"),
    "cost": marked("Cost"),
    "cost_per_contact": marked("Cost per contact"),
    "wishes_kept": marked("Wishes kept"),
    "overrun_hours": marked("Overrun of shifts"),
}
BETTER = {"high": marked("high"), "low": marked("low")}
UNITS = {"share": marked("%"), "s": marked("seconds"), "h": marked("hours"), "money": marked("money")}
NEW = ""
LIFE = "goals-life"  # of the session: fields begin anew when it changes
FAULTS = "goals-faults"  # of the session: fields, and why what stands in them was not kept
NEXT = "goals-next"  # of the session: the figure to open once it is kept
PICKED = "goals-picked"  # of the session: the figure whose fields are open


def fields(desk: Desk, made: Goals) -> None:
    """Choose a figure, or a new one; its fields; keep, take out, undo."""
    with st.expander(said("Set the goals"), icon=":material/edit:"):
        names = [goal.name for goal in made.goals]
        st.session_state[PICKED] = st.session_state.pop(NEXT, st.session_state.get(PICKED))
        if st.session_state.get(PICKED) not in (NEW, *names):
            st.session_state[PICKED] = names[0] if names else NEW
        st.selectbox(
            said("Figure"),
            [*names, NEW],
            key=PICKED,
            format_func=lambda name: said(name) if name else said("A new one"),
        )
        goal = next((one for one in made.goals if one.name == st.session_state[PICKED]), None)
        asked = _asked(made, goal)
        keep, gone, undo = st.columns(3)
        if keep.button(said("Keep this goal"), type="primary", icon=":material/save:", width="stretch"):
            _try(lambda: _keep(desk, made, goal, asked))
        if gone.button(said("Take it out"), icon=":material/delete:", width="stretch", disabled=goal is None):
            _try(lambda: _take_out(desk, made, goal))
        undo.button(
            said("Undo the last change"), icon=":material/undo:", width="stretch", key="goals-undo",
            disabled=not steps(user()).count(desk.workspace.ground), on_click=_undo, args=(desk,),
        )  # fmt: skip


def _asked(made: Goals, goal: Goal | None) -> dict[str, Any]:
    """What stands in the fields, as the goal is written."""
    key = f"{st.session_state[PICKED]}/{st.session_state.get(LIFE, 0)}"
    one, two, three = st.columns(3, gap="large")
    told: dict[str, Any] = {}
    told["name"] = one.text_input(said("Name"), goal.name if goal else "", 80, key=f"goals-name/{key}")
    _fault("name", one)
    told["level"] = _choice(one, said("Level"), "level", HEADS, goal.level if goal else "operational", key)
    higher = [each for each in made.goals if LEVELS.index(each.level) < LEVELS.index(told["level"])]
    above = {each.name: each.name for each in higher if goal is None or each.name != goal.name}
    if told["level"] != "company":
        told["above"] = _choice(one, said("Serves"), "above", above, goal.above if goal else "", key) or ""
    told["figure"] = _choice(two, said("Measured by"), "figure", FIGURES, goal.figure if goal else "", key)
    told["unit"] = _choice(
        two, said("Unit"), "unit", UNITS | ({goal.unit: goal.unit} if goal and goal.unit not in UNITS else {}),
        goal.unit if goal else "share", key,
    )  # fmt: skip
    scale = 100.0 if told["unit"] == "share" else 1.0
    target = _number(two, said("Target"), "target", goal.target if goal else None, scale, key)
    told["better"] = _choice(two, said("Good is"), "better", BETTER, goal.better if goal else "high", key)
    told["lever"] = _choice(three, said("Moved on"), "lever", LEVERS, goal.lever if goal else "", key)
    survey = {} if told["figure"] else _survey(three, goal, scale, key)
    return told | ({} if target is None else {"target": target}) | ({"survey": survey} if survey else {})


def _survey(place: Any, goal: Goal | None, scale: float, key: str) -> dict[str, Any]:
    """What people answered, with how many did: a figure says little without."""
    kept = goal.survey if goal is not None else None
    told: dict[str, Any] = {
        "value": _number(place, said("Survey says"), "value", kept.value if kept else None, scale, key)
    }
    for name, label in (("answered", said("Answered by")), ("asked", said("Of so many asked"))):
        was = getattr(kept, name) if kept is not None else None
        told[name] = place.number_input(label, 0, 100_000_000, was, 1, key=f"goals-{name}/{key}")
        _fault(name, place)
    if told["asked"] and told["answered"] is not None:
        place.caption(said("{share} answered", share=text.share(told["answered"] / told["asked"], 0)))
    if kept is not None and kept.until is not None:
        told["until"] = kept.until
    given = {name: value for name, value in told.items() if value is not None}
    return given if set(given) - {"until"} else {}


def _choice(place: Any, label: str, name: str, among: dict[str, str], value: str, key: str) -> str:
    options = list(among)
    index = options.index(value) if value in options else 0 if options else None
    chosen: str = place.selectbox(
        label, options, index, format_func=lambda one: said(among[one]), key=f"goals-{name}/{key}"
    )
    _fault(name, place)
    return chosen


def _number(place: Any, label: str, name: str, value: float | None, scale: float, key: str) -> float | None:
    shown = None if value is None else round(value * scale, 6)
    typed = place.number_input(
        f"{label}, %" if scale > 1 else label, value=shown, step=1.0, format="%0.6g", key=f"goals-{name}/{key}/{scale}"
    )
    _fault(name, place)
    return None if typed is None else round(float(typed) / scale, 8)


def _fault(name: str, place: Any) -> None:
    told = st.session_state.get(FAULTS, {}).get(name)
    if told:
        place.error(text.escape(told), icon=":material/error:")


def _try(change: Callable[[], None]) -> None:
    """A change, or why it is refused, beside the field that is to blame; what was typed stays."""
    try:
        change()
    except StaffingError as error:
        problems = error.problems if isinstance(error, InputErrors) else (error,)
        st.session_state[FAULTS] = {_field(one): f"{heard(one.what)} {heard(one.remedy)}".strip() for one in problems}
    else:
        _begin_anew()
    st.rerun()


def _field(problem: StaffingError) -> str:
    """The field of a problem that lies in ``goals.3.survey.answered``; the name's, where it has none."""
    last = re.split(r"\W", problem.where.field or "")[-1]
    return last if last in (*Goal.model_fields, "value", "answered", "asked") and last != "survey" else "name"


def _keep(desk: Desk, made: Goals, before: Goal | None, asked: dict[str, Any]) -> None:
    """The goal in its place; those that serve it follow its name."""
    plain = [goal.model_dump(exclude_none=True) for goal in made.goals]
    if before is None:
        plain.append(asked)
    else:
        for one in plain:
            if one.get("above") == before.name:
                one["above"] = asked["name"].strip()
        plain[made.goals.index(before)] = asked
    _write(desk, made, plain)
    st.session_state[NEXT] = asked["name"].strip()


def _take_out(desk: Desk, made: Goals, gone: Goal | None) -> None:
    assert gone is not None
    _write(desk, made, [goal.model_dump(exclude_none=True) for goal in made.goals if goal.name != gone.name])


def _write(desk: Desk, made: Goals, plain: list[dict[str, Any]]) -> None:
    work = [one.model_dump(exclude_none=True) for one in made.proactive]
    keep_goals(desk.workspace, written(Goals.parse({"goals": plain, "proactive": work})), user())


def _undo(desk: Desk) -> None:
    take_back(desk.workspace, user())
    _begin_anew()


def _begin_anew() -> None:
    st.session_state[LIFE] = st.session_state.get(LIFE, 0) + 1
    for gone in (FAULTS, "goals-text"):
        st.session_state.pop(gone, None)
