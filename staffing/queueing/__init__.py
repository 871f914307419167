"""Queueing mathematics: pure functions on arrays, the source cited beside each formula.

`agents_needed`, `service` and `blocking` take contacts per hour, all by keyword, and give a Series for a Series. What
stands behind them takes the load in erlangs (contacts per hour × handle time ÷ 3600): `smallest_agents`,
`fractional_agents`, `erlang_b`; `measures` takes either.
"""

from staffing.queueing.agents import Targets, fractional_agents, smallest_agents
from staffing.queueing.erlang import Measures, erlang_b, measures
from staffing.queueing.hourly import agents_needed, blocking, service

__all__ = [
    "Measures",
    "Targets",
    "agents_needed",
    "blocking",
    "erlang_b",
    "fractional_agents",
    "measures",
    "service",
    "smallest_agents",
]
