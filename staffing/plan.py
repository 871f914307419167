"""The spine: history and a scenario in, a plan out. The command line, the batch and the pages call this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from staffing.domain.scenario import Scenario
from staffing.errors import PlanError
from staffing.needs import frame_hash, requirements, service_pieces
from staffing.store.cache import StageCache

if TYPE_CHECKING:
    import pandas as pd

    from staffing.evaluation import Evaluation
    from staffing.evaluation.today import Today
    from staffing.forecast import Baseline, Forecast
    from staffing.history import History
    from staffing.roster import Roster

#: Told which stage has begun and the share of the work done; may raise Cancelled.
Progress = Callable[[str, float], None]

DAYS_REFORECAST = 8  # reaches the next open day over any weekend


@dataclass(frozen=True)
class Plan:
    """What was planned for the ``days`` local days from ``start``, stage by stage."""

    scenario: Scenario
    start: dt.date
    days: int
    forecast: Forecast
    requirements: pd.DataFrame
    roster: Roster
    evaluation: Evaluation

    @property
    def notes(self) -> tuple[str, ...]:
        """What the figures do not say by themselves: of the forecast, then of the evaluation, then of the roster."""
        return tuple(dict.fromkeys((*self.forecast.notes, *self.evaluation.notes, *self.roster.notes)))


def day_after(history: History, scenario: Scenario) -> dt.date:
    """The first local day that history does not reach into."""
    return history.frame["start"].max().tz_convert(scenario.site.zone).date() + dt.timedelta(days=1)


def next_week(history: History, scenario: Scenario) -> dt.date:
    """First day of the first planning week that history does not reach into."""
    return scenario.site.week_of(day_after(history, scenario) + dt.timedelta(days=6))


def plan(
    history: History,
    scenario: Scenario,
    *,
    start: dt.date | None = None,
    days: int = 7,
    past: pd.DataFrame | None = None,
    weekly: bool = False,
    cache: StageCache | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Forecast, requirements, roster and evaluation of ``days`` days from ``start`` (default: the next week).

    ``past`` is the roster of the weeks before (see ``store.rosters``): rest, runs of days, shifts across the first
    midnight and what each has carried so far are carried on. With ``weekly`` several weeks are rostered one after
    the other instead of in one go. Stages whose inputs are unchanged come from
    ``cache``. Raises PlanError, and whatever a stage raises.
    """
    cache, tell = cache or StageCache(), progress or _silent
    start = start or next_week(history, scenario)
    tell("forecast", 0.0)
    calls = forecast(
        history, scenario, start=start, days=days, cache=cache, told=lambda share: tell("forecast", 0.4 * share)
    )
    tell("requirements", 0.4)
    needed = requirements(calls, scenario, cache=cache)
    tell("roster", 0.5)
    pieces = service_pieces(calls, scenario, cache=cache)
    people = roster(
        needed,
        scenario,
        start=start,
        days=days,
        past=past,
        weekly=weekly,
        cache=cache,
        progress=progress,
        pieces=pieces,
    )
    tell("evaluation", 0.95)
    made = evaluate(calls, needed, people, scenario, start=start, days=days, past=past)
    tell("done", 1.0)
    return Plan(scenario, start, days, calls, needed, people, made)


def baseline(
    history: History, scenario: Scenario, *, cache: StageCache, told: Callable[[float], None] | None = None
) -> Baseline:
    """What history teaches; refitted only when history, calendar or past events change.

    ``told`` hears the share of the fit done, and may raise Cancelled.
    """
    from staffing.forecast import ForecastOptions, fit

    reached = day_after(history, scenario)
    past = tuple(event for event in scenario.events if event.enabled and event.start < reached)
    aht_s = {queue.name: queue.aht_s for queue in scenario.queues}
    options = ForecastOptions(seed=scenario.seed, paths=scenario.paths, aht_s=aht_s, totals=scenario.totals)
    return cache.get(
        "baseline",
        (history.sha256, scenario.site, past, scenario.excluded, aht_s, scenario.totals, scenario.seed, scenario.paths),
        lambda: fit(
            history.aggregate(scenario.site.interval_min).frame,
            scenario.site,
            past,
            options,
            excluded=scenario.excluded,
            told=told,
        ),
    )


