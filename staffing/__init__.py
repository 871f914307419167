"""staffing: how many contacts will come, how many people that takes, and who works when.

history = staffing.read_history("calls.csv")
base = staffing.Scenario.load("base.toml")
launch = base.with_changes(move("app-4.0", to="2026-12-02"), service_level=0.85, name="launch")
plans = [staffing.plan(history, scenario) for scenario in (base, launch)]
staffing.compare(plans)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from staffing.errors import StaffingError
from staffing.version import VERSION

if TYPE_CHECKING:
    from staffing.domain.changes import add, move, resize, switch
    from staffing.domain.demand import Event
    from staffing.domain.scenario import Scenario
    from staffing.evaluation import compare
    from staffing.history import read_history
    from staffing.planner import Plan, Planner, plan
    from staffing.store.workspace import Workspace

__version__ = VERSION

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

#: Where each public name lives. It is imported when it is first asked for: importing the package costs nothing.
_HOMES = {
    **dict.fromkeys(("add", "move", "resize", "switch"), "staffing.domain.changes"),
    **dict.fromkeys(("Plan", "Planner", "plan"), "staffing.planner"),
    "Event": "staffing.domain.demand",
    "Scenario": "staffing.domain.scenario",
    "Workspace": "staffing.store.workspace",
    "compare": "staffing.evaluation",
    "read_history": "staffing.history",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'staffing' has no attribute '{name}'")
    value = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
