"""What can be done with a scenario itself: rename, delete, make it the baseline, compare it with what it stands on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from staffing.errors import StaffingError
from staffing.language import text as said
from staffing.store.scenario_archive import archive, archived, restore
from staffing.ui import drafts, state, text
from staffing.ui.messages import show_error
from staffing.ui.who import user


def menu(desk: state.Desk) -> None:
    """The menu beneath the draft's buttons."""
    base = desk.name == "base"
    with st.popover(said("Scenario"), icon=":material/account_tree:", width="stretch"):
        parent = "" if base else desk.workspace.parent(desk.name)
        if parent:
            st.caption(said("Stands on {name}.", name=text.escape(parent)))
            if st.button(said("Compare with {name}", name=parent), icon=":material/balance:", width="stretch"):
                st.session_state["compare"] = [parent, desk.name]
                st.switch_page(st.session_state["pages"]["compare"])
        for label, icon, dialog in (
            (said("Rename"), ":material/edit:", _rename),
            (said("Make it the baseline"), ":material/flag:", _baseline),
            (said("Archive"), ":material/archive:", _archive),
            (said("Delete"), ":material/delete:", _delete),
        ):
            if st.button(label, icon=icon, width="stretch", disabled=base or desk.draft.changed):
                st.dialog(label)(dialog)(desk)
        if base:
            st.caption(said("The base itself stays: duplicate it, and change that."))
        elif desk.draft.changed:
            st.caption(said("Save or reset your draft first."))
        _archived(desk)


def _archived(desk: state.Desk) -> None:
    """Scenarios that were put aside, each with a way back."""
    names = archived(desk.workspace)
    if not names:
        return
    st.divider()
    st.caption(said("In the archive"))
    for name in names:
        label = said("Take {name} out", name=text.escape(name))
        if st.button(label, key=f"restore-{name}", icon=":material/unarchive:", width="stretch"):
            _do(desk, partial(restore, desk.workspace, name, user()), then=name)


def _rename(desk: state.Desk) -> None:
    name = st.text_input(said("Name"), desk.name, max_chars=60)
    if st.button(said("Rename"), key="rename-confirmed", type="primary"):
        _do(desk, lambda: desk.workspace.rename_scenario(desk.name, name.strip(), user()), then=name.strip())


def _delete(desk: state.Desk) -> None:
    st.markdown(said("Scenario **{name}** goes for everybody.", name=text.escape(desk.name)))
    if st.button(said("Delete"), key="delete-confirmed", type="primary"):
        _do(desk, lambda: desk.workspace.delete_scenario(desk.name, user()), then="base")


def _archive(desk: state.Desk) -> None:
    words = said("Scenario **{name}** is put aside as it is; no list offers it, and it can be taken out again.",
                 name=text.escape(desk.name))  # fmt: skip
    st.markdown(words)
    if st.button(said("Archive"), key="archive-confirmed", type="primary"):
        _do(desk, lambda: archive(desk.workspace, desk.name, user()), then="base")


def _baseline(desk: state.Desk) -> None:
    st.markdown(
        said(
            "The base becomes what **{name}** is. Scenarios that stand on the base stand on the new one.",
            name=text.escape(desk.name),
        )
    )
    if st.button(said("Make it the baseline"), key="baseline-confirmed", type="primary"):
        _do(desk, lambda: desk.workspace.make_baseline(desk.name, user()), then="base")


def _do(desk: state.Desk, change: Callable[[], object], then: str) -> None:
    """Make the change and turn to the scenario that is then looked at; what is wrong is said in the dialog."""
    try:
        change()
    except StaffingError as error:
        show_error(error)
        return
    drafts.set_draft(desk.workspace, desk.name, None)
    st.query_params["scenario"] = then
    st.session_state.pop("scenario", None)
    st.rerun()
