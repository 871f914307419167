"""What the centre is there for, as a pyramid of figures: one goal of the company, at most two strategic aims, at most
seven operational figures, and what teams can move; and proactive work that is planned beside the queues.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, model_validator

from staffing.domain.base import FieldError, Frozen, Many, default
from staffing.domain.demand import Name

Level = Literal["company", "strategic", "operational", "team"]
LEVELS: tuple[Level, ...] = ("company", "strategic", "operational", "team")
MOST: dict[Level, int] = {"company": 1, "strategic": 2, "operational": 7, "team": 12}


class Survey(Frozen):
    """What people answered: a figure says little without how many answered.

    Parameters
    ----------
    value : the figure, in the goal's own unit.
    answered, asked : how many did, of how many.
    until : the last day that it covers.
    """

    value: float
    answered: Annotated[int, Field(ge=0)]
    asked: Annotated[int, Field(ge=1)]
    until: dt.date | None = None

    @model_validator(mode="after")
    def _no_more_than_asked(self) -> Survey:
        if self.answered > self.asked:
            raise FieldError("answered", "more answered than were asked")
        return self

    @property
    def share(self) -> float:
        """Of those asked, who answered."""
        return self.answered / self.asked


class Goal(Frozen):
    """One figure of the pyramid.

    Parameters
    ----------
    level : where it stands.
    above : the figure of a higher level that it serves; empty for the company's alone.
    figure : of the week's roster, where the planner knows it (see ``planner.goals.figures``); empty for a survey's.
    survey : what people answered, where it is asked for.
    target : what it should be; better : whether ``high`` or ``low`` is good.
    unit : ``share``, ``s``, ``h``, ``money`` or a word.
    lever : the page on which it is moved.
    """

    name: Name
    level: Level
    above: str = ""
    figure: str = ""
    survey: Survey | None = None
    target: float | None = None
    better: Literal["high", "low"] = "high"
    unit: str = "share"
    lever: Literal["", "history", "events", "forecast", "staffing", "roster", "compare", "setup"] = ""


class ProactiveWork(Frozen):
    """Work that nobody waits for (success calls, reviews, onboarding), planned where agents are spare.

    Parameters
    ----------
    hours : wanted in a week.
    block_min : length of one sitting, minutes.
    queue : whose agents do it; empty means those of any.
    done : hours done in the week before, where that is noted.
    """

    name: Name
    hours: Annotated[float, Field(gt=0, le=10_000)]
    block_min: Annotated[int, Field(ge=15, le=480)] = 60
    queue: str = ""
    done: Annotated[float, Field(ge=0)] | None = None


class Goals(Frozen):
    """The pyramid and the proactive work of a workspace: ``goals.toml``."""

    goals: Many[Goal] = default(())
    proactive: Many[ProactiveWork] = default(())

    @model_validator(mode="after")
    def _stand_on_each_other(self) -> Goals:
        level = {goal.name: LEVELS.index(goal.level) for goal in self.goals}
        if len(level) < len(self.goals):
            raise FieldError("name", "two goals have one name")
        for name, most in MOST.items():
            if sum(goal.level == name for goal in self.goals) > most:
                raise FieldError("level", f"at most {most} {name}; fewer figures are looked at, more are not")
        for goal in self.goals:
            if goal.level == "company":
                continue
            if goal.above not in level or level[goal.above] >= level[goal.name]:
                raise FieldError("above", f"'{goal.name}' must name a figure above it, of a higher level")
        return self

    def below(self, name: str) -> tuple[Goal, ...]:
        """The figures that serve one."""
        return tuple(goal for goal in self.goals if goal.above == name)
