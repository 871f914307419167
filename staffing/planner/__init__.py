"""The door: history and a scenario in, a plan out. The command line, the batch, the advice and the pages hold it."""

from staffing.planner.mending import Mending
from staffing.planner.planner import Planner, plan
from staffing.planner.plans import Plan, Workload
from staffing.planner.progress import Progress, silent

__all__ = ["Mending", "Plan", "Planner", "Progress", "Workload", "plan", "silent"]
