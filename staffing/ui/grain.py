"""In what steps figures are shown: 15, 30, 60 minutes or days, as far as the site's own interval allows."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from staffing.domain.calendar import DAY_MIN
from staffing.evaluation.grains import offered
from staffing.language import digits
from staffing.language import text as said
from staffing.ui import address, text, views
from staffing.ui.state import Desk


def label(minutes: int) -> str:
    """``30 min``, ``day``."""
    return said("day") if minutes == DAY_MIN else said("{count} min", count=digits(str(minutes)))


def choose(desk: Desk, page: str) -> tuple[dt.date | None, int]:
    """A day of the week, or none for all of it, and the length of a step in minutes; both stand in the address.

    Args:
        desk: site and week.
        page: names the page's widgets.

    Returns:
        The day and the step.
    """
    days_box, steps_box = st.columns([3, 2], vertical_alignment="bottom")
    days = views.days_of(desk.week)
    address.stand(f"{page}-day", days, name="day")
    day = days_box.pills(
        said("Day"),
        days,
        format_func=lambda day: text.day_number(day, desk.site),
        key=f"{page}-day",
        help=said("Pick a day to see it alone; none shows the week."),
    )
    own = desk.site.interval_min
    steps = offered(own)
    address.stand(f"{page}-step", steps, own, name="step")
    step = steps_box.pills(
        said("Steps"),
        steps,
        format_func=label,
        key=f"{page}-step",
        required=True,
        help=said(
            "Plans are made in intervals of {count} minutes; finer steps there are none.", count=digits(str(own))
        ),
    )
    return day, step or own


def queue(names: list[str], page: str) -> str:
    """One of several queues; it stands in the address and stays over pages.

    Args:
        names: of queues and totals.
        page: names the page's widget.

    Returns:
        The queue's name.
    """
    address.stand(f"{page}-queue", names, names[0], name="queue")
    chosen: str = st.selectbox(said("Queue"), names, key=f"{page}-queue")
    return chosen
