"""What things cost: hours and people on one side, what customers lose on the other."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from staffing.domain.base import Frozen, Money


class Prices(Frozen):
    """What things cost, in ``currency``; the roster trades them off.

    Parameters
    ----------
    currency : in which all of these are told, such as EUR.
    agent_hour : one paid hour, where the contract names no other.
    shortage_hour, excess_hour : one agent too few, or too many, for an hour.
    undesired_shift : one shift that its agent avoids, or one off the preferred kinds.
    unfair_share : what a person's second unloved shift of a plan costs more than the first, the third more than
        the second, and so on, those of the past above a fair share counted in; 0 leaves the spread unpriced.
    lost_contact : what an abandoned contact is worth to the business.
    waited_minute : what a minute that a customer waits costs; None takes a quarter of a minute of an agent.
    repeat_contact : one contact more because the first was lost or settled nothing; None takes its handle time.
    leaver : replacing somebody who leaves; None takes 160 paid hours.
    busy_above, leavers_per_point : above such an occupancy, of every point more so large a share of the people leaves
        in a year: an assumption of the site, not a law.
    """

    currency: Annotated[str, Field(min_length=1, max_length=8)] = "EUR"
    agent_hour: Money = 20.0
    shortage_hour: Money = 80.0
    excess_hour: Money = 20.0
    undesired_shift: Money = 2.0
    unfair_share: Money = 0.0
    lost_contact: Money = 5.0
    waited_minute: Money | None = None
    repeat_contact: Money | None = None
    leaver: Money | None = None
    busy_above: Annotated[float, Field(gt=0, lt=1)] = 0.85
    leavers_per_point: Annotated[float, Field(ge=0, le=1)] = 0.02

    @property
    def of_waited_minute(self) -> float:
        return self.agent_hour / 60 / 4 if self.waited_minute is None else self.waited_minute

    @property
    def of_leaver(self) -> float:
        return 160 * self.agent_hour if self.leaver is None else self.leaver

    def of_repeat(self, aht_s: float) -> float:
        """One contact more, of such a handle time in seconds."""
        return self.agent_hour * aht_s / 3600 if self.repeat_contact is None else self.repeat_contact
