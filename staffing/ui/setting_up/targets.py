"""What customers are promised, and what takes people off the phone."""

from __future__ import annotations

import streamlit as st

from staffing.domain.service import DEFINITION_TEXT, SPAN_TEXT
from staffing.language import text as said
from staffing.ui import terms
from staffing.ui.setting_up.setting import Setting, choice, number


def step(setting: Setting) -> None:
    """The promise of the whole site; a queue's own is set on the Staffing page."""
    service = setting.scenario.service
    one, two, three = st.columns(3, gap="large")
    number(setting, one, said("Answered, %"), "service.service_level", scale=100.0, low=1.0, high=99.9)
    number(setting, one, said("Within, s"), "service.threshold_s", high=86_400.0)
    choice(
        setting,
        one,
        said("Counted as"),
        "service.definition",
        list(DEFINITION_TEXT),
        lambda name: terms.definition(service, name),
    )
    choice(setting, two, said("Kept"), "service.over", list(SPAN_TEXT), terms.span)
    number(setting, two, said("On so many days, %"), "service.meet", scale=100.0, low=1.0, high=99.0,
           help=said("Staff for nine days in ten instead of for the mean. Empty: for the mean."))  # fmt: skip
    number(setting, two, said("Occupancy at most, %"), "service.max_occupancy", scale=100.0, low=1.0, high=99.9)
    number(setting, three, said("Planned time off the phone, %"), "shrinkage.planned", scale=100.0, high=89.0,
           help=said("Meetings, coaching, training; breaks are placed by the roster."))  # fmt: skip
    number(setting, three, said("Unplanned time off the phone, %"), "shrinkage.unplanned", scale=100.0, high=89.0,
           help=said("Sickness and lateness."))  # fmt: skip
    st.caption(said("The promise: {promise}.", promise=terms.promise(setting.scenario.service)))
