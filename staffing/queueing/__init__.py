"""Queueing mathematics: pure functions on arrays, the source cited beside each formula."""

from staffing.queueing.agents import Targets, fractional_agents, smallest_agents
from staffing.queueing.erlang import Measures, erlang_b, measures

__all__ = ["Measures", "Targets", "erlang_b", "fractional_agents", "measures", "smallest_agents"]
