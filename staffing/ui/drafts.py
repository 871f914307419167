"""A planner's private changes to a scenario, step by step, until they are saved to the workspace."""

from __future__ import annotations

from dataclasses import dataclass

from staffing.domain.changes import difference, patch_between
from staffing.domain.scenario import Scenario
from staffing.store.workspace import Workspace


@dataclass(frozen=True)
class Draft:
    """``versions`` from the scenario as it was saved to the scenario as it stands."""

    versions: tuple[Scenario, ...]

    @property
    def saved(self) -> Scenario:
        return self.versions[0]

    @property
    def current(self) -> Scenario:
        return self.versions[-1]

    @property
    def changed(self) -> bool:
        return self.current != self.saved

    def with_version(self, scenario: Scenario) -> Draft:
        """The draft one step on; an equal scenario is no step."""
        return self if scenario == self.current else Draft((*self.versions, scenario))

    def undone(self) -> Draft:
        """The draft one step back."""
        return Draft(self.versions[:-1]) if len(self.versions) > 1 else self

    def reset(self) -> Draft:
        """As saved; a step of its own, so that it can be undone."""
        return self.with_version(self.saved)


_UNITS = {"_s": "s", "_min": "min", "_h": "h"}


def save(workspace: Workspace, draft: Draft, name: str, description: str) -> Scenario:
    """Write the draft to the workspace under ``name``, as changes to the scenario it was based on.

    Raises InputError for a name or a folder that cannot be written.
    """
    own = draft.saved.name
    parent = workspace.parent(own)
    base = workspace.base if name == own == "base" else workspace.scenario(parent)
    described = draft.current.model_copy(update={"description": description})
    patch = patch_between(base, described)
    if description:
        patch["description"] = description
    return workspace.save_scenario(name, patch, parent)


def changes(base: Scenario, other: Scenario) -> list[tuple[str, str, str]]:
    """What differs in a planner's words: (what, before, after)."""
    return [(_words(path), _value(old), _value(new)) for path, old, new in difference(base, other)]


def _words(path: str) -> str:
    table, _, rest = path.partition(".")
    name, _, field = rest.rpartition(".")
    for suffix, unit in _UNITS.items():
        if field.endswith(suffix):
            field = f"{field.removesuffix(suffix)} ({unit})"
    return " · ".join(part for part in (table.replace("_", " "), name, field.replace("_", " ")) if part)


def _value(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return f"{value:g}" if isinstance(value, float) else str(value)
