"""Rules of some countries as data, each with its sources. Starting points, clearly not legal advice."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from staffing.domain.workforce import LabourRules
from staffing.errors import InputError


@dataclass(frozen=True)
class Preset:
    """Rules with their sources; allowances are shares on top of the hour's pay."""

    name: str
    sources: tuple[str, ...]
    rules: LabourRules
    weekly_hours: float
    weekend: tuple[str, ...]
    night_allowance: float = 0.0
    overtime_allowance: float = 0.0


def preset_names() -> list[str]:
    """Names under which presets can be loaded."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


@cache
def preset(name: str) -> Preset:
    """The preset of that name, such as ``iran`` or ``eu``. Raises InputError."""
    if name not in preset_names():
        raise InputError(f"there are no rules '{name}'.", remedy=f"Known: {', '.join(preset_names())}.")
    data = tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    rules = LabourRules.parse(data.pop("rules"))
    sources, weekend = tuple(data.pop("sources")), tuple(data.pop("weekend"))
    return Preset(rules=rules, sources=sources, weekend=weekend, **data)
