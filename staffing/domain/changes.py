"""Changes of a scenario by name, and what leads from one scenario to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from staffing.domain.base import day_of
from staffing.domain.demand import Event
from staffing.domain.patches import REMOVE, Patch, merges_by_name
from staffing.domain.scenario import Change, Scenario


def move(name: str, to: str | dt.date) -> Change:
    """Begin an event on another day; its length stays.

    Parameters
    ----------
    name : the event's name.
    to : its new first local day, such as ``"2026-12-02"``.

    Returns
    -------
    Change
        For ``Scenario.with_changes``, which raises InputError where the scenario has no such event.

    Raises
    ------
    InputError
        Naming ``to`` where it is no day.
    """
    day = day_of(to, "to")

    def change(scenario: Scenario) -> Patch:
        event = scenario.event(name).moved(day)
        end = {} if event.end is None else {"end": event.end}
        return {"events": [{"name": name, "start": event.start, **end}]}

    return change


def resize(name: str, size: float) -> Change:
    """Change the size of an event.

    Parameters
    ----------
    name : the event's name.
    size : reach, spend or tier, > 0, in the unit of its kind.

    Returns
    -------
    Change
        For ``Scenario.with_changes``, which raises InputError where the scenario has no such event.
    """
    return lambda scenario: {"events": [{"name": scenario.event(name).name, "size": size}]}


def switch(name: str, on: bool) -> Change:
    """Count with an event, or do not.

    Parameters
    ----------
    name : the event's name.
    on : whether the plan counts with it.

    Returns
    -------
    Change
        For ``Scenario.with_changes``, which raises InputError where the scenario has no such event.
    """
    return lambda scenario: {"events": [{"name": scenario.event(name).name, "enabled": on}]}


def add(event: Event) -> Change:
    """Add an event.

    Parameters
    ----------
    event : the new event; one of its name is changed to it.

    Returns
    -------
    Change
        For ``Scenario.with_changes``.
    """
    return lambda scenario: {"events": [event.model_dump(exclude_none=True)]}


def difference(base: Scenario, other: Scenario) -> list[tuple[str, Any, Any]]:
    """What differs, as (path, value in ``base``, value in ``other``); None where one side has nothing."""
    fields = _changed(base, other)
    left, right = (dict(_leaves(each.model_dump(mode="json", include=fields))) for each in (base, other))
    paths = [path for path in {**left, **right} if path not in ("name", "description")]
    return [(path, left.get(path), right.get(path)) for path in paths if left.get(path) != right.get(path)]


def clashes(base: Scenario, mine: Scenario, theirs: Scenario) -> list[tuple[str, Any, Any]]:
    """Fields of ``base`` that both changed, each in another way, as (path, my value, their value)."""
    own = {path: value for path, _, value in difference(base, mine)}
    other = {path: value for path, _, value in difference(base, theirs)}
    return [(path, own[path], other[path]) for path in own if path in other and own[path] != other[path]]


def _changed(base: Scenario, other: Scenario) -> set[str]:
    """The fields that differ: the people of a large site are not taken apart for a changed target."""
    return {name for name in Scenario.model_fields if getattr(base, name) != getattr(other, name)}


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) and "name" in item for item in value):
        for item in value:
            yield from _leaves({k: v for k, v in item.items() if k != "name"}, f"{path}.{item['name']}")
    elif value not in (None, []):
        yield path, value


def patch_between(base: Scenario, other: Scenario) -> Patch:
    """The smallest patch, plain enough for TOML, with ``base.patched(patch) == other`` but for the name."""
    fields = _changed(base, other)
    patch = _between(*(each.model_dump(exclude_none=True, include=fields) for each in (base, other)))
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
