"""The drafts of the planner at this browser: read, kept, saved to the workspace, and told in a planner's words."""

from __future__ import annotations

import streamlit as st

from staffing.domain.changes import difference, patch_between
from staffing.domain.scenario import Scenario
from staffing.errors import InputError, StaffingError, Unwritable
from staffing.language import digits, marked
from staffing.language import text as said
from staffing.store.drafts import Draft, Drafts, as_saved
from staffing.store.workspace import Workspace
from staffing.ui import text
from staffing.ui.session import held, this_run
from staffing.ui.who import own_draft, user

_UNITS = {"_s": marked("s"), "_min": marked("min"), "_h": marked("h")}
#: Parts of fields' paths as planners call them; others stand as they are in files.
_WORDS = (
    marked("abandonment"), marked("agents"), marked("aht"), marked("automated"), marked("contained"),
    marked("contracts"), marked("days"), marked("deadline"), marked("description"), marked("effect"),
    marked("enabled"), marked("end"), marked("events"), marked("handle factor"), marked("kind"),
    marked("max occupancy"), marked("movable"), marked("name"), marked("patience"), marked("planned"),
    marked("prices"), marked("queue"), marked("queues"), marked("rules"), marked("service"), marked("service level"),
    marked("shifts"), marked("shrinkage"), marked("site"), marked("size"), marked("skills"), marked("start"),
    marked("team"), marked("threshold"), marked("time off"), marked("unplanned"), marked("volume"),
    marked("volume factor"),
)  # fmt: skip


def draft_of(workspace: Workspace, name: str) -> Draft:
    """The planner's draft of a scenario as it is kept; the scenario as saved where nothing was changed.

    It is read once in a run of the page. One that cannot be read is put aside, which the page says.
    """
    key = _key(workspace, name)
    if ("draft", key) not in this_run():
        this_run()["draft", key] = _read(workspace, name)
    draft: Draft = this_run()["draft", key]
    return draft


def drafts_of(workspace: Workspace) -> Drafts:
    """The drafts of the planner at this browser."""
    return Drafts(workspace.ground, user())


def life(workspace: Workspace, name: str) -> int:
    """Grows whenever the scenario as it is saved, or what it stands on, has changed."""
    count: int = _saved(workspace, name)[1]
    return count


def step(workspace: Workspace, name: str, draft: Draft, scenario: Scenario) -> None:
    """Take a changed scenario into the planner's draft; it is kept before the page answers."""
    try:
        with own_draft():
            made = drafts_of(workspace).step(name, draft, scenario)
    except Unwritable as error:
        made = draft.with_version(scenario)
        _unkept(error)
    key = _key(workspace, name)
    held("drafts")[key] = this_run()["draft", key] = made


def set_draft(workspace: Workspace, name: str, draft: Draft | None) -> None:
    """Replace a draft, or forget it (None) so that it is read from the workspace again."""
    this_run().pop(("draft", _key(workspace, name)), None)
    if draft is None:
        held("drafts").pop(_key(workspace, name), None)
    else:
        held("drafts")[_key(workspace, name)] = draft
    try:
        drafts_of(workspace).keep(name, draft)
    except Unwritable as error:
        _unkept(error)


def _read(workspace: Workspace, name: str) -> Draft:
    kept, session, key = drafts_of(workspace), held("drafts"), _key(workspace, name)
    try:
        draft = kept.scenario(name)
    except InputError as error:
        st.session_state["problem"] = error
        kept.set_aside(name)
        draft = None
    if draft is None and key in session and st.session_state.get("unkept"):
        return session[key]
    session[key] = _saved(workspace, name)[0] if draft is None else _following(key, draft, _saved(workspace, name)[0])
    return session[key]


def _following(key: tuple[str, str], draft: Draft, there: Draft) -> Draft:
    """The draft on what its scenario stands on now, worked out once; as it was where it no longer fits."""
    followed = held("followed")
    before, on, made = followed.get(key, (None, None, draft))
    if before is not draft or on is not there:
        try:
            made = draft.following(there)
        except StaffingError:  # it is shown as it was begun; saving it says what does not fit
            made = draft
        followed[key] = (draft, there, made)
    return made


def _saved(workspace: Workspace, name: str) -> tuple[Draft, int]:
    """The draft in which nothing was changed, read once for each opening of the workspace, and how many there were."""
    read, key = held("saved_scenarios"), _key(workspace, name)
    opening, draft, count = read.get(key, (None, None, 0))
    if opening is not workspace:
        now = as_saved(workspace, name)
        if now != draft:
            draft, count = now, count + 1
        read[key] = (workspace, draft, count)
    return draft, count


def _unkept(error: Unwritable) -> None:
    """The workspace cannot be written: drafts live in this session alone, which is said."""
    st.session_state["unkept"] = True
    st.session_state["problem"] = Unwritable(
        error.what, where=error.where, remedy="Your changes live in this browser tab alone."
    )


def _key(workspace: Workspace, name: str) -> tuple[str, str]:
    return str(workspace.folder), name


def save(workspace: Workspace, draft: Draft, name: str, description: str, who: str = "") -> Scenario:
    """Write the draft to the workspace under ``name``, as changes to the scenario it was based on.

    Raises InputError for a name or a folder that cannot be written or where the changes no longer fit what the scenario
    stands on, and Conflict where somebody else saved a scenario of that name since the draft was begun.
    """
    own = draft.saved.name
    with workspace.ground.alone(who):
        now = Workspace.open(workspace.place)
        draft = draft.following(as_saved(now, own))
        parent = now.parent(own)
        base = now.base if name == own == "base" else now.scenario(parent)
        described = draft.current.model_copy(update={"description": description})
        patch = patch_between(base, described)
        if description:
            patch["description"] = description
        return now.save_scenario(name, patch, parent, seen=draft.seen if name == own else "", who=who)


def changes(base: Scenario, other: Scenario) -> list[tuple[str, str, str]]:
    """What differs in a planner's words: (what, before, after)."""
    return [(words(path), value(old), value(new)) for path, old, new in difference(base, other)]


def words(path: str) -> str:
    """A field's path in a planner's words, its unit behind it."""
    table, _, rest = path.partition(".")
    name, _, field = rest.rpartition(".")
    unit = next((suffix for suffix in _UNITS if field.endswith(suffix)), "")
    called = said(field.removesuffix(unit).replace("_", " "))
    told = f"{called} ({said(_UNITS[unit])})" if unit else called
    return " · ".join(part for part in (said(table.replace("_", " ")), name, told) if part)


def value(value: object) -> str:
    """A field's value as it is shown."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, list):
        return text.listed(map(str, value)) or "–"
    return digits(f"{value:g}" if isinstance(value, float) else str(value))
