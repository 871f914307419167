"""What of a scenario a forecast and requirements look at: a change of anything else leaves them as they are.

What is handed on holds these fields alone; any other one raises AttributeError, so that nothing is taken for another
scenario's by mistake.
"""

from __future__ import annotations

from staffing.domain.scenario import Scenario

FORECAST = (
    "site", "queues", "totals", "events", "excluded", "adjustments", "volume_factor", "aht_factor", "shrinkage",
    "forecast", "seed", "paths",
)  # fmt: skip
REQUIREMENTS = ("site", "queues", "service", "shrinkage", "sessions", "agents", "simulation", "seed")


def by_forecast(scenario: Scenario) -> Scenario:
    """What ``Planner.forecast`` and its notes look at."""
    return scenario.model_copy(update={"paths": scenario.sample_paths}).only(*FORECAST)


def by_requirements(scenario: Scenario) -> Scenario:
    """What ``Planner.requirements`` look at beside the forecast; people only where sessions are placed."""
    people = scenario.agents if scenario.sessions else ()
    return scenario.model_copy(update={"agents": people}).only(*REQUIREMENTS)
