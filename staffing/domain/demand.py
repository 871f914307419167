"""What customers ask for: queues, and the events that move them."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from staffing.domain.base import MOST_PEOPLE, Date, DateOrNone, FieldError, Frozen, Many, default
from staffing.domain.calendar import Spans
from staffing.domain.service import ServiceTarget

Channel = Literal["voice", "chat", "email", "back_office", "callback"]
StaffingModel = Literal["erlang_c", "erlang_a", "transient"]
EventKind = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[\w .&/-]+$")]
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


#: Channels whose contacts wait for an agent; the work of the others can wait.
LIVE = ("voice", "chat")


class Queue(Frozen):
    """One stream of contacts.

    Parameters
    ----------
    channel : how its contacts arrive; live ones (voice, chat) wait for an agent, the others are done by a deadline.
    aht_s : handle time assumed where history has none, seconds; of a chat, the agent's own work in it.
    patience_s : mean patience, seconds; None means callers never hang up.
    patience_from_history : take mean patience by weekday and time of day from past abandoned contacts and waits, where
        history has both; ``patience_s`` then stands in where it has not.
    model : how live contacts are staffed; chat, email, back_office and callback have their own.
    concurrency : chats one agent holds at once (chat only).
    think_s : seconds a chat customer takes to answer (chat only).
    replies : replies an agent writes in a chat, on average (chat only).
    redial_share : share of those who hang up who call again (voice only).
    resolution : first-contact resolution, share of answered contacts that settle the matter; the other
        contacts come back, in addition to the forecast (voice only). Forecasts of what history counted
        hold its repeats already: give here the change that is planned, or 1.
    deadline_min : minutes within which deferred work is due (email, back_office, callback).
    windows : local hours of the day in which deferred work may be done, such as those of calling back; the deadline
        counts this time only. Empty means whenever the site is open.
    minimum_agents : on-phone agents whenever the queue is open.
    volume_factor, aht_factor : multiply this queue's forecast contacts and handle times, beside the scenario's own.
    contained : share of its contacts that self-service settles before they come, in addition to history's.
    automated : share of its handle time that automation (summaries, look-ups, forms) takes over.
    service : target of this queue; None takes the scenario's.
    """

    name: Name
    channel: Channel = "voice"
    aht_s: Annotated[float, Field(gt=0, le=86_400)] = 240.0
    patience_s: Annotated[float, Field(gt=0, le=604_800)] | None = None
    patience_from_history: bool = False
    model: StaffingModel = "erlang_a"
    concurrency: Annotated[int, Field(ge=1, le=20)] = 1
    think_s: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    replies: Annotated[float, Field(ge=1, le=1000)] = 8.0
    deadline_min: Annotated[int, Field(gt=0, le=525_600)] = 480
    windows: Spans = default(())
    redial_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    resolution: Annotated[float, Field(gt=0, le=1)] = 1.0
    minimum_agents: Annotated[int, Field(ge=0, le=MOST_PEOPLE)] = 0
    volume_factor: Annotated[float, Field(gt=0, le=20)] = 1.0
    aht_factor: Annotated[float, Field(gt=0, le=20)] = 1.0
    contained: Annotated[float, Field(ge=0, lt=1)] = 0.0
    automated: Annotated[float, Field(ge=0, lt=1)] = 0.0
    service: ServiceTarget | None = None

    @model_validator(mode="after")
    def _windows_of_deferred_work(self) -> Queue:
        if self.windows and self.channel in LIVE:
            raise FieldError("windows", f"a {self.channel} queue is answered while the site is open; it has no windows")
        return self

    @property
    def steady_patience_s(self) -> float:
        """Mean patience that steady-state formulas use, seconds; inf where nobody hangs up."""
        return math.inf if self.model == "erlang_c" or self.patience_s is None else self.patience_s

    @property
    def repeats(self) -> bool:
        """Whether its contacts make more contacts."""
        return self.redial_share > 0 or self.resolution < 1


class QueueTotal(Frozen):
    """Queues whose contacts are also looked at as one sum: a site, a language, a customer.

    Parameters
    ----------
    queues : the queues it adds up; empty means all.
    method : ``reconciled`` forecasts the sum too and lets queues and sum agree; ``bottom_up`` only adds up.
    """

    name: Name
    queues: Many[str] = default(())
    method: Literal["reconciled", "bottom_up"] = "reconciled"


MOVED_HERE = ", moved here"  # what a kind is called in the queue that it moves contacts to


class Event(Frozen):
    """Something that moves contacts: a launch, a campaign, a price change, an outage, a holiday.

    Parameters
    ----------
    kind : events of one kind share what they teach (launch, campaign, outage, price_change, feature, …).
    start, end : first and last local day, both inclusive; ``end`` None means one day.
    start_time, end_time : hours within the first and the last day, where known.
    size : reach, spend or tier, in any unit that is the same for all events of the kind.
    queues : the queues it touches; empty means all others than ``moves_to``.
    moves_to : the queue that takes contacts which the event keeps from the others (self-service moves calls to chat).
    moved_share : what share of those contacts it takes, in (0, 1], where no past event of the kind has shown it.
    effect : the planner's own estimate of the share of contacts added (+0.10) or taken away (−0.05).
    effect_low, effect_high : the planner's 80 % range around ``effect``.
    aht_effect : share by which handle time changes.
    reason : why the planner typed an effect.
    enabled : whether the plan counts with it.
    movable : whether advice on dates may move it.
    """

    name: Name
    kind: EventKind
    start: Date
    end: DateOrNone = default(None)
    start_time: dt.time | None = None
    end_time: dt.time | None = None
    size: Annotated[float, Field(ge=0, le=1e6)] | None = None
    queues: Many[str] = default(())
    moves_to: str = ""
    moved_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    effect: Annotated[float, Field(gt=-1, le=20)] | None = None
    effect_low: Annotated[float, Field(gt=-1, le=20)] | None = None
    effect_high: Annotated[float, Field(gt=-1, le=100)] | None = None
    aht_effect: Annotated[float, Field(gt=-1, le=20)] | None = None
    enabled: bool = True
    movable: bool = True
    reason: str = ""

    @model_validator(mode="before")
    @classmethod
    def _split_times(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        value = dict(value)
        for field, time_field in (("start", "start_time"), ("end", "end_time")):
            moment = value.get(field)
            if isinstance(moment, str) and len(moment.strip()) > 10:
                moment = _wall_clock(field, moment)
            if isinstance(moment, dt.datetime):
                value[field], value[time_field] = moment.date(), moment.time()
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Event:
        if self.end is not None and self.end < self.start:
            raise FieldError("end", f"event '{self.name}' ends ({self.end}) before it starts ({self.start})")
        if self.days == 1 and self.start_time and self.end_time and self.end_time <= self.start_time:
            clocks = f"ends at {self.end_time:%H:%M}, not after it starts at {self.start_time:%H:%M}"
            raise FieldError("end", f"event '{self.name}' {clocks}")
        if self.effect is None and (self.effect_low is not None or self.effect_high is not None):
            raise FieldError("effect", f"event '{self.name}' has a range but no effect")
        if self.moves_to and self.moves_to in self.queues:
            raise ValueError(
                f"event '{self.name}' moves contacts to '{self.moves_to}', which it also names as its queue"
            )
        low, high = self.effect_low, self.effect_high
        inside = (low is None or low <= (self.effect or 0)) and (high is None or (self.effect or 0) <= high)
        if not inside:
            raise FieldError("effect", f"the effect of event '{self.name}' lies outside its range")
        return self

    @property
    def last(self) -> dt.date:
        return self.end or self.start

    @property
    def days(self) -> int:
        return (self.last - self.start).days + 1

    def touches(self, queue: str) -> bool:
        """Whether it moves contacts of the queue of that name."""
        return self.enabled and (not self.queues or queue in (*self.queues, self.moves_to))

    def seen_by(self, queue: str) -> Event:
        """The event as ``queue`` meets it: what comes to the queue it moves contacts to is a kind of its own.

        What the planner typed is the effect on the queues that the contacts leave.
        """
        if queue != self.moves_to or self.kind.endswith(MOVED_HERE):
            return self
        typed = dict.fromkeys(("effect", "effect_low", "effect_high", "aht_effect"))
        return self.model_copy(update={"kind": f"{self.kind}{MOVED_HERE}", **typed})

    def moved(self, to: dt.date) -> Event:
        """The same event beginning on another day, equally long."""
        end = None if self.end is None else to + (self.end - self.start)
        return self.model_copy(update={"start": to, "end": end})


def _wall_clock(field: str, text: str) -> dt.datetime:
    """A day and time of the site's clock."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise FieldError(field, "must be a date such as 2026-12-31, or with a time, 2026-12-31 09:30") from None
    if moment.tzinfo is not None:
        raise FieldError(field, "must be a time of the site's own clock, without a time zone")
    return moment


class Adjustment(Frozen):
    """A planner's own correction of the forecast: contacts × ``factor`` on the days given, with its reason.

    Parameters
    ----------
    queue : the queue it corrects; empty means all.
    start, end : first and last local day, both inclusive.
    reason : why the planner knows better.
    """

    queue: str = ""
    start: Date
    end: Date
    factor: Annotated[float, Field(gt=0, le=20)]
    reason: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Adjustment:
        if self.end < self.start:
            raise ValueError("an adjustment must not end before it starts")
        return self


class ExcludedDays(Frozen):
    """Days of history from which the forecast is not to learn (an outage, a strike, a faulty export), and why.

    Parameters
    ----------
    queue : the queue whose days these are; empty means all.
    start, end : first and last local day, both inclusive.
    reason : what was wrong with them.
    """

    queue: str = ""
    start: Date
    end: Date
    reason: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _ordered(self) -> ExcludedDays:
        if self.end < self.start:
            raise ValueError("excluded days must not end before they start")
        return self
