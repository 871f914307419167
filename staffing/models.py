"""Day models: write one of your own, and let `staffing.fit(..., models=["prophet", mine])` mix it with the others.

A `DayModel` has a name, a weight before its past says anything (``prior_share``), the known days it needs
(``least_days``) and ``fit(known)``; what that returns (`FittedDays`) says log totals of coming days, and of past ones.
"""

from staffing.forecast.day_level.days import DayFacts
from staffing.forecast.day_level.known import ComingDays, KnownDays
from staffing.forecast.day_level.model import DayModel, FittedDays
from staffing.forecast.day_level.models import MODELS

__all__ = ["MODELS", "ComingDays", "DayFacts", "DayModel", "FittedDays", "KnownDays"]
