"""Requirements and people in, a named roster with its proven bound out."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from staffing.roster.case import SolveLimits
    from staffing.roster.desk import MENDING_S, MOST_CHANGED
    from staffing.roster.given import Inputs
    from staffing.roster.inputs.of_scenario import inputs_of
    from staffing.roster.result import Roster
    from staffing.roster.solving import solve
    from staffing.roster.spine import roster

__all__ = ["MENDING_S", "MOST_CHANGED", "Inputs", "Roster", "SolveLimits", "inputs_of", "roster", "solve"]

_LATER = {
    "MENDING_S": "desk",
    "MOST_CHANGED": "desk",
    "Inputs": "given",
    "Roster": "result",
    "SolveLimits": "case",
    "inputs_of": "inputs.of_scenario",
    "roster": "spine",
    "solve": "solving",
}


def __getattr__(name: str) -> Any:
    """Import what needs a compiler when it is first used."""
    if name not in _LATER:
        raise AttributeError(f"module 'staffing.roster' has no attribute '{name}'")
    return getattr(importlib.import_module(f"staffing.roster.{_LATER[name]}"), name)
