"""What an hour, a missing agent and a lost contact cost; the roster trades them off."""

from __future__ import annotations

import streamlit as st

from staffing.language import text as said
from staffing.ui.setting_up.setting import Setting, number


def step(setting: Setting) -> None:
    """Prices in the site's money."""
    key = f"prices.currency/{setting.life}"

    def take() -> None:
        setting.attempt(lambda: setting.base.change({"prices": {"currency": st.session_state[key]}}), "currency")

    one, two, three = st.columns(3, gap="large")
    one.text_input(said("Money"), setting.scenario.prices.currency, 8, key=key, on_change=take)
    setting.fault("currency", one)
    number(setting, one, said("A paid hour"), "prices.agent_hour")
    number(setting, two, said("An agent too few, an hour"), "prices.shortage_hour",
           help=said("What it is worth to have one more on the phone: several times a paid hour."))  # fmt: skip
    number(setting, two, said("An agent too many, an hour"), "prices.excess_hour")
    number(setting, three, said("A lost contact"), "prices.lost_contact")
    number(setting, three, said("A shift that its person avoids"), "prices.undesired_shift")
