"""The levers of a scenario: service targets, limits, patience and shrinkage, each with its definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from staffing.domain.demand import LIVE
from staffing.domain.patches import REMOVE
from staffing.domain.service import DEFINITION_TEXT, SPAN_TEXT
from staffing.language import marked
from staffing.language import text as said
from staffing.ui import terms, text
from staffing.ui.state import Desk


@dataclass(frozen=True)
class Lever:
    """One number of a scenario, ``table.field``, shown × ``scale`` between ``low`` and ``high``."""

    table: str
    field: str
    label: str
    low: float
    high: float
    help: str
    scale: float = 100.0

    def draw(self, place: Any, desk: Desk) -> None:
        value = getattr(getattr(desk.scenario, self.table), self.field)
        key = f"{self.table}.{self.field}/{desk.version}"
        # with a default of its own, a field could not be emptied again
        st.session_state.setdefault(key, None if value is None else round(value * self.scale, 6))
        place.number_input(
            said(self.label),
            self.low,
            self.high,
            None,
            1.0,
            format="%0.4g",
            key=key,
            on_change=self._take,
            args=(desk, key),
            help=said(self.help),
        )

    def _take(self, desk: Desk, key: str) -> None:
        value = st.session_state[key]
        plain = REMOVE if value is None else round(value / self.scale, 8)
        desk.attempt(lambda scenario: scenario.patched({self.table: {self.field: plain}}))


SERVICE_LEVEL = Lever(
    "service",
    "service_level",
    marked("Target, %"),
    1.0,
    99.9,
    marked("Share of contacts, counted as chosen below. Empty: no target."),
)
THRESHOLD = Lever(
    "service", "threshold_s", marked("Within, s"), 0.0, 86_400.0, marked("The wait that the service level allows."), 1.0
)
FLOOR = Lever(
    "service",
    "floor",
    marked("In every interval, %"),
    1.0,
    99.9,
    marked("The service level that every interval keeps all the same. Empty: none."),
)
MEET = Lever(
    "service",
    "meet",
    marked("Days that hold, %"),
    0.1,
    99.0,
    marked(
        "On so large a share of days the day as a whole keeps all targets; staff is then found from sample paths. "
        "Empty: the mean forecast decides."
    ),
)
ASA = Lever(
    "service",
    "asa_s",
    marked("Mean wait (ASA), s"),
    0.1,
    86_400.0,
    marked("Mean wait of the answered, at most. Empty: no target."),
    1.0,
)
LIMITS = (
    Lever(
        "service",
        "abandonment",
        marked("Abandonment, %"),
        0.1,
        99.0,
        marked("Abandoned ÷ offered, at most. Empty: no target."),
    ),
    Lever(
        "service",
        "max_occupancy",
        marked("Occupancy, %"),
        1.0,
        99.9,
        marked("Share of on-phone time spent handling, at most: people need breath. Empty: no ceiling."),
    ),
)
SHRINKAGE = (
    Lever(
        "shrinkage",
        "planned",
        marked("Planned shrinkage, %"),
        0.0,
        89.0,
        marked(
            "Meetings, coaching, training: known ahead. Breaks and lunch are placed by the roster "
            "and do not belong here."
        ),
    ),
    Lever(
        "shrinkage",
        "unplanned",
        marked("Unplanned shrinkage, %"),
        0.0,
        89.0,
        marked("Sickness and lateness: its share of the time that the planned part leaves."),
    ),
)


def panel(desk: Desk) -> None:
    """All levers in four columns; each change is a step of the draft."""
    headings = (said("Service level"), said("Waiting"), said("Limits"), said("Time lost"))
    columns = st.columns(len(headings))
    for column, heading in zip(columns, headings, strict=True):
        column.markdown(f"**{heading}**")
    level, wait, limits, time = columns
    SERVICE_LEVEL.draw(level, desk)
    THRESHOLD.draw(level, desk)
    MEET.draw(level, desk)
    ASA.draw(wait, desk)
    _patience(wait, desk)
    for lever in LIMITS:
        lever.draw(limits, desk)
    for lever in SHRINKAGE:
        lever.draw(time, desk)
    _shrinkage_from_history(time, desk)
    counted, kept, floor = st.columns([2, 1, 1])
    _definition(counted, desk)
    _over(kept, desk)
    if desk.scenario.service.over != "interval":
        FLOOR.draw(floor, desk)
    own = [queue for queue in desk.scenario.queues if queue.service is not None]
    if own:
        promises = text.series(
            f"{text.escape(queue.name)} ({text.escape(terms.promise_of(desk.scenario, queue.name))})" for queue in own
        )
        st.caption(
            said(
                "Queues with a promise of their own: {promises}. The targets above are for the others.",
                promises=promises,
            )
        )


def _definition(place: Any, desk: Desk) -> None:
    service, key = desk.scenario.service, f"definition/{desk.version}"
    names = list(DEFINITION_TEXT)
    place.selectbox(
        said("Service level counted as"),
        names,
        names.index(service.definition),
        format_func=lambda name: terms.definition(service, name),
        key=key,
        on_change=lambda: desk.attempt(
            lambda scenario: scenario.patched({"service": {"definition": st.session_state[key]}})
        ),
        help=said("The same waits read differently by definition: name the one that you promise."),
    )


def _over(place: Any, desk: Desk) -> None:
    service, key = desk.scenario.service, f"over/{desk.version}"
    names = list(SPAN_TEXT)

    def take() -> None:
        over = st.session_state[key]
        floor = {"floor": REMOVE} if over == "interval" else {}
        desk.attempt(lambda scenario: scenario.patched({"service": {"over": over, **floor}}))

    place.selectbox(
        said("Service level kept"),
        names,
        names.index(service.over),
        format_func=terms.span,
        key=key,
        on_change=take,
        help=said(
            "Over a day or week, weighted by contacts, quiet intervals may make up for busy ones and fewer hours are "
            "needed. The other targets hold in every interval."
        ),
    )


def _shrinkage_from_history(place: Any, desk: Desk) -> None:
    key = f"shrinkage-from-history/{desk.version}"
    place.toggle(
        said("From past attendance"),
        desk.scenario.shrinkage.from_history,
        key=key,
        on_change=lambda: desk.attempt(
            lambda scenario: scenario.patched({"shrinkage": {"from_history": st.session_state[key]}})
        ),
        help=said(
            "Both shares by weekday and time of day, from history's agents scheduled, planned off and present. The "
            "shares above stand in where history does not tell."
        ),
    )


def _patience(place: Any, desk: Desk) -> None:
    live = [queue.name for queue in desk.scenario.queues if queue.channel in LIVE]
    if not live:
        return
    name = live[0] if len(live) == 1 else place.selectbox(said("Patience of"), live, key="patience-queue")
    key = f"patience/{name}/{desk.version}"
    st.session_state.setdefault(key, desk.scenario.queue(name).patience_s)
    place.number_input(
        said("Mean patience, s"),
        1.0,
        86_400.0,
        None,
        10.0,
        format="%0.4g",
        key=key,
        on_change=_set_patience,
        args=(desk, name, key),
        help=said(
            "How long customers wait on average before they hang up. Empty: they never do; more agents are needed."
        ),
    )
    chosen = f"patience-from-history/{name}/{desk.version}"
    place.toggle(
        said("Patience from history"),
        desk.scenario.queue(name).patience_from_history,
        key=chosen,
        on_change=lambda: desk.attempt(
            lambda scenario: scenario.patched(
                {"queues": [{"name": name, "patience_from_history": st.session_state[chosen]}]}
            )
        ),
        help=said(
            "By weekday and time of day, from past abandoned contacts and waits. The patience above stands in where "
            "history does not tell."
        ),
    )


def _set_patience(desk: Desk, name: str, key: str) -> None:
    value = st.session_state[key]
    patch = {"queues": [{"name": name, "patience_s": REMOVE if value is None else value}]}
    desk.attempt(lambda scenario: scenario.patched(patch))
