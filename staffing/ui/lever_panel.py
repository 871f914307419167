"""The levers at hand on every page: the site's and each queue's, in the bar beside the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from staffing.domain.demand import LIVE
from staffing.domain.patches import REMOVE
from staffing.domain.scenario import Scenario
from staffing.language import text as said
from staffing.ui import text
from staffing.ui.state import Desk


def panel(desk: Desk) -> None:
    """All levers that every page answers to; each change is a step of the draft."""
    with st.popover(said("Levers"), icon=":material/tune:", width="stretch"):
        st.caption(said("What you change here is a step of your draft; every page answers to it."))
        st.markdown(f"**{said('The whole site')}**")
        left, right = st.columns(2)
        _share(desk, left, said("Volume, %"), ("volume_factor",), high=2000.0)
        _share(desk, right, said("Handle time, %"), ("aht_factor",), high=2000.0)
        _share(desk, left, said("Planned shrinkage, %"), ("shrinkage", "planned"), high=89.0, low=0.0)
        _share(desk, right, said("Unplanned shrinkage, %"), ("shrinkage", "unplanned"), high=89.0, low=0.0)
        _share(desk, left, said("Answered, %"), ("service", "service_level"), high=99.9)
        _number(desk, right, said("Within, s"), ("service", "threshold_s"), high=86_400.0)
        st.markdown(f"**{said('One queue')}**")
        names = [queue.name for queue in desk.scenario.queues]
        _queue(desk, st.selectbox(said("Queue"), names, format_func=text.short, key="lever-queue") or names[0])


def _queue(desk: Desk, name: str) -> None:
    """The levers that a queue of this channel has."""
    queue = desk.scenario.queue(name)
    left, right = st.columns(2)
    own = ("queues", name)
    _share(desk, left, said("Volume, %"), (*own, "volume_factor"), high=2000.0)
    _share(desk, right, said("Handle time, %"), (*own, "aht_factor"), high=2000.0)
    _share(desk, left, said("Settled by self-service, %"), (*own, "contained"), high=99.0, low=0.0,
           help=said("Of the contacts that would come; in addition to what history holds already."))  # fmt: skip
    _share(desk, right, said("Handled by automation, %"), (*own, "automated"), high=99.0, low=0.0,
           help=said("Of the handle time: summaries, look-ups and forms that agents no longer do."))  # fmt: skip
    if queue.channel == "voice":
        _share(desk, left, said("First-contact resolution, %"), (*own, "resolution"), high=100.0,
               help=said("The others come back, beyond those that history holds: 100 leaves it as it is."))  # fmt: skip
        _share(desk, right, said("Call again after hanging up, %"), (*own, "redial_share"), high=99.0, low=0.0)
    if queue.channel in LIVE:
        _number(desk, left, said("Patience, s"), (*own, "patience_s"), low=1.0, high=86_400.0)
        _share(desk, left, said("Its own target, %"), (*own, "service", "service_level"), high=99.9,
               help=said("Empty: the site's."))  # fmt: skip
        _number(desk, right, said("Its own, within, s"), (*own, "service", "threshold_s"), high=86_400.0)
    else:
        _number(desk, left, said("Due within, min"), (*own, "deadline_min"), low=1.0, high=525_600.0)
    if queue.channel == "chat":
        _number(desk, right, said("Chats at once"), (*own, "concurrency"), low=1.0, high=20.0)


def _share(
    desk: Desk, place: Any, label: str, path: tuple[str, ...], *, high: float, low: float = 0.1, help: str = ""
) -> None:
    _number(desk, place, label, path, low=low, high=high, scale=100.0, help=help)


def _number(
    desk: Desk, place: Any, label: str, path: tuple[str, ...], *, high: float, low: float = 0.0, scale: float = 1.0,
    help: str = "",
) -> None:  # fmt: skip
    """One number of the draft; empty goes back to what it is without the lever."""
    key, value = f"lever-{'.'.join(path)}/{desk.version}", _at(desk.scenario, path)

    def take() -> None:
        typed = st.session_state[key]
        plain = REMOVE if typed is None else round(typed / scale, 8)
        desk.attempt(lambda scenario: scenario.patched(patch_of(path, plain)))

    shown = None if value is None else round(float(value) * scale, 6)
    # With a default of its own a field could not be emptied again, and what is told in one run alone a panel that is
    # opened later does not show: it would be taken for emptied.
    st.session_state[key] = st.session_state.get(key, shown)
    place.number_input(label, low, high, None, 1.0, format="%0.6g", key=key, on_change=take, help=help or None)


def patch_of(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The patch of one field; ``("queues", NAME, …)`` is a field of that queue. A queue's own promise goes whole."""
    if path[0] == "queues":
        own = path[2:]
        if own == ("service", "service_level") and value == REMOVE:
            own = ("service",)
        return {"queues": [{"name": path[1], **patch_of(own, value)}]}
    return {path[0]: patch_of(path[1:], value) if len(path) > 1 else value}


def _at(scenario: Scenario, path: tuple[str, ...]) -> Any:
    """The value of a field; None where a queue has no promise of its own."""
    found: Any = scenario.queue(path[1]) if path[0] == "queues" else scenario
    for part in path[2:] if path[0] == "queues" else path:
        found = getattr(found, part, None)
    return found
