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

from staffing.errors import InputError, PlanError, StaffingError, TableError
from staffing.version import VERSION

if TYPE_CHECKING:
    from staffing import charts, models, queueing
    from staffing.api.backtest import Backtest, backtest
    from staffing.api.fitted import Fitted, fit
    from staffing.api.judging import broken_rules, evaluate
    from staffing.api.stages import correct, make_roster, plan, required_agents
    from staffing.api.value import Value, value
    from staffing.domain.calendar import SiteCalendar
    from staffing.domain.changes import add, move, resize, switch
    from staffing.domain.demand import Event, Queue
    from staffing.domain.labour import LabourRules
    from staffing.domain.prices import Prices
    from staffing.domain.scenario import Scenario, SolveOptions
    from staffing.domain.service import ServiceTarget, Shrinkage
    from staffing.domain.workforce import Agent, BreakRule, Contract, ShiftTemplate
    from staffing.evaluation import Comparison, Evaluation, compare
    from staffing.export import write_plan
    from staffing.forecast import Forecast
    from staffing.history import History, read_history
    from staffing.planner import Plan, Planner, Workload
    from staffing.planner.correcting import CorrectedPlan
    from staffing.roster.result import Roster
    from staffing.store.cache import StageCache
    from staffing.store.workspace import Workspace

__version__ = VERSION

#: Where each public name lives. It is imported when it is first asked for: importing the package costs nothing.
_HOMES = {
    **dict.fromkeys(("Agent", "BreakRule", "Contract", "ShiftTemplate"), "staffing.domain.workforce"),
    **dict.fromkeys(("Backtest", "backtest"), "staffing.api.backtest"),
    **dict.fromkeys(("Comparison", "Evaluation", "compare"), "staffing.evaluation"),
    **dict.fromkeys(("Event", "Queue"), "staffing.domain.demand"),
    **dict.fromkeys(("Fitted", "fit"), "staffing.api.fitted"),
    **dict.fromkeys(("History", "read_history"), "staffing.history"),
    **dict.fromkeys(("Plan", "Planner", "Workload"), "staffing.planner"),
    **dict.fromkeys(("Scenario", "SolveOptions"), "staffing.domain.scenario"),
    "CorrectedPlan": "staffing.planner.correcting",
    **dict.fromkeys(("ServiceTarget", "Shrinkage"), "staffing.domain.service"),
    **dict.fromkeys(("Value", "value"), "staffing.api.value"),
    **dict.fromkeys(("add", "move", "resize", "switch"), "staffing.domain.changes"),
    **dict.fromkeys(("broken_rules", "evaluate"), "staffing.api.judging"),
    **dict.fromkeys(("correct", "make_roster", "plan", "required_agents"), "staffing.api.stages"),
    "Forecast": "staffing.forecast",
    "Roster": "staffing.roster.result",
    "LabourRules": "staffing.domain.labour",
    "Prices": "staffing.domain.prices",
    "SiteCalendar": "staffing.domain.calendar",
    "StageCache": "staffing.store.cache",
    "Workspace": "staffing.store.workspace",
    "write_plan": "staffing.export",
}
_ROOMS = ("charts", "models", "queueing")

__all__ = [
    "Agent",
    "Backtest",
    "BreakRule",
    "Comparison",
    "Contract",
    "CorrectedPlan",
    "Evaluation",
    "Event",
    "Fitted",
    "Forecast",
    "History",
    "InputError",
    "LabourRules",
    "Plan",
    "PlanError",
    "Planner",
    "Prices",
    "Queue",
    "Roster",
    "Scenario",
    "ServiceTarget",
    "ShiftTemplate",
    "Shrinkage",
    "SiteCalendar",
    "SolveOptions",
    "StaffingError",
    "StageCache",
    "TableError",
    "Value",
    "Workload",
    "Workspace",
    "add",
    "backtest",
    "broken_rules",
    "charts",
    "compare",
    "correct",
    "evaluate",
    "fit",
    "make_roster",
    "models",
    "move",
    "plan",
    "queueing",
    "read_history",
    "required_agents",
    "resize",
    "switch",
    "value",
    "write_plan",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"staffing.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'staffing' has no attribute '{name}'")
    value = globals()[name] = getattr(importlib.import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
