"""A planner's draft saved to the workspace, and what it changes in a planner's words."""

from __future__ import annotations

from staffing.domain.changes import difference, patch_between
from staffing.domain.scenario import Scenario
from staffing.store.drafts import Draft
from staffing.store.workspace import Workspace

_UNITS = {"_s": "s", "_min": "min", "_h": "h"}


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
    for suffix, unit in _UNITS.items():
        if field.endswith(suffix):
            field = f"{field.removesuffix(suffix)} ({unit})"
    return " · ".join(part for part in (table.replace("_", " "), name, field.replace("_", " ")) if part)


def value(value: object) -> str:
    """A field's value as it is shown."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return f"{value:g}" if isinstance(value, float) else str(value)
