"""What a patch is, and how it is laid over a scenario: nested fields merge, lists of named things by their names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from staffing.domain.base import Frozen
from staffing.errors import InputError, Where

Patch = dict[str, Any]

#: What a patch says of a field that goes back to its default.
REMOVE = {"remove": True}

#: Short names under which the everyday levers can be changed: ``base.with_changes(service_level=0.85)``.
LEVERS: dict[str, tuple[str, str]] = {
    "service_level": ("service", "service_level"),
    "service_level_over": ("service", "over"),
    "service_level_floor": ("service", "floor"),
    "threshold_s": ("service", "threshold_s"),
    "asa_s": ("service", "asa_s"),
    "abandonment": ("service", "abandonment"),
    "max_occupancy": ("service", "max_occupancy"),
    "planned_shrinkage": ("shrinkage", "planned"),
    "unplanned_shrinkage": ("shrinkage", "unplanned"),
    "shrinkage_from_history": ("shrinkage", "from_history"),
    "agent_hour": ("prices", "agent_hour"),
    "solve_seconds": ("solve", "seconds"),
}


def lever_patch(fields: Mapping[str, Any], whole: Collection[str]) -> Patch:
    """The patch that sets levers and ``whole`` fields. Raises InputError for any other name."""
    patch: Patch = {}
    for name, value in fields.items():
        if name in LEVERS:
            table, field = LEVERS[name]
            patch.setdefault(table, {})[field] = value
        elif name in whole:
            _refuse_two_readings(name, value)
            patch[name] = value
        else:
            known = ", ".join(sorted({*LEVERS, *whole}))
            raise InputError("is not a field that can be changed.", where=Where(field=name), remedy=f"Use: {known}.")
    return patch


def _refuse_two_readings(name: str, value: Any) -> None:
    """A field set to a list of named tables could be replaced by it or merged with it by name."""
    if merges_by_name(value):
        raise InputError(
            "is given as tables, which could replace the list or change those of its items that they name.",
            where=Where(field=name),
            remedy=f"Give whole objects to replace it, or use patched({{'{name}': [...]}}) to change items by name.",
        )


def laid_over(base: Any, patch: Any, where: Where) -> Any:
    """``base`` with ``patch`` laid over it, both as plain data. Raises InputError for a removal of nothing."""
    if isinstance(base, Mapping) and isinstance(patch, Mapping):
        laid = {key: laid_over(base.get(key), value, where) for key, value in patch.items() if value != REMOVE}
        return {key: value for key, value in {**base, **laid}.items() if patch.get(key) != REMOVE}
    if merges_by_name(patch) and (not base or merges_by_name(base)):
        merged = {item["name"]: item for item in base or ()}
        for item in patch:
            name = item["name"]
            if item.get("remove"):
                if name not in merged:
                    raise InputError(f"there is no '{name}' to remove.", where=where)
                del merged[name]
            else:
                merged[name] = laid_over(merged.get(name, {}), item, where)
        return list(merged.values())
    return patch


def refuse_halves(known: Mapping[str, tuple[type[Frozen], list[str]]], patch: Mapping[str, Any], where: Where) -> None:
    """A change of something that does not exist is refused by its name, not as a new thing that lacks fields.

    ``known``: per field of the scenario its kind of item and the names that there are. Raises InputError.
    """
    for field, (model, names) in known.items():
        needed = [name for name, info in model.model_fields.items() if info.is_required()]
        for item in patch.get(field) or () if merges_by_name(patch.get(field)) else ():
            missing = [name for name in needed if name not in item]
            if missing and item["name"] not in names and not item.get("remove"):
                raise InputError(
                    f"there is no {field[:-1]} '{item['name']}' to change.",
                    where=where,
                    remedy=f"Known: {', '.join(names) or 'none'}. A new one needs {', '.join(missing)}.",
                )


def merges_by_name(value: Any) -> bool:
    """Whether ``value`` is a list of things each with a name of its own; two breaks named "break" are not."""
    if not isinstance(value, list | tuple) or not value:
        return False
    if not all(isinstance(item, Mapping) and "name" in item for item in value):
        return False
    return len({item["name"] for item in value}) == len(value)
