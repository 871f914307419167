"""Rules of some countries as data, each with its sources. Starting points, clearly not legal advice."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from staffing.errors import InputError


def preset_names() -> list[str]:
    """Names under which presets can be loaded."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


@cache
def preset(name: str) -> dict[str, Any]:
    """``title``, ``sources`` (what each article says), ``texts`` (where it was read), ``rules`` (fields of
    `LabourRules`), and ``contract`` and ``weekend`` as they usually go with them, under a name such as ``iran`` or
    ``eu``. Raises InputError."""
    if name not in preset_names():
        raise InputError(f"there are no rules '{name}'.", remedy=f"Known: {', '.join(preset_names())}.")
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
