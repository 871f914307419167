"""The rules of work: a country's as a beginning, with their sources, each to be made stricter or looser; rotations."""

from __future__ import annotations

from functools import partial

import streamlit as st

from staffing.domain.presets import preset, preset_names
from staffing.language import text as said
from staffing.ui import text
from staffing.ui.setting_up import rotations
from staffing.ui.setting_up.setting import Setting, number


def step(setting: Setting) -> None:
    """A press for each preset, where its rules come from, the rules as they stand, and the rotations."""
    rules = setting.scenario.rules
    for place, name in zip(st.columns(3), preset_names(), strict=False):
        told = preset(name)
        place.button(
            text.escape(told["title"]),
            icon=":material/check:" if rules.preset == name else ":material/gavel:",
            key=f"preset-{name}",
            on_click=setting.press,
            args=(partial(_begin_with, setting, name), "preset"),
            width="stretch",
            help=said("Rules, weekend and contract limits as they usually go together; a start, not legal advice."),
        )
    setting.fault("preset")
    if rules.preset:
        told = preset(rules.preset)
        with st.expander(said("What these rules rest on"), icon=":material/menu_book:"):
            st.markdown("\n".join(f"- {text.escape(line)}" for line in [*told["sources"], *told["texts"]]))
    one, two, three = st.columns(3, gap="large")
    number(setting, one, said("Rest between shifts, h"), "rules.min_rest_h", high=48.0)
    number(setting, one, said("Long rest a week, h"), "rules.weekly_rest_h", high=96.0,
           help=said("One rest each week is at least so long. Empty: no such rule."))  # fmt: skip
    number(setting, two, said("Working days in a row"), "rules.max_days_in_row", low=1.0, high=14.0)
    number(setting, two, said("Weekend days a week"), "rules.max_weekend_days", high=3.0,
           help=said("At most. Empty: no limit."))  # fmt: skip
    number(setting, three, said("Nights a week"), "rules.max_nights_per_week", high=7.0,
           help=said("At most. Empty: no limit."))  # fmt: skip
    number(setting, three, said("Night pay on top, %"), "rules.night_allowance", scale=100.0, high=200.0)
    rotations.panel(setting)


def _begin_with(setting: Setting, name: str) -> None:
    """The preset's rules and weekend for the site, and what it says of contracts for each of them."""
    told = preset(name)
    limits = told["contract"]
    start = {"period_start": _some_day(setting)} if "period_weeks" in limits else {}
    contracts = [
        {
            **contract.model_dump(exclude_none=True),
            **{field: value for field, value in limits.items() if field != "max_hours"},
            **start,
        }
        for contract in setting.scenario.contracts
    ]
    site = {**setting.scenario.site.model_dump(), "weekend": told["weekend"]}
    setting.replace(rules={"preset": name}, site=site, contracts=contracts)


def _some_day(setting: Setting) -> object:
    """The first day after history: periods are counted from its week on."""
    return setting.scenario.site.week_of(setting.history.frame["start"].max().date())
