"""People who cannot come after all: sick calls as granted days off."""

from __future__ import annotations

import datetime as dt

from staffing.domain.workforce import Agent, DaySpan


def absent(agent: Agent, away: DaySpan) -> Agent:
    """The agent with these days off too; days that were granted already stay as they are."""
    days = [away.start + dt.timedelta(days=k) for k in range((away.end - away.start).days + 1)]
    fresh = [DaySpan(start=day, end=day) for day in days if not any(day in span for span in agent.time_off)]
    return agent.model_copy(update={"time_off": (*agent.time_off, *fresh)})
