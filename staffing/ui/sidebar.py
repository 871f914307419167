"""What is on the desk: workspace, scenario and week, and the state of the planner's draft."""

from __future__ import annotations

import datetime as dt
import html

import streamlit as st

from staffing.domain.changes import difference
from staffing.errors import Conflict, InputError, StaffingError, Where
from staffing.language import date_text, marked, ntext, spoken
from staffing.language import text as said
from staffing.store.drafts import Draft, as_saved
from staffing.ui import address, drafts, imports, lever_panel, reading, scenario_menu, session, state, text, workspaces
from staffing.ui.drafts import changes, save, value, words
from staffing.ui.messages import show_error
from staffing.ui.presence import others_here
from staffing.ui.setting_up.words import weekday
from staffing.ui.who import signed_in, signs_out, user

WEEKS_BACK, WEEKS_AHEAD = 8, 52
HERE = marked("Whose window shows the same week of this workspace. What they keep, you see at your next step.")


def show(*, needed: bool) -> bool:
    """Draw the sidebar and put the desk in the session; whether the page can be shown.

    A page that needs no workspace is shown even when there is none that opens.
    """
    session.begin_run()
    with st.sidebar:
        st.markdown("## staffing")
        reading.choose()
        try:
            st.session_state["desk"] = desk = _choose()
        except StaffingError as error:
            problem = error
            st.session_state.pop("desk", None)
        else:
            lever_panel.panel(desk)
            _draft_panel(desk)
            scenario_menu.menu(desk)
            _people(desk)
            _facts(desk)
            return True
    if needed:
        _without_a_desk(problem)
    return not needed


def _without_a_desk(problem: StaffingError) -> None:
    """What stands in place of a page where there is no desk: the way to one."""
    workspace = workspaces.without_history(st.session_state.get("workspace", ""))
    if workspace is not None:
        st.title(said("No history yet"))
        imports.first(workspace)
        return
    show_error(problem)
    setup = st.session_state["pages"]["setup"]
    st.page_link(setup, label=said("Set up a workspace"), icon=":material/construction:")


def _choose() -> state.Desk:
    places = workspaces.places()
    if not places:
        if isinstance(problem := st.session_state.pop("problem", None), StaffingError):
            raise problem
        remedy = said("Ask its admin for a role.") if signed_in() else said("Start with: staffing app FOLDER")
        raise InputError("there is no workspace to open.", remedy=remedy)
    address.stand("workspace", list(places), next(iter(places)))
    label = st.selectbox(
        said("Workspace"),
        list(places),
        key="workspace",
        on_change=_other_workspace,
        help=said(
            "A site's history, events, people and scenarios. The operator of this server decides which are offered."
        ),
    )
    place = places[label]
    workspace = workspaces.opened(place, workspaces.stamp_of(place))
    past = workspace.history_folder
    with st.spinner(said("Reading the history …")):
        history = workspaces.read(past, workspace.base.site, workspaces.files_stamp(past))
    names = list(workspace.scenario_names)
    labels = {
        name: said("{name} · draft", name=name) if drafts.draft_of(workspace, name).changed else name for name in names
    }
    address.stand("scenario", names, names[0])
    name = st.selectbox(
        said("Scenario"),
        names,
        key="scenario",
        format_func=labels.__getitem__,
        help=said(
            "The base plan, or the base with named changes. What you change stays your private draft until you save."
        ),
    )
    return state.Desk(workspace, history, workspaces.stages(workspace.cache_folder), name, _week(workspace, history))


def _week(workspace: state.Workspace, history: state.History) -> dt.date:
    from staffing.planner import Planner

    coming = Planner(history).next_week(workspace.base)
    weeks = [coming + dt.timedelta(weeks=k) for k in range(-WEEKS_BACK, WEEKS_AHEAD + 1)]
    known = {week.isoformat(): week for week in weeks}
    address.stand("week", list(known), coming.isoformat())
    chosen = known[
        st.selectbox(
            said("Week"),
            list(known),
            key="week",
            format_func=lambda key: text.spoken_week(known[key], workspace.base.site),
            help=said(
                "The week that is forecast, staffed and rostered. The first one after the history's end "
                "begins on {coming}.",
                coming=date_text(coming, workspace.base.site),
            ),
        )
    ]
    if workspace.base.site.display == "jalali" and spoken().code != "fa":
        st.caption(text.jalali_week(chosen))
    return chosen


def _other_workspace() -> None:
    address.forget("scenario", "week")


