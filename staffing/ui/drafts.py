"""A planner's draft saved to the workspace, and what it changes in a planner's words."""

from __future__ import annotations

from staffing.domain.changes import difference, patch_between
from staffing.domain.scenario import Scenario
from staffing.language import digits, marked
from staffing.language import text as said
from staffing.store.drafts import Draft
from staffing.store.workspace import Workspace
from staffing.ui import text

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


def save(workspace: Workspace, draft: Draft, name: str, description: str, who: str = "") -> Scenario:
    """Write the draft to the workspace under ``name``, as changes to the scenario it was based on.

    Raises InputError for a name or a folder that cannot be written, and Conflict where somebody else saved a scenario
    of that name since the draft was begun.
    """
    own = draft.saved.name
    parent = workspace.parent(own)
    base = workspace.base if name == own == "base" else workspace.scenario(parent)
    described = draft.current.model_copy(update={"description": description})
    patch = patch_between(base, described)
    if description:
        patch["description"] = description
    return workspace.save_scenario(name, patch, parent, seen=draft.seen if name == own else "", who=who)


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