def forecast(
    history: History,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int,
    cache: StageCache | None = None,
    told: Callable[[float], None] | None = None,
) -> Forecast:
    """Contacts and handle times under the scenario. Moving a future event never refits.

    ``told`` hears the share of a fit done, and may raise Cancelled. Days that history reaches into are forecast from
    what was known before ``start``, as the first of the notes says; the last ones say what the scenario asks of
    history in vain. Raises InputError if nothing was known.
    """
    made = _forecast(history, scenario, (start, days), cache or StageCache(), told)
    return replace(made, notes=(*made.notes, *not_in_history(made, scenario)))


def not_in_history(made: Forecast, scenario: Scenario) -> tuple[str, ...]:
    """What ``scenario`` takes from history, where history does not have it: its own figures stand in."""
    from staffing.requirements.present import without_shares

    notes = [
        f"{queue}: shrinkage is the given shares; history lacks the agents 'scheduled', and 'planned_off' or "
        "'present', to learn it from."
        for queue in without_shares(made.table, scenario.shrinkage)
    ]
    known = made.table.reindex(columns=["queue", "patience_s"]).groupby("queue")["patience_s"].count()
    notes += [
        f"{queue.name}: patience is the given one; history lacks 'abandoned' contacts and their mean 'wait_seconds', "
        "answered or not, to learn it from."
        for queue in scenario.queues
        if queue.patience_from_history and not known.get(queue.name, 0)
    ]
    return tuple(notes)


def _forecast(
    history: History,
    scenario: Scenario,
    span: tuple[dt.date, int],
    cache: StageCache,
    told: Callable[[float], None] | None,
) -> Forecast:
    from staffing.forecast import Forecast

    (start, days), reached = span, day_after(history, scenario)
    if start < reached:
        known = history.before(scenario.site.midnight(start))
        made = _forecast(known, scenario, (start, days), cache, told)
        note = f"History reaches to {reached - dt.timedelta(days=1)}; the forecast knows only what came before {start}."
        return replace(made, notes=(note, *made.notes))
    levers = (scenario.corrections(), scenario.aht_factor, scenario.excluded, scenario.totals)
    aht_s = [queue.aht_s for queue in scenario.queues]
    return cache.get(
        "forecast",
        (history.sha256, scenario.site, scenario.events, levers, aht_s, scenario.seed, scenario.paths, start, days),
        lambda: baseline(history, scenario, cache=cache, told=told).predict(
            scenario.site,
            scenario.events,
            start,
            days,
            adjustments=scenario.corrections(),
            aht_factor=scenario.aht_factor,
        ),
        kind=Forecast,
    )


def reforecast(history: History, scenario: Scenario, *, now: pd.Timestamp, cache: StageCache | None = None) -> Today:
    """The rest of the day of ``now`` and the next, knowing what came until then, beside the morning's forecast.

    Rows of history after ``now`` are not looked at; what came counts times the scenario's volume factor, as the
    forecast does. Raises InputError when nothing is known before that day.
    """
    import pandas as pd

    from staffing.evaluation.today import compare_today
    from staffing.forecast import reforecast as update

    cache, now = cache or StageCache(), now.tz_convert(scenario.site.zone)
    known = history.before(scenario.site.midnight(now.date()))
    morning = forecast(known, scenario, start=now.date(), days=DAYS_REFORECAST, cache=cache)
    end = history.frame["start"].max() + pd.Timedelta(minutes=history.interval_min)
    rows = history.aggregate(scenario.site.interval_min).frame
    whole = rows["start"] + pd.Timedelta(minutes=scenario.site.interval_min) <= end
    before = rows["start"] < scenario.site.midnight(now.date())
    rows = rows.assign(calls=rows["calls"].where(before, rows["calls"] * scenario.volume_factor))
    fitted = baseline(known, scenario, cache=cache)
    updated = update(fitted, morning, rows[whole], scenario.site, now=now)
    needed = [requirements(calls, scenario, cache=cache) for calls in (morning, updated)]
    return compare_today(morning, updated, (needed[0], needed[1]), now)


