"""Advice on top of plans: many plans priced quickly, ranked, with the reason."""

from staffing.advice.launch_dates import LaunchAdvice, launch_dates

__all__ = ["LaunchAdvice", "launch_dates"]
