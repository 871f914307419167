"""The rules of work: for everyone, for some, from some day on; forbidden to break, or at a price."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from pydantic import Field, field_validator, model_validator

from staffing.domain.base import DateOrNone, FieldError, Frozen, Lenient, Many, Money, default
from staffing.domain.calendar import DAY_MIN, clock_minutes
from staffing.domain.presets import preset, preset_names
from staffing.errors import InputErrors

Name = Annotated[str, Field(min_length=1, max_length=80)]
ClockMin = Annotated[int, Field(ge=0, le=DAY_MIN)]
Clock = Lenient[ClockMin, int | str | dt.time]  # where `clock` reads what is given

#: Rules that may be broken at a price, with what the price is for.
PRICED = {
    "min_rest_h": "each rest that is too short",
    "max_days_in_row": "each day beyond",
    "min_days_in_row": "each day that lacks",
    "min_days_off_in_row": "each day off that lacks",
    "max_days_off_in_row": "each day off beyond",
    "max_weekend_days": "each weekend day beyond",
    "max_nights_per_week": "each night beyond",
    "max_nights_in_row": "each night beyond",
    "days_off_after_nights": "each day off that lacks",
    "max_weekends": "each weekend beyond",
    "whole_weekends": "each weekend worked in part",
    "forbidden_next": "each such pair",
    "max_start_spread_min": "each hour beyond",
    "max_shifts_of": "each shift beyond",
    "weekly_rest_h": "each week without it",
}
#: The loosest value of every field that can forbid a week: with it there is no such rule.
LOOSEST: dict[str, Any] = {
    "min_rest_h": 0.0,
    "min_rest_after_night_h": None,
    "weekly_rest_h": None,
    "max_days_in_row": 14,
    "min_days_in_row": 1,
    "min_days_off_in_row": 1,
    "max_days_off_in_row": None,
    "max_weekend_days": None,
    "max_weekends": None,
    "whole_weekends": False,
    "max_nights_per_week": None,
    "max_nights_in_row": None,
    "days_off_after_nights": 0,
    "forbidden_next": (),
    "max_start_spread_min": None,
    "max_shifts_of": {},
    "team_together": False,
}
#: What holds for the site as a whole: the same for everybody.
SITE_WIDE = ("night_from", "night_to", "late_from", "night_allowance", "weekend_allowance", "break_gap_min")


def clock(value: Any) -> Any:
    """Minutes after midnight of a time or of ``HH:MM``; anything else as it is."""
    if isinstance(value, dt.time):
        return value.hour * 60 + value.minute
    return clock_minutes(value) if isinstance(value, str) else value


class LabourRules(Frozen):
    """Rules that hold for everyone, unless a `RuleChange` says otherwise; a contract may be stricter.

    Parameters
    ----------
    min_rest_h : hours between the end of a shift and the next start.
    min_rest_after_night_h : the same after a night shift; None takes ``min_rest_h``.
    weekly_rest_h : one rest a week is at least this long; None means no such rule.
    max_days_in_row : working days in a row.
    max_weekend_days : weekend days (of the site's calendar) worked in one week; None means no limit.
    night_from, night_to : a shift with any minute in this window is a night shift.
    late_from : a shift that ends after this is a late shift, unless it is a night shift.
    max_nights_per_week : None means no limit.
    min_days_in_row, min_days_off_in_row : shortest runs of work and of days off (2: no lone day off).
    max_days_off_in_row : days off in a row, those of granted time off not counted; None means no limit.
    max_nights_in_row, days_off_after_nights : longest run of nights, and the days off owed after it.
    max_weekends : weekends with any work in every ``weekend_weeks`` weeks; None means no limit.
    weekend_weeks : None counts the weekends of the planning horizon alone.
    whole_weekends : a weekend is worked on all its days or on none.
    forbidden_next : pairs of shift names; the second may not follow on the day after the first.
    max_shifts_of : most shifts of a kind, by name, in the contract's period, or in the plan where it has none.
    max_start_spread_min : starts of one week lie this close together; None means no limit.
    team_together : people of one team who work on a day begin and end together.
    break_gap_min : work between two breaks of a shift.
    night_allowance, weekend_allowance : pay on top for each hour in the night window, and for each paid hour of a
        shift that begins on a weekend day, as a share of the usual pay.
    preset : rules to begin with, such as ``eu`` or ``iran``; fields given beside it are laid over them.
    prices : rules that may be broken, by name, and what it costs: see ``PRICED``. All others never are.
    """

    min_rest_h: Annotated[float, Field(ge=0, le=48)] = 11.0
    min_rest_after_night_h: Annotated[float, Field(ge=0, le=48)] | None = None
    weekly_rest_h: Annotated[float, Field(gt=0, le=96)] | None = None
    max_days_in_row: Annotated[int, Field(ge=1, le=14)] = 6
    max_weekend_days: Annotated[int, Field(ge=0, le=3)] | None = None
    night_from: Clock = default(0)
    night_to: Clock = default(360)
    late_from: Clock = default(1200)
    max_nights_per_week: Annotated[int, Field(ge=0, le=7)] | None = None
    min_days_in_row: Annotated[int, Field(ge=1, le=6)] = 1
    min_days_off_in_row: Annotated[int, Field(ge=1, le=4)] = 1
    max_days_off_in_row: Annotated[int, Field(ge=1, le=14)] | None = None
    max_nights_in_row: Annotated[int, Field(ge=1, le=7)] | None = None
    days_off_after_nights: Annotated[int, Field(ge=0, le=4)] = 0
    max_weekends: Annotated[int, Field(ge=0, le=6)] | None = None
    weekend_weeks: Annotated[int, Field(ge=1, le=8)] | None = None
    whole_weekends: bool = False
    forbidden_next: Many[tuple[str, str]] = default(())
    max_shifts_of: dict[str, Annotated[int, Field(ge=0, le=182)]] = Field(default_factory=dict)
    max_start_spread_min: Annotated[int, Field(ge=0, le=DAY_MIN)] | None = None
    team_together: bool = False
    break_gap_min: Annotated[int, Field(ge=0, le=480)] = 0
    night_allowance: Annotated[float, Field(ge=0, le=2)] = 0.0
    weekend_allowance: Annotated[float, Field(ge=0, le=2)] = 0.0
    preset: str = ""
    prices: dict[str, Money] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _begin_with_preset(cls, data: Any) -> Any:
        name = data.get("preset") if isinstance(data, dict) else None
        if not name:
            return data
        if name not in preset_names():
            raise FieldError("preset", f"there are no rules '{name}'; known: {', '.join(preset_names())}")
        return {**preset(name)["rules"], **data}

    _parse_clock = field_validator("night_from", "night_to", "late_from", mode="before")(clock)

    @field_validator("prices")
    @classmethod
    def _priceable(cls, prices: dict[str, float]) -> dict[str, float]:
        wrong = [name for name in prices if name not in PRICED]
        if wrong:
            raise ValueError(f"'{wrong[0]}' cannot be broken at a price; these can: {', '.join(PRICED)}")
        return prices

    @property
    def shift_names(self) -> tuple[str, ...]:
        """Names of shifts that the rules speak of."""
        return (*self.max_shifts_of, *(name for pair in self.forbidden_next for name in pair))

    def rest_h(self, *, after_night: bool) -> float:
        """Hours of rest owed after a shift."""
        longer = self.min_rest_after_night_h
        return self.min_rest_h if longer is None or not after_night else longer


class Governed(Protocol):
    """Somebody for whom rules hold: what tells whose rules they are."""

    @property
    def name(self) -> str: ...
    @property
    def team(self) -> str: ...
    @property
    def contract(self) -> str: ...


class RuleChange(Frozen):
    """Other rules for some people, or from a day on. Where several hold, the later in the list wins.

    Every rule is judged by what holds on one day: of a week's total its first day, of a rest, a run of days or
    a succession the day on which it is broken.

    Parameters
    ----------
    start, end : first and last day on which it holds; left out: always.
    contracts, teams, agents : for whom; all left out: for everybody.
    rules : fields of `LabourRules`; ``prices`` are laid over those of before.
    """

    name: Name
    start: DateOrNone = default(None)
    end: DateOrNone = default(None)
    contracts: Many[str] = default(())
    teams: Many[str] = default(())
    agents: Many[str] = default(())
    rules: dict[str, Any]

    @field_validator("rules")
    @classmethod
    def _are_rules(cls, rules: dict[str, Any]) -> dict[str, Any]:
        try:
            checked = LabourRules.parse(rules).model_dump(mode="json")
        except InputErrors as errors:
            raise ValueError(
                "; ".join(f"{wrong.where.field} {wrong.what.rstrip('.')}" for wrong in errors.problems)
            ) from None
        if "preset" in rules:
            raise ValueError("a preset belongs into [rules]")
        return {name: checked[name] for name in rules}

    @model_validator(mode="after")
    def _sensible(self) -> RuleChange:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"'{self.name}' ends before it starts")
        for_some = self.contracts or self.teams or self.agents
        wide = [name for name in SITE_WIDE if name in self.rules]
        if wide and (for_some or "break_gap_min" in wide):
            raise ValueError(f"'{wide[0]}' holds for the whole site" + ("" if for_some else " and plan"))
        return self

    @property
    def as_rules(self) -> LabourRules:
        """The rules that it names, all others at their defaults."""
        return LabourRules.model_validate(self.rules)

    @property
    def priced(self) -> dict[str, float]:
        """Prices that it sets."""
        return dict(self.rules.get("prices", {}))

    def meets(self, other: RuleChange, agents: Iterable[Governed]) -> bool:
        """Whether both hold for one of these people on one day."""
        first = max(self.start or dt.date.min, other.start or dt.date.min)
        last = min(self.end or dt.date.max, other.end or dt.date.max)
        return first <= last and any(self.concerns(agent) and other.concerns(agent) for agent in agents)

    def holds_on(self, day: dt.date) -> bool:
        """Whether the day lies within the change."""
        return (self.start or dt.date.min) <= day <= (self.end or dt.date.max)

    def concerns(self, agent: Governed) -> bool:
        """Whether the change is for this person; one for everybody is."""
        some = self.contracts or self.teams or self.agents
        return not some or agent.contract in self.contracts or agent.team in self.teams or agent.name in self.agents


Key = tuple[int, ...]  # the changes that hold, by number


@dataclass(frozen=True)
class RuleBook:
    """Everybody's rules on every day."""

    everyone: LabourRules
    changes: tuple[RuleChange, ...] = ()
    _known: dict[Key, LabourRules] = field(default_factory=dict, compare=False, repr=False)

    def key(self, agent: Governed | None, day: dt.date) -> Key:
        """What tells the rules of a person and day from others; `agent` None: the site itself."""
        return tuple(
            number
            for number, change in enumerate(self.changes)
            if change.holds_on(day)
            and (change.concerns(agent) if agent else not (change.contracts or change.teams or change.agents))
        )

    def rules(self, key: Key) -> LabourRules:
        """The rules behind a key."""
        if key not in self._known:
            self._known[key] = _laid_over(self.everyone, (self.changes[number].rules for number in key))
        return self._known[key]

    def overlaps(self, agents: Sequence[Governed]) -> Iterator[str]:
        """Changes of one rule that hold for one of these people on one day, and which of them wins."""
        for one, other in itertools.combinations(self.changes, 2):
            both = [name for name in one.rules if name in other.rules and name != "prices"]
            both += [f"the price of {name}" for name in one.priced if name in other.priced]
            if both and one.meets(other, agents):
                yield f"'{one.name}' and '{other.name}' both set {', '.join(both)}: '{other.name}', the later, wins."

    def idle(self) -> Iterator[str]:
        """Prices of rules that nobody has, and changes that change nothing."""
        everywhere = [self.everyone, *(change.as_rules for change in self.changes)]
        owners = [("[rules]", self.everyone.prices), *((f"'{change.name}'", change.priced) for change in self.changes)]
        for owner, prices in owners:
            unset = [name for name in prices if all(getattr(one, name) == LOOSEST[name] for one in everywhere)]
            if unset:
                yield f"{owner} prices {', '.join(unset)}, which no rule sets: set it, or take its price out."
        for change in self.changes:
            if not change.priced and not change.rules.keys() - {"prices"}:
                yield f"The rule change '{change.name}' sets nothing: name its rules, or take it out."

    def has(self, name: str) -> bool:
        """Whether a rule is set for anybody on any day."""
        everywhere = (self.everyone, *(change.as_rules for change in self.changes))
        return any(getattr(one, name) != LOOSEST[name] for one in everywhere)

    def of(self, agent: Governed | None, day: dt.date) -> LabourRules:
        """The rules of a person on a day."""
        return self.rules(self.key(agent, day)) if self.changes else self.everyone


def _laid_over(rules: LabourRules, patches: Iterable[dict[str, Any]]) -> LabourRules:
    fields = rules.model_dump()
    for patch in patches:
        fields |= {**patch, "prices": fields["prices"] | patch.get("prices", {})}
    return LabourRules.model_validate(fields)
