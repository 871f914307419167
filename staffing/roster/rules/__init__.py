"""Every rule as a checker of its own, on the published roster table alone.

These checkers share nothing with the engine that builds rosters: they read instants and activities as a
person would. `check` runs them all; each can be called alone on one `Person`.
"""

from staffing.roster.rules.people import Person, Violation, people_of
from staffing.roster.rules.registry import RULES, bent, check, judge

__all__ = ["RULES", "Person", "Violation", "bent", "check", "judge", "people_of"]
