"""The door: history and a scenario in, a plan out. The command line, the batch, the advice and the pages hold it."""

from staffing.planner.mending import Mending
from staffing.planner.planner import Planner
from staffing.planner.plans import Plan, Workload

__all__ = ["Mending", "Plan", "Planner", "Workload"]
