"""staffing: how many contacts will come, how many people that takes, and who works when.

history = staffing.read_history("calls.csv")
base = staffing.Scenario.load("base.toml")
launch = base.with_changes(move("app-4.0", to="2026-12-02"), service_level=0.85, name="launch")
plans = [staffing.plan(history, scenario) for scenario in (base, launch)]
staffing.compare(plans)
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

from staffing.domain.changes import add, move, resize, switch
from staffing.domain.demand import Event
from staffing.domain.scenario import Scenario
from staffing.errors import StaffingError
from staffing.planner import Plan, Planner, plan
from staffing.version import VERSION

if TYPE_CHECKING:
    from staffing.evaluation import compare
    from staffing.history import read_history
    from staffing.store.workspace import Workspace

__version__ = VERSION

# Matrices here are small: more threads only wait for each other, and sum in another order on another machine.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

__all__ = [
    "Event",
    "Plan",
    "Planner",
    "Scenario",
    "StaffingError",
    "Workspace",
    "add",
    "compare",
    "move",
    "plan",
    "read_history",
    "resize",
    "switch",
]

_LATER = {"read_history": "staffing.history", "compare": "staffing.evaluation", "Workspace": "staffing.store.workspace"}


def __getattr__(name: str) -> Any:
    """Import what takes seconds when it is first used."""
    if name not in _LATER:
        raise AttributeError(f"module 'staffing' has no attribute '{name}'")
    return getattr(importlib.import_module(_LATER[name]), name)
