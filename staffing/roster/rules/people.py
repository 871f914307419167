"""One agent's published days: shifts with their breaks, read from the roster table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from staffing.domain.activities import ABSENT, AT_WORK, OVERTIME, TIME_OFF
from staffing.domain.calendar import DAY_MIN
from staffing.domain.shift_clock import begun_on, kind_minutes
from staffing.domain.workforce import Agent, Contract, LabourRules, ShiftTemplate

if TYPE_CHECKING:
    import pandas as pd

    from staffing.roster.given import Inputs


@dataclass(frozen=True)
class Violation:
    """One broken rule: which, whose, when, and what is wrong in words.

    `field` is the field of `LabourRules` behind it where there is one, judged on `date`; `amount` how much is
    broken, in the units of its price.
    """

    rule: str
    agent: str
    date: dt.date
    what: str
    field: str = ""
    amount: float = 1.0

    def __str__(self) -> str:
        return f"{self.agent}, {self.date}: {self.what} ({self.rule})"


@dataclass(frozen=True)
class ActivitySpan:
    """A break or a part of a shift."""

    activity: str
    start: pd.Timestamp
    end: pd.Timestamp
    queue: str | None
    kind: str = ""  # of a whole shift, where the roster names it

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


@dataclass(frozen=True)
class Worked:
    """One published shift; `template` is its kind, None when it is none of the site's."""

    start: pd.Timestamp  # local
    end: pd.Timestamp
    queue: str | None
    inside: tuple[ActivitySpan, ...]
    template: ShiftTemplate | None
    sessions: tuple[ActivitySpan, ...] = ()  # training and meetings held in it
    kind: str = ""  # what the roster calls it

    @cached_property
    def date(self) -> dt.date:
        return self.start.date()

    @cached_property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60

    @property
    def start_min(self) -> int:
        return self.start.hour * 60 + self.start.minute

    @property
    def end_min(self) -> int:
        """What the wall clock says at its end, in minutes after the midnight of its day."""
        days = (self.end.date() - self.start.date()).days
        return days * DAY_MIN + self.end.hour * 60 + self.end.minute

    @property
    def breaks(self) -> tuple[ActivitySpan, ...]:
        return tuple(span for span in self.inside if span.activity not in (*AT_WORK, *ABSENT))

    @property
    def absent(self) -> tuple[ActivitySpan, ...]:
        """Time away on the day itself: sick, late, given back."""
        return tuple(span for span in self.inside if span.activity in ABSENT)

    @property
    def planned(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """Start and end of the shift of its kind, without overtime before and after it."""
        return planned_span(self.start, self.end, self.inside)

    @property
    def paid_min(self) -> int:
        """Paid minutes: all but unpaid breaks and time given back. Who is sick or late was rostered all the same."""
        unpaid = {rule.name for rule in self.template.breaks if not rule.paid} if self.template else set()
        given_back = sum(span.minutes for span in self.absent if span.activity == TIME_OFF)
        kept = (span for span in self.breaks if not any(_overlap(span, off) for off in self.absent))
        return self.minutes - given_back - sum(span.minutes for span in kept if span.activity in unpaid)


@dataclass(frozen=True)
class Person:
    """An agent with contract, the shifts of the horizon and the shifts before it, in order of time.

    `elsewhere` is what the person works for another site: rules of hours, days and rests see it beside the shifts.
    """

    agent: Agent
    contract: Contract
    shifts: tuple[Worked, ...]
    before: tuple[Worked, ...]
    past_known: bool
    elsewhere: tuple[Worked, ...] = ()

    @cached_property
    def every(self) -> tuple[Worked, ...]:
        """Shifts before and within the horizon, work elsewhere among them."""
        return tuple(sorted((*self.before, *self.shifts, *self.elsewhere), key=lambda shift: shift.start))

    def rules_on(self, date: dt.date, inputs: Inputs) -> LabourRules:
        """The person's rules of a day."""
        return inputs.book.of(self.agent, date)

    @cached_property
    def dates(self) -> frozenset[dt.date]:
        """Days on which a shift begins."""
        return frozenset(shift.date for shift in self.every)

    def on(self, date: dt.date) -> Worked | None:
        """The shift that begins on a day."""
        return next((shift for shift in self.every if shift.date == date), None)


def people_of(table: pd.DataFrame, inputs: Inputs) -> list[Person]:
    """Everybody of the inputs with what the table (and the past) says about them."""
    first = inputs.calendar.midnight(inputs.start)
    known = inputs.past is not None and not inputs.past.empty
    now = _by_agent(table[table["start"] >= first], inputs)
    before = _by_agent(inputs.past[inputs.past["start"] < first], inputs) if inputs.past is not None else {}
    return [
        Person(
            agent,
            inputs.contract_of(agent),
            worked(now.get(agent.name, ()), agent, inputs),
            worked(before.get(agent.name, ()), agent, inputs),
            known,
            elsewhere(agent, inputs),
        )
        for agent in inputs.agents
    ]


def _by_agent(table: pd.DataFrame, inputs: Inputs) -> dict[str, list[ActivitySpan]]:
    found: dict[str, list[ActivitySpan]] = {}
    for name, span in zip(table["agent"].tolist(), spans_of(table, inputs), strict=True):
        found.setdefault(name, []).append(span)
    return found


def spans_of(table: pd.DataFrame, inputs: Inputs) -> Iterator[ActivitySpan]:
    """The rows of a roster on the site's clock."""
    zone = inputs.calendar.zone
    start, end = (table[name].dt.tz_convert(zone).tolist() for name in ("start", "end"))
    activity, queue = (table[name].tolist() for name in ("activity", "queue"))
    kind = table["kind"].tolist() if "kind" in table else [None] * len(table)
    for a, s, e, q, k in zip(activity, start, end, queue, kind, strict=True):
        yield ActivitySpan(a, s, e, _text(q), _text(k) or "")


def elsewhere(agent: Agent, inputs: Inputs) -> tuple[Worked, ...]:
    """What a person works for another site, as shifts of no kind; all of it is paid."""
    spans = sorted(inputs.elsewhere_span(work) for work in agent.elsewhere)
    return tuple(Worked(start, end, None, (), None) for start, end in spans)


def worked(spans: Iterable[ActivitySpan], agent: Agent, inputs: Inputs) -> tuple[Worked, ...]:
    """The shifts that one agent's spans of a roster say, in order of time."""
    spans = sorted(spans, key=_by_time)
    whole = [span for span in spans if span.activity == "shift"]
    parts = [span for span in spans if span.activity != "shift"]
    allowed = inputs.allowed_kinds(agent)
    return tuple(_one(span, parts, inputs, allowed) for span in whole)


def _by_time(span: ActivitySpan) -> tuple[pd.Timestamp, pd.Timestamp]:
    return span.start, span.end


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None


def _one(whole: ActivitySpan, parts: list[ActivitySpan], inputs: Inputs, allowed: frozenset[str]) -> Worked:
    within = [part for part in parts if part.start < whole.end and part.end > whole.start]
    duties = {session.activity for session in inputs.sessions}
    inside = tuple(part for part in within if part.activity not in duties)
    names = [span.activity for span in inside if span.activity not in (*AT_WORK, *ABSENT)]
    start, end = planned_span(whole.start, whole.end, inside)
    length_min = kind_minutes(inputs.calendar, start, end)
    template = inputs.known_shifts.kind_of(
        start.hour * 60 + start.minute, length_min, named=whole.kind, allowed=allowed, breaks=names
    )
    template = template or _begun_late(whole, inputs)
    held = tuple(part for part in within if part.activity in duties)
    return Worked(whole.start, whole.end, whole.queue, inside, template, held, whole.kind)


def planned_span(
    start: pd.Timestamp, end: pd.Timestamp, inside: Iterable[ActivitySpan]
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Start and end of a shift without the overtime at its edges."""
    for span in inside:
        if span.activity == OVERTIME:
            start, end = (span.end, end) if span.start == start else (start, span.start)
    return start, end


def _overlap(one: ActivitySpan, other: ActivitySpan) -> bool:
    return one.start < other.end and other.start < one.end


def _begun_late(whole: ActivitySpan, inputs: Inputs) -> ShiftTemplate | None:
    """The kind of a shift whose start the clocks leave out on its day, so that it begins with the first minute there
    is."""
    day = whole.start.date()
    for kind in inputs.kinds:
        spans = (begun_on(inputs.calendar, day, minute, kind.length_min) for minute in kind.starts_min)
        if kind.name == whole.kind and (whole.start, whole.end) in spans:
            return kind
    return None