def _draft_panel(desk: state.Desk) -> None:
    draft = desk.draft
    made = changes(draft.saved, draft.current)
    with st.container(border=True):
        if draft.changed:
            st.badge(
                ntext("Draft · {shown} change", "Draft · {shown} changes", len(made), shown=text.count(len(made))),
                icon=":material/edit:",
                color="orange",
            )
            st.caption(
                said("Only you see it. It is kept, here and in your other browsers, until you save or reset it.")
            )
            with st.popover(said("What changed"), width="stretch"):
                st.dataframe(
                    [{"what": what, "before": before, "after": after} for what, before, after in made], hide_index=True
                )
        else:
            st.badge(said("As saved"), icon=":material/check:", color="green")
            if draft.saved.description:
                st.caption(text.escape(draft.saved.description))
        others = drafts.drafts_of(desk.workspace).others(desk.name)
        if others:
            st.caption(said("Also at work on this scenario: {names}", names=text.escape(text.listed(others))))
        left, middle = st.columns(2)
        undo, redo, reset = draft.undone(), draft.redone(), draft.reset()
        middle.button(
            said("Redo"),
            on_click=_replace,
            args=(desk, redo),
            disabled=redo is draft,
            icon=":material/redo:",
            width="stretch",
        )
        left.button(
            said("Undo"),
            on_click=_replace,
            args=(desk, undo),
            disabled=undo is draft,
            icon=":material/undo:",
            width="stretch",
        )
        st.button(
            said("Reset"),
            on_click=_replace,
            args=(desk, reset),
            disabled=not draft.changed,
            icon=":material/restart_alt:",
            width="stretch",
            help=said("Back to the scenario as saved. Undo brings the changes back."),
        )
        if st.session_state.get("conflict") == (desk.workspace.folder, desk.name):
            _choose_between(desk)
        if st.button(said("Save"), disabled=not draft.changed, type="primary", icon=":material/save:", width="stretch"):
            _save_dialog(desk, draft.saved.name)
        if st.button(
            said("Duplicate"), icon=":material/content_copy:", width="stretch", help=said("Save under another name.")
        ):
            _save_dialog(desk, "")


def _replace(desk: state.Desk, draft: Draft) -> None:
    drafts.set_draft(desk.workspace, desk.name, draft)


def _save_dialog(desk: state.Desk, name: str) -> None:
    st.dialog(said("Save the scenario"))(_save_form)(desk, name)


def _save_form(desk: state.Desk, name: str) -> None:
    st.caption(said("Everyone who opens this workspace will see it."))
    if name:
        st.markdown(said("Scenario **{name}** will be replaced by your draft.", name=text.escape(name)))
    else:
        name = st.text_input(
            said("Name"),
            max_chars=60,
            placeholder=f"{desk.name}-2",
            help=said("Letters, digits, dots, dashes and underscores."),
        )
    description = st.text_area(said("What is it for?"), desk.scenario.description, max_chars=300)
    if st.button(said("Save"), type="primary", key="save-confirmed"):
        try:
            _save(desk, name.strip(), description.strip())
        except Conflict:
            st.session_state["conflict"] = (desk.workspace.folder, desk.name)
            st.rerun()
        except StaffingError as error:
            show_error(error)
        else:
            st.rerun()


def _choose_between(desk: state.Desk) -> None:
    """Somebody else saved this scenario meanwhile: what differs, field by field, and two ways to keep both."""
    there = as_saved(desk.workspace, desk.name)
    theirs = there.saved
    st.warning(
        said("Somebody else saved this scenario meanwhile. Nothing of yours or theirs is lost."),
        icon=":material/group:",
    )
    saved = {path: (before, after) for path, before, after in difference(desk.draft.saved, theirs)}
    st.markdown(said("What they changed:"))
    st.dataframe(
        [{"what": words(path), "before": value(old), "theirs": value(new)} for path, (old, new) in saved.items()],
        hide_index=True,
    )
    both = desk.draft.clashes(theirs)
    if both:
        st.markdown(said("What both of you changed:"))
        st.dataframe(
            [{"what": words(path), "yours": value(mine), "theirs": value(other)} for path, mine, other in both],
            hide_index=True,
        )
    left, right = st.columns(2)
    for column, mine, label in (
        (left, True, said("Both; yours where both changed")),
        (right, False, said("Both; theirs there")),
    ):
        column.button(label, key=f"merge-{mine}", on_click=_merge, args=(desk, there, mine), width="stretch")


def _merge(desk: state.Desk, there: Draft, mine: bool) -> None:
    """Lay the draft over what was saved, as it was shown; it can then be looked at and saved."""
    try:
        draft = desk.draft.onto(there.saved, there.seen, mine=mine)
    except StaffingError as error:
        st.session_state["problem"] = error
    else:
        del st.session_state["conflict"]
        drafts.set_draft(desk.workspace, desk.name, draft)


def _save(desk: state.Desk, name: str, description: str) -> None:
    if not name:
        raise InputError("is missing.", where=Where(field="name"), remedy="Give the scenario a name.")
    if name != desk.name and name in desk.workspace.scenario_names:
        raise InputError(f"there is a scenario '{text.short(name)}' already.", remedy="Choose another name.")
    save(desk.workspace, desk.draft, name, description, user())
    drafts.set_draft(desk.workspace, desk.name, None)
    st.query_params["scenario"] = name
    del st.session_state["scenario"]


def _people(desk: state.Desk) -> None:
    """Who else is on this week, and the way out for who is signed in."""
    me = user()
    others = others_here(me, str(desk.workspace.folder), str(desk.week))
    if others:
        st.caption(said("Also on this week now: {names}", names=text.escape(text.listed(others))), help=said(HERE))
    if signs_out():
        out = f'<a href="/sign-out" target="_self">{html.escape(said("Sign out"))}</a>'
        st.html(f"<small>{html.escape(said('Signed in as {name}', name=me))} · {out}</small>")


def _facts(desk: state.Desk) -> None:
    site = desk.site
    calendar = said("Jalali dates") if site.display == "jalali" else said("Gregorian dates")
    st.caption(
        said(
            "{timezone} · {interval_min}-minute intervals · weeks from {weekday} · {calendar}",
            timezone=text.escape(site.timezone),
            interval_min=text.count(site.interval_min),
            weekday=weekday(site.week_start),
            calendar=calendar,
        )
    )
