"""What the customer is promised, and what takes agents away from the phone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from staffing.domain.base import FieldError, Frozen

ServiceLevelDefinition = Literal["offered", "answered", "excl_short_abandons", "wait_within_threshold"]

Span = Literal["interval", "day", "week"]

SPAN_TEXT: dict[Span, str] = {"interval": "in every interval", "day": "over each day", "week": "over the week"}

DEFINITION_TEXT: dict[ServiceLevelDefinition, str] = {
    "offered": "answered within {t:g} s ÷ all offered",
    "answered": "answered within {t:g} s ÷ answered",
    "excl_short_abandons": "answered within {t:g} s ÷ (offered − abandoned within {t:g} s)",
    "wait_within_threshold": "waits of at most {t:g} s, answered or not ÷ all offered",
}


MOST_MEET = 0.99  # more cannot be seen in a thousand sample paths


class ServiceTarget(Frozen):
    """Targets that hold together; those left out do not bind. At least one must be given.

    Definitions of service level: Jouini, Koole & Roubos 2013, "Performance indicators for call centers
    with impatient customers".

    Parameters
    ----------
    service_level : share of contacts, with ``threshold_s`` and ``definition``.
    threshold_s : within how many seconds they are answered.
    definition : which contacts are counted, above and below the line of the share.
    over : whether every interval keeps the service level, or the local day or planning week as a whole,
        weighted by contacts. The other targets hold in every interval.
    meet : on so large a share of days (of weeks, where ``over`` is week) the day as a whole keeps all targets of
        customers; the staff is then found from sample paths instead of the mean forecast. At most MOST_MEET.
    floor : with a day or week, the service level that every interval keeps all the same.
    asa_s : mean wait of the answered, seconds, at most.
    abandonment : share of offered that hang up, at most.
    max_occupancy : share of on-phone time spent handling, at most.
    """

    service_level: Annotated[float, Field(gt=0, lt=1)] | None = None
    threshold_s: Annotated[float, Field(ge=0, le=86_400)] = 20.0
    definition: ServiceLevelDefinition = "offered"
    over: Span = "interval"
    meet: Annotated[float, Field(gt=0, le=MOST_MEET)] | None = None
    floor: Annotated[float, Field(gt=0, lt=1)] | None = None
    asa_s: Annotated[float, Field(gt=0, le=86_400)] | None = None
    abandonment: Annotated[float, Field(gt=0, lt=1)] | None = None
    max_occupancy: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _some_target(self) -> ServiceTarget:
        if all(v is None for v in (self.service_level, self.asa_s, self.abandonment, self.max_occupancy)):
            raise ValueError("give at least one of service_level, asa_s, abandonment, max_occupancy")
        if self.over != "interval" and self.service_level is None:
            raise FieldError("over", f"a promise {SPAN_TEXT[self.over]} needs a service_level")
        if self.floor is not None and self.over == "interval":
            raise FieldError("floor", "a floor needs over = 'day' or 'week'; without, service_level is the floor")
        if self.floor is not None and self.service_level is not None and self.floor > self.service_level:
            raise FieldError("floor", "the floor lies above the service_level")
        if self.meet is not None and self.service_level is None:
            raise FieldError("meet", "a share of days needs a service_level that they keep")
        return self

    @property
    def in_pieces(self) -> bool:
        """Whether intervals make up for each other to keep the service level, on the mean forecast."""
        return self.over != "interval" and self.meet is None

    def in_every_interval(self) -> ServiceTarget | None:
        """The part of the promise that each interval keeps by itself; None where there is none."""
        if self.over == "interval":
            return self
        if all(v is None for v in (self.floor, self.asa_s, self.abandonment, self.max_occupancy)):
            return None
        return self.model_copy(update={"service_level": self.floor, "over": "interval", "floor": None})

    def definition_text(self) -> str:
        """The service-level definition in words, with its threshold."""
        return DEFINITION_TEXT[self.definition].format(t=self.threshold_s)

    def text(self) -> str:
        """The whole promise in words."""
        parts: list[tuple[float | None, str]] = [
            (self.service_level, f"{{:.4g}} % {self.definition_text()}, {SPAN_TEXT[self.over]}"),
            (self.floor, "at least {:.4g} % in every interval"),
            (self.abandonment, "abandonment at most {:.4g} %"),
            (self.max_occupancy, "occupancy at most {:.4g} %"),
        ]
        if self.meet is not None:
            days = "weeks" if self.over == "week" else "days"
            parts[0] = self.service_level, f"{{:.4g}} % {self.definition_text()}, on {100 * self.meet:.4g} % of {days}"
        said = [words.format(100 * share) for share, words in parts if share is not None]
        return "; ".join([*said, *([] if self.asa_s is None else [f"ASA at most {self.asa_s:g} s"])])


class Shrinkage(Frozen):
    """Paid time lost to the phone beyond the breaks that the roster places itself.

    ``planned`` is known ahead (meetings, training), ``unplanned`` is not (sickness, lateness). They compound:
    of the time left by one, the other takes its share. ``from_history`` takes both by weekday and time of day from
    past attendance, where history has it; these two then stand in where it has not.
    """

    planned: Annotated[float, Field(ge=0, lt=0.9)] = 0.0
    unplanned: Annotated[float, Field(ge=0, lt=0.9)] = 0.0
    from_history: bool = False
