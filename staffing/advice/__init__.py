"""Advice on top of plans: many plans priced quickly, ranked, with the reason."""

from staffing.advice.launch_dates import LaunchAdvice, launch_dates
from staffing.advice.leave import LeaveFigures, LeaveWeek, leave_cost

__all__ = ["LaunchAdvice", "LeaveFigures", "LeaveWeek", "launch_dates", "leave_cost"]
