"""What the customer is promised, and what takes agents away from the phone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from staffing.domain.base import Frozen

ServiceLevelDefinition = Literal["offered", "answered", "excl_short_abandons", "wait_within_threshold"]

DEFINITION_TEXT: dict[ServiceLevelDefinition, str] = {
    "offered": "answered within {t:g} s ÷ all offered",
    "answered": "answered within {t:g} s ÷ answered",
    "excl_short_abandons": "answered within {t:g} s ÷ (offered − abandoned within {t:g} s)",
    "wait_within_threshold": "waits of at most {t:g} s, answered or not ÷ all offered",
}


class ServiceTarget(Frozen):
    """Targets that hold together; those left out do not bind. At least one must be given.

    Definitions of service level: Jouini, Koole & Roubos 2013, "Performance indicators for call centers
    with impatient customers".

    Parameters
    ----------
    service_level : share of contacts, with ``threshold_s`` and ``definition``.
    asa_s : mean wait of the answered, seconds, at most.
    abandonment : share of offered that hang up, at most.
    max_occupancy : share of on-phone time spent handling, at most.
    """

    service_level: Annotated[float, Field(gt=0, lt=1)] | None = None
    threshold_s: Annotated[float, Field(ge=0)] = 20.0
    definition: ServiceLevelDefinition = "offered"
    asa_s: Annotated[float, Field(gt=0)] | None = None
    abandonment: Annotated[float, Field(gt=0, lt=1)] | None = None
    max_occupancy: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _some_target(self) -> ServiceTarget:
        if all(v is None for v in (self.service_level, self.asa_s, self.abandonment, self.max_occupancy)):
            raise ValueError("give at least one of service_level, asa_s, abandonment, max_occupancy")
        return self

    def definition_text(self) -> str:
        """The service-level definition in words, with its threshold."""
        return DEFINITION_TEXT[self.definition].format(t=self.threshold_s)


class Shrinkage(Frozen):
    """Paid time lost to the phone beyond the breaks that the roster places itself.

    ``planned`` is known ahead (meetings, training), ``unplanned`` is not (sickness, lateness). They compound:
    of the time left by one, the other takes its share.
    """

    planned: Annotated[float, Field(ge=0, lt=0.9)] = 0.0
    unplanned: Annotated[float, Field(ge=0, lt=0.9)] = 0.0

    @property
    def present_share(self) -> float:
        """Share of rostered time that is worked on contacts, in (0, 1]."""
        return (1 - self.planned) * (1 - self.unplanned)
