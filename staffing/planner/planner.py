"""The planner: one history, and every stage on it, each worked out once for the same inputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Self

from staffing.domain.scenario import Scenario
from staffing.errors import PlanError
from staffing.planner.hashing import frame_hash
from staffing.planner.mending import Mending
from staffing.planner.notes import not_in_history
from staffing.planner.plans import Plan, Workload
from staffing.planner.progress import Progress, silent
from staffing.store.cache import StageCache

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.evaluation import Evaluation
    from staffing.evaluation.today import Today
    from staffing.forecast import Baseline, Forecast
    from staffing.history import History
    from staffing.requirements import SharedStaff
    from staffing.roster import Inputs, Roster
    from staffing.roster.desk.replan import Replan
    from staffing.store.workspace import Workspace

    #: Rosters (table ROSTER) of the weeks before a week, or None: ``RosterBook.before``.
    RostersBefore = Callable[[dt.date], pd.DataFrame | None]

#: Told the share of a fit that is done, in [0, 1]; may raise Cancelled.
Told = Callable[[float], None]

DAYS_REFORECAST = 8  # reaches the next open day over any weekend


def no_rosters(_start: dt.date) -> None:
    """`RostersBefore` of a site that has none yet."""


@dataclass(frozen=True)
class Planner:
    """All stages of a plan on one history. Stages whose inputs are unchanged come from ``cache``.

    Parameters
    ----------
    history : what came.
    rosters_before : the rosters of the weeks before a week: rest, runs of days, shifts across the first midnight and
        what each person has carried so far are carried on.
    cache : finished stages; shared by all planners that hold it.
    """

    history: History
    rosters_before: RostersBefore = no_rosters
    cache: StageCache = field(default_factory=StageCache)

    @classmethod
    def open(cls, workspace: Workspace, site: SiteCalendar | None = None) -> Self:
        """The planner of a workspace's history, rosters and finished stages; ``site`` where a scenario changes it."""
        from staffing.history import read_history

        history = read_history(workspace.history_folder, site or workspace.base.site)
        return cls(history, workspace.rosters.before, StageCache(workspace.cache_folder))

    def day_after(self, scenario: Scenario) -> dt.date:
        """The first local day that history does not reach into."""
        return self.history.frame["start"].max().tz_convert(scenario.site.zone).date() + dt.timedelta(days=1)

    def next_week(self, scenario: Scenario) -> dt.date:
        """First day of the first planning week that history does not reach into."""
        return scenario.site.week_of(self.day_after(scenario) + dt.timedelta(days=6))

    def plan(
        self,
        scenario: Scenario,
        *,
        start: dt.date | None = None,
        days: int = 7,
        weekly: bool = False,
        progress: Progress | None = None,
    ) -> Plan:
        """Forecast, requirements, roster and evaluation of ``days`` days from ``start`` (default: the next week).

        With ``weekly`` several weeks are rostered one after the other instead of in one go. Raises PlanError, and
        whatever a stage or ``progress`` raises.
        """
        tell = progress or silent
        tell("forecast", 0.0)
        work = self.workload(scenario, start=start, days=days, told=lambda share: tell("forecast", 0.4 * share))
        tell("roster", 0.5)
        people = self.roster(work, weekly=weekly, progress=progress)
        tell("evaluation", 0.95)
        made = self.evaluate(work, people)
        tell("done", 1.0)
        return Plan.of(work, people, made)

    def baseline(self, scenario: Scenario, *, told: Told | None = None) -> Baseline:
        """What history teaches; refitted only when history, calendar or past events change."""
        from staffing.forecast import ForecastOptions, fit

        history, reached = self.history, self.day_after(scenario)
        past = tuple(event for event in scenario.events if event.enabled and event.start < reached)
        aht_s = {queue.name: queue.aht_s for queue in scenario.queues}
        options = ForecastOptions(seed=scenario.seed, paths=scenario.paths, aht_s=aht_s, totals=scenario.totals)
        if scenario.forecast.models:
            options = replace(options, models=scenario.forecast.models)
        levers = (scenario.excluded, aht_s, scenario.totals, scenario.seed, scenario.paths, scenario.forecast)
        return self.cache.get(
            "baseline",
            (history.sha256, scenario.site, past, *levers),
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
        self, scenario: Scenario, *, start: dt.date | None = None, days: int = 7, told: Told | None = None
    ) -> Forecast:
        """Contacts and handle times under the scenario. Moving a future event never refits.

        Days that history reaches into are forecast from what was known before ``start`` (default: the next week), as
        the first of the notes says; the last ones say what the scenario asks of history in vain. Raises InputError if
        nothing was known.
        """
        made = self._forecast(scenario, start or self.next_week(scenario), days, told)
        return replace(made, notes=(*made.notes, *not_in_history(made, scenario)))

    def _forecast(self, scenario: Scenario, start: dt.date, days: int, told: Told | None) -> Forecast:
        from staffing.forecast import Forecast

        reached = self.day_after(scenario)
        if start < reached:
            made = self._knowing(scenario, start)._forecast(scenario, start, days, told)
            last = reached - dt.timedelta(days=1)
            note = f"History reaches to {last}; the forecast knows only what came before {start}."
            return replace(made, notes=(note, *made.notes))
        levers = (scenario.corrections(), scenario.aht_factor, scenario.excluded, scenario.totals, scenario.forecast)
        aht_s, drawn = [queue.aht_s for queue in scenario.queues], (scenario.seed, scenario.paths)
        return self.cache.get(
            "forecast",
            (self.history.sha256, scenario.site, scenario.events, levers, aht_s, *drawn, start, days),
            lambda: self.baseline(scenario, told=told).predict(
                scenario.site,
                scenario.events,
                start,
                days,
                adjustments=scenario.corrections(),
                aht_factor=scenario.aht_factor,
            ),
            kind=Forecast,
        )

    def _knowing(self, scenario: Scenario, start: dt.date) -> Self:
        """The planner that knows only what came before a local day. Raises InputError if nothing did."""
        return replace(self, history=self.history.before(scenario.site.midnight(start)))

    def reforecast(self, scenario: Scenario, *, now: pd.Timestamp) -> Today:
        """The rest of the day of ``now`` and the next, knowing what came until then, beside the morning's forecast.

        Rows of history after ``now`` are not looked at; what came counts times the scenario's volume factor, as the
        forecast does. Raises InputError when nothing is known before that day.
        """
        import pandas as pd

        from staffing.evaluation.today import compare_today
        from staffing.forecast import reforecast as update

        site, now = scenario.site, now.tz_convert(scenario.site.zone)
        known = self._knowing(scenario, now.date())
        morning = known.forecast(scenario, start=now.date(), days=DAYS_REFORECAST)
        end = self.history.frame["start"].max() + pd.Timedelta(minutes=self.history.interval_min)
        rows = self.history.aggregate(site.interval_min).frame
        whole = rows["start"] + pd.Timedelta(minutes=site.interval_min) <= end
        before = rows["start"] < site.midnight(now.date())
        rows = rows.assign(calls=rows["calls"].where(before, rows["calls"] * scenario.volume_factor))
        updated = update(known.baseline(scenario), morning, rows[whole], site, now=now)
        needed = [self.requirements(calls, scenario) for calls in (morning, updated)]
        return compare_today(morning, updated, (needed[0], needed[1]), now)

    def found_events(self, scenario: Scenario) -> pd.DataFrame:
        """Spikes, dips and level shifts of history that the scenario's events do not explain: candidates to name."""
        from staffing.forecast.events.found import found_events as scan

        known = tuple(event for event in scenario.events if event.enabled)
        frame = self.history.aggregate(scenario.site.interval_min).frame
        return scan(frame, scenario.site, known, excluded=scenario.excluded)

    def workload(
        self, scenario: Scenario, *, start: dt.date | None = None, days: int = 7, told: Told | None = None
    ) -> Workload:
        """Forecast and requirements of ``days`` days from ``start`` (default: the next week)."""
        start = start or self.next_week(scenario)
        calls = self.forecast(scenario, start=start, days=days, told=told)
        return Workload(scenario, start, days, calls, self.requirements(calls, scenario))

    def requirements(self, calls: Forecast, scenario: Scenario) -> pd.DataFrame:
        """Agents per queue and interval under the scenario's targets: table REQUIREMENTS."""
        import pandas as pd

        from staffing.requirements import requirements as work_out

        inputs = (frame_hash(calls.table), scenario.site, scenario.queues, scenario.service, _taken_off(scenario))
        return self.cache.get("requirements", inputs, lambda: work_out(calls.table, scenario), kind=pd.DataFrame)

    def service_pieces(self, work: Workload) -> pd.DataFrame | None:
        """What agents do for the service levels that whole days or weeks keep: table SERVICE_PIECES; None without."""
        calls, scenario = work.forecast.table, work.scenario
        if all(scenario.target(queue).over == "interval" for queue in scenario.queues):
            return None
        import pandas as pd

        from staffing.requirements import service_pieces as work_out

        inputs = (frame_hash(calls), scenario.site, scenario.queues, scenario.service, _taken_off(scenario))
        return self.cache.get("service-pieces", inputs, lambda: work_out(calls, scenario), kind=pd.DataFrame)

    def shared_staff(self, work: Workload) -> SharedStaff:
        """Staffing of every interval with agents whom the queues share. Raises InputError without people."""
        from staffing.requirements import SharedStaff
        from staffing.requirements import shared_staff as work_out

        calls, needed, scenario = work.forecast.table, work.requirements, work.scenario
        people = [agent.skills for agent in scenario.agents]
        who = (scenario.site, scenario.queues, scenario.service, _taken_off(scenario), people)
        return self.cache.get(
            "shared-staff",
            (frame_hash(calls), frame_hash(needed), *who),
            lambda: work_out(calls, needed, scenario),
            kind=SharedStaff,
        )

    def roster(self, work: Workload, *, weekly: bool = False, progress: Progress | None = None) -> Roster:
        """Named shifts that cover the work, or keep the promises of its `service_pieces`.

        Raises PlanError when there is nobody to roster, and what ``progress`` raises.
        """
        from staffing.roster import Roster
        from staffing.roster import roster as work_out

        scenario, needed = work.scenario, work.requirements
        if not scenario.agents or not scenario.shifts:
            missing = "agents (agents.csv)" if not scenario.agents else "shifts (shifts.toml)"
            raise PlanError(f"there are no {missing} to roster.", remedy="Add them, or ask for requirements only.")
        pieces, past = self.service_pieces(work), self.rosters_before(work.start)
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
            work.start,
            work.days,
            None if past is None else frame_hash(past),
            weekly,
        )
        make = partial(work_out, needed, scenario, start=work.start, days=work.days, past=past, pieces=pieces)
        return self.cache.get(
            "roster", inputs, partial(make, progress=progress, apart=True, weekly=weekly), kind=Roster
        )

    def roster_inputs(self, work: Workload) -> Inputs:
        """What the roster stage is given for the work: what edits, reasons and offers are judged on."""
        from staffing.roster import inputs_of

        past, pieces = self.rosters_before(work.start), self.service_pieces(work)
        return inputs_of(work.requirements, work.scenario, start=work.start, days=work.days, past=past, pieces=pieces)

    def evaluate(self, work: Workload, people: Roster) -> Evaluation:
        """Service, hours, money and fairness of a roster; shifts of the weeks before that reach into it serve too.

        Raises TableError when the roster does not fit the scenario's people or queues.
        """
        from staffing.evaluation import evaluate as work_out

        past = self.rosters_before(work.start)
        calls, needed = work.forecast.table, work.requirements
        return work_out(calls, needed, people.table, work.scenario, start=work.start, days=work.days, past=past)

    def edited(self, work: Workload, table: pd.DataFrame) -> Plan:
        """The plan of a roster table as a planner edited or published it; no solver stands behind its figures."""
        from staffing.roster.desk.cover import as_roster

        people = as_roster(self.roster_inputs(work), table)
        return Plan.of(work, people, self.evaluate(work, people))

    def held(self, scenario: Scenario, table: pd.DataFrame, *, start: dt.date) -> Plan:
        """A week's kept roster, drafted or published, under the scenario's forecast and requirements."""
        return self.edited(self.workload(scenario, start=start), table)

    def mend(
        self, work: Workload, table: pd.DataFrame, mending: Mending, *, progress: Progress | None = None
    ) -> Replan:
        """The roster ``table`` mended with few changes, after sick calls, a new forecast or a planner's edit.

        Nothing is written: keep the result and ``mending.away`` together (`RosterBook.keep`) once it is wanted.
        Raises InputError for what cannot be meant, and what ``progress`` raises.
        """
        from staffing.roster import SolveLimits
        from staffing.roster.desk.replan import replan
        from staffing.roster.inputs.pins import joined, kept_rows
        from staffing.roster.run import start

        scenario, seconds, tell = mending.without_the_away(work.scenario), mending.seconds, progress or silent
        needed = self.requirements(work.forecast, scenario)
        inputs = self.roster_inputs(Workload(scenario, work.start, work.days, work.forecast, needed))
        inputs = replace(inputs, pinned=joined(inputs.pinned, kept_rows(table, mending.keep, inputs)))
        limits = SolveLimits(seconds, 0.0, scenario.seed, scenario.solve.threads)
        task = partial(replan, inputs, table, limits, most_changed=mending.most_changed)
        made: Replan = start(task, seconds).result(lambda now: tell(str(now), min(1.0, now.seconds / seconds)))
        return made


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
    """Plan ``days`` days from ``start`` (default: the next week): `Planner.plan` of one history at once.

    ``past`` is the roster of the weeks before (see ``store.rosters``).
    """
    planner = Planner(history, lambda _start: past, cache or StageCache())
    return planner.plan(scenario, start=start, days=days, weekly=weekly, progress=progress)


def _taken_off(scenario: Scenario) -> tuple[object, ...]:
    """What the requirement takes off besides breaks: shrinkage, less what the roster places itself."""
    return scenario.shrinkage, scenario.sessions, scenario.agents if scenario.sessions else ()
