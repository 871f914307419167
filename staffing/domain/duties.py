"""What the roster owes besides the queues' need: people of a kind in the room, training and meetings, pinned days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, field_validator, model_validator

from staffing.domain.base import MOST_PEOPLE, Date, Frozen, Many, Money, default
from staffing.domain.calendar import DAY_MIN, WEEKDAYS, Weekday, clock_minutes
from staffing.domain.labour import Clock, Name, clock

if TYPE_CHECKING:
    from staffing.domain.workforce import Agent


class Minimum(Frozen):
    """At least so many people of a kind present, whatever queue they serve; each one lacking has a price.

    Parameters
    ----------
    senior, skill, language, team : who counts; of several that are given all must hold (seniors of a team).
    agents : so many are wanted in every open interval between ``earliest`` and ``latest`` (HH:MM) of
        ``weekdays`` (empty: all).
    earliest, latest : the hours of the day, HH:MM.
    weekdays : the days of the week; empty means all.
    shortage_hour : price of one too few for an hour; None takes the scenario's.
    """

    name: Name
    agents: Annotated[float, Field(gt=0, le=MOST_PEOPLE)]
    senior: bool = False
    skill: str | None = None
    language: str | None = None
    team: str | None = None
    earliest: Clock = default(0)
    latest: Clock = default(DAY_MIN)
    weekdays: Many[Weekday] = default(())
    shortage_hour: Money | None = None

    _parse_clock = field_validator("earliest", "latest", mode="before")(clock)

    @model_validator(mode="after")
    def _of_some_kind(self) -> Minimum:
        if not self.senior and self.skill is None and self.language is None and self.team is None:
            raise ValueError(f"minimum '{self.name}': give one of senior, skill, language, team, or several")
        if self.latest <= self.earliest:
            raise ValueError(f"minimum '{self.name}': latest must lie after earliest")
        return self

    def counts(self, agent: Agent) -> bool:
        """Whether a person is of the kind; no skills named means all of them."""
        return (
            (agent.senior or not self.senior)
            and (self.skill is None or agent.has_skill(self.skill))
            and (self.language is None or self.language in agent.languages)
            and (self.team is None or agent.team == self.team)
        )

    def holds_on(self, day: dt.date) -> bool:
        return not self.weekdays or WEEKDAYS[day.weekday()] in self.weekdays


class Session(Frozen):
    """A training or meeting that the roster places where it hurts cover least, once for each person.

    Parameters
    ----------
    activity : what the roster calls it.
    minutes : length; paid.
    start, end : first and last day on which it may be held.
    earliest, latest : the hours within which it lies, HH:MM.
    contracts, teams, agents : for whom; all left out: for everybody.
    together : all at one time, else each alone.
    """

    name: Name
    activity: Name = "training"
    minutes: Annotated[int, Field(gt=0, le=480)]
    start: Date
    end: Date
    earliest: Clock = default(0)
    latest: Clock = default(DAY_MIN)
    contracts: Many[str] = default(())
    teams: Many[str] = default(())
    agents: Many[str] = default(())
    together: bool = False

    _parse_clock = field_validator("earliest", "latest", mode="before")(clock)

    @model_validator(mode="before")
    @classmethod
    def _one_day(cls, data: Any) -> Any:
        return {"end": data["start"], **data} if isinstance(data, dict) and "start" in data else data

    @model_validator(mode="after")
    def _has_room(self) -> Session:
        if self.end < self.start:
            raise ValueError(f"'{self.name}' ends before it starts")
        if self.latest - self.earliest < self.minutes:
            raise ValueError(f"'{self.name}' of {self.minutes} minutes does not fit between earliest and latest")
        return self

    def concerns(self, agent: Agent) -> bool:
        """Whether the person is to take part."""
        some = self.contracts or self.teams or self.agents
        return not some or agent.contract in self.contracts or agent.team in self.teams or agent.name in self.agents


class Pin(Frozen):
    """A day of one person that the roster leaves as it is said here.

    Parameters
    ----------
    agent, day : whose day, and which local day.
    shift : ``09:00-17:30``, or with the kind of shift before it, or ``off``.
    """

    agent: Name
    day: Date
    shift: Annotated[str, Field(pattern=r"^(off|(.+ )?\d{1,2}:\d{2}-\d{1,2}:\d{2})$")]

    @model_validator(mode="after")
    def _is_a_span(self) -> Pin:
        _ = self.span_min
        return self

    @property
    def span_min(self) -> tuple[int, int] | None:
        """Start and end in minutes after midnight, the end after the start; None for a day off."""
        if self.shift == "off":
            return None
        start, end = (clock_minutes(text) for text in self.shift.rpartition(" ")[2].split("-"))
        return start, end if end > start else end + DAY_MIN

    @property
    def kind(self) -> str:
        """The kind of shift it names; empty where it does not."""
        return self.shift.rpartition(" ")[0].strip()


def placed_hours(sessions: Sequence[Session], agents: Sequence[Agent], first: dt.date, last: dt.date) -> float:
    """Agent-hours of the sessions that a roster of these days places: those whose last day lies in it."""
    minutes = sum(
        session.minutes * sum(session.concerns(agent) for agent in agents)
        for session in sessions
        if first <= session.end <= last
    )
    return minutes / 60
