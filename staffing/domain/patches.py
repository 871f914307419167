"""The change that leads from one scenario to another: the inverse of ``Scenario.patched``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from staffing.domain.scenario import REMOVE, Patch, Scenario, merges_by_name


def patch_between(base: Scenario, other: Scenario) -> Patch:
    """The smallest patch, plain enough for TOML, with ``base.patched(patch) == other`` but for the name."""
    patch = _between(base.model_dump(exclude_none=True), other.model_dump(exclude_none=True))
    return {key: value for key, value in patch.items() if key != "name"}


def _between(left: Mapping[str, Any], right: Mapping[str, Any]) -> Patch:
    gone = {key: REMOVE for key in left if key not in right}
    return gone | {key: _change(left.get(key), value) for key, value in right.items() if left.get(key) != value}


def _change(left: Any, right: Any) -> Any:
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return _between(left, right)
    if merges_by_name(left) and (merges_by_name(right) or not right):
        return _named_changes(left, right)
    return _plain(right)


def _named_changes(left: tuple[Patch, ...], right: tuple[Patch, ...]) -> list[Patch]:
    """Changes of a list that merges by name: things taken out, changed and added."""
    before, after = {item["name"]: item for item in left}, {item["name"]: item for item in right}
    gone = [{"name": name, "remove": True} for name in before if name not in after]
    changed = [
        {"name": name, **_between(before.get(name, {}), item)}
        for name, item in after.items()
        if before.get(name) != item
    ]
    return gone + changed


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, Mapping) else value