def found_events(history: History, scenario: Scenario) -> pd.DataFrame:
    """Spikes, dips and level shifts of history that the scenario's events do not explain: candidates to name."""
    from staffing.forecast.events.found import found_events as scan

    known = tuple(event for event in scenario.events if event.enabled)
    return scan(history.aggregate(scenario.site.interval_min).frame, scenario.site, known, excluded=scenario.excluded)


def roster(
    needed: pd.DataFrame,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int,
    past: pd.DataFrame | None = None,
    weekly: bool = False,
    cache: StageCache | None = None,
    progress: Progress | None = None,
    pieces: pd.DataFrame | None = None,
) -> Roster:
    """Named shifts that cover the requirement, or keep the promises of `pieces` (see `service_pieces`).

    Raises PlanError when there is nobody to roster.
    """
    from staffing.roster import Roster
    from staffing.roster import roster as work_out

    if not scenario.agents or not scenario.shifts:
        missing = "agents (agents.csv)" if not scenario.agents else "shifts (shifts.toml)"
        raise PlanError(f"there are no {missing} to roster.", remedy="Add them, or ask for requirements only.")
    inputs = (
        frame_hash(needed),
        None if pieces is None else frame_hash(pieces),
        scenario.site,
        scenario.agents,
        scenario.contracts,
        scenario.shifts,
        scenario.rules,
        (scenario.rule_changes, scenario.rotations, scenario.minimums, scenario.sessions, scenario.pins),
        scenario.prices,
        scenario.solve,
        scenario.seed,
        start,
        days,
        None if past is None else frame_hash(past),
        weekly,
    )
    return (cache or StageCache()).get(
        "roster",
        inputs,
        lambda: work_out(
            needed,
            scenario,
            start=start,
            days=days,
            progress=progress,
            past=past,
            apart=True,
            weekly=weekly,
            pieces=pieces,
        ),
        kind=Roster,
    )


def with_table(made: Plan, table: pd.DataFrame, *, past: pd.DataFrame | None = None) -> Plan:
    """The plan with another roster table, as a planner edited or published it; no solver stands behind its figures."""
    from staffing.roster import inputs_of
    from staffing.roster.desk.edit import as_roster

    inputs = inputs_of(made.requirements, made.scenario, start=made.start, days=made.days, past=past)
    people = as_roster(inputs, table)
    figures = evaluate(
        made.forecast, made.requirements, people, made.scenario, start=made.start, days=made.days, past=past
    )
    return replace(made, roster=people, evaluation=figures)


def held(
    history: History,
    scenario: Scenario,
    table: pd.DataFrame,
    *,
    start: dt.date,
    past: pd.DataFrame | None = None,
    cache: StageCache | None = None,
) -> Plan:
    """A week's kept roster, drafted or published, under the scenario's forecast and requirements."""
    from staffing.roster import inputs_of
    from staffing.roster.desk.edit import as_roster

    calls = forecast(history, scenario, start=start, days=7, cache=cache)
    needed = requirements(calls, scenario, cache=cache)
    people = as_roster(inputs_of(needed, scenario, start=start, past=past), table)
    figures = evaluate(calls, needed, people, scenario, start=start, days=7, past=past)
    return Plan(scenario, start, 7, calls, needed, people, figures)


def evaluate(
    calls: Forecast,
    needed: pd.DataFrame,
    people: Roster,
    scenario: Scenario,
    *,
    start: dt.date,
    days: int,
    past: pd.DataFrame | None = None,
) -> Evaluation:
    """Service, hours, money and fairness of the roster; shifts of ``past`` that reach into it serve too."""
    from staffing.evaluation import evaluate as work_out

    return work_out(calls.table, needed, people.table, scenario, start=start, days=days, past=past)


def _silent(_stage: str, _share: float) -> None:
    return
