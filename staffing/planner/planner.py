"""The planner: one history, and every stage on it, each worked out once for the same inputs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from staffing.domain.scenario import Scenario
from staffing.errors import PlanError
from staffing.planner.contacts import Contacts, Told
from staffing.planner.correcting import ROUNDS, SECONDS, CorrectedPlan
from staffing.planner.correcting import correct as in_rounds
from staffing.planner.mending import Mending, MendTask, ended_early
from staffing.planner.plans import Plan, Workload
from staffing.store.cache import StageCache
from staffing.work import Ended, Progress, Worker, silent

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.evaluation import Evaluation
    from staffing.evaluation.today import Today
    from staffing.forecast import Forecast
    from staffing.requirements import SharedStaff
    from staffing.roster import Inputs, Roster
    from staffing.roster.desk.replan import Replan
    from staffing.roster.desk.today.moment import Moment
    from staffing.roster.desk.today.propose import RestOfDay
    from staffing.simulation.calibration import Calibration
    from staffing.simulation.result import Simulated
    from staffing.store.workspace import Workspace


WAITING = "the same roster is being made"  # by somebody else
DAYS_REFORECAST = 8  # reaches the next open day over any weekend


@dataclass(frozen=True)
class Planner(Contacts):
    """All stages of a plan on one history. Stages whose inputs are unchanged come from ``cache``."""

    @classmethod
    def open(
        cls, workspace: Workspace, site: SiteCalendar | None = None, *, answers: Mapping[str, str] | None = None
    ) -> Self:
        """The planner of a workspace's history, rosters and finished stages; ``site`` where a scenario changes it.

        ``answers`` settle what of the history can be read in two ways, beside those its folder keeps.
        """
        from staffing.history import read_history

        history = read_history(workspace.history_folder, site or workspace.base.site, answers=answers)
        cache = StageCache(workspace.cache_folder)
        return cls(history, workspace.rosters.before, cache, records=workspace.records)

    def plan(
        self,
        scenario: Scenario,
        *,
        start: dt.date | None = None,
        days: int = 7,
        weekly: bool = False,
        progress: Progress = silent,
    ) -> Plan:
        """Forecast, requirements, roster, evaluation and simulation of ``days`` days from ``start`` (default:
        the next week).

        With ``weekly`` several weeks are rostered one after the other instead of in one go. Raises PlanError, and
        whatever a stage or ``progress`` raises.
        """
        progress("forecast", 0.0)
        work = self.workload(scenario, start=start, days=days, told=lambda share: progress("forecast", 0.4 * share))
        progress("roster", 0.5)
        people = self.roster(work, weekly=weekly, progress=progress)
        progress("evaluation", 0.95)
        made = self.evaluate(work, people)
        progress("simulation", 0.96)
        played = self.simulate(work, made, told=lambda share: progress("simulation", 0.96 + 0.04 * share))
        progress("done", 1.0)
        return Plan.of(work, people, made, played)

    def reforecast(self, scenario: Scenario, *, now: pd.Timestamp) -> Today:
        """The rest of the day of ``now`` and the next, knowing what came until then, beside the morning's forecast.

        Rows of history after ``now`` are not looked at; what came counts times the scenario's volume factors, as the
        forecast does. Raises InputError when nothing is known before that day.
        """
        import pandas as pd

        from staffing.evaluation.came import by_levers
        from staffing.evaluation.today import compare_today
        from staffing.forecast import reforecast as update

        site, now = scenario.site, now.tz_convert(scenario.site.zone)
        known = self._knowing(scenario, now.date())
        morning = known.forecast(scenario, start=now.date(), days=DAYS_REFORECAST)
        end = self.history.frame["start"].max() + pd.Timedelta(minutes=self.history.interval_min)
        rows = self.history.aggregate(site.interval_min).frame
        whole = rows["start"] + pd.Timedelta(minutes=site.interval_min) <= end
        before = rows["start"] < site.midnight(now.date())
        rows = rows.assign(calls=rows["calls"].where(before, by_levers(rows, scenario)["calls"]))
        updated = update(known.baseline(scenario), morning, rows[whole], site, now=now)
        needed = [self.requirements(calls, scenario) for calls in (morning, updated)]
        return compare_today(morning, updated, (needed[0], needed[1]), now)

    def rest_of_day(self, scenario: Scenario, table: pd.DataFrame, moment: Moment) -> RestOfDay:
        """What can still be changed on the day of ``moment`` under the reforecast, ranked.

        ``table`` is the roster in force of that week. Nothing is written. Raises InputError for what `reforecast` and
        ``propose`` refuse.
        """
        from staffing.roster import inputs_of
        from staffing.roster.desk.today.propose import propose

        updated = self.reforecast(scenario, now=moment.now).updated
        start = scenario.site.week_of(moment.now.date())
        needed, past = self.requirements(updated, scenario), self.rosters_before(start)
        made = propose(inputs_of(needed, scenario, start=start, past=past), scenario, table, updated.table, moment)
        return replace(made, notes=updated.notes)

    def workload(
        self, scenario: Scenario, *, start: dt.date | None = None, days: int = 7, told: Told | None = None
    ) -> Workload:
        """Forecast and requirements of ``days`` days from ``start`` (default: the next week)."""
        start = start or self.next_week(scenario)
        calls = self.forecast(scenario, start=start, days=days, told=told)
        return Workload(scenario, start, days, calls, self.requirements(calls, scenario))

    def requirements(self, calls: Forecast, scenario: Scenario) -> pd.DataFrame:
        """Agents per queue and interval under the scenario's targets: table REQUIREMENTS.

        Queues that are to ``meet`` their targets on a share of days are staffed from the forecast's sample paths.
        """
        from staffing.planner.stages import Certainty, Requirement

        stage = Requirement.of(calls, scenario)
        needed = self.cache.get(stage, stage.work_out)
        if all(scenario.target(queue).meet is None for queue in scenario.queues):
            return needed
        surely = Certainty(calls.table, calls.paths, calls.aht_paths, needed, scenario, self.shapes(scenario))
        return self.cache.get(surely, surely.work_out)

    def shapes(self, scenario: Scenario) -> pd.DataFrame:
        """How single handle times and patience spread, by single calls or history's intervals: see ``Shapes.table``."""
        from staffing.planner.stages import Shaping

        stage = Shaping(self.history, scenario.site.interval_min, self.records)
        return self.cache.get(stage, stage.work_out)

    def service_pieces(self, work: Workload) -> pd.DataFrame | None:
        """What agents do for the service levels that whole days or weeks keep: table SERVICE_PIECES; None without."""
        if not any(work.scenario.target(queue).in_pieces for queue in work.scenario.queues):
            return None
        from staffing.planner.stages import Pieces

        stage = Pieces.of(work.forecast, work.scenario)
        return self.cache.get(stage, stage.work_out)

    def shared_staff(self, work: Workload) -> SharedStaff:
        """Staffing of every interval with agents whom the queues share. Raises InputError without people."""
        from staffing.planner.stages import Sharing

        stage = Sharing(work.forecast.table, work.requirements, work.scenario)
        return self.cache.get(stage, stage.work_out)

    def roster(self, work: Workload, *, weekly: bool = False, progress: Progress = silent) -> Roster:
        """Named shifts that cover the work, or keep the promises of its `service_pieces`.

        Raises PlanError when there is nobody to roster, and what ``progress`` raises.
        """
        return self._rostered(work, self.service_pieces(work), weekly=weekly, progress=progress)

    def _rostered(self, work: Workload, pieces: pd.DataFrame | None, *, weekly: bool, progress: Progress) -> Roster:
        from staffing.planner.stages import Rostering

        scenario = work.scenario
        if not scenario.agents or not scenario.shifts:
            missing = "agents (agents.csv)" if not scenario.agents else "shifts (shifts.toml)"
            raise PlanError(f"there are no {missing} to roster.", remedy="Add them, or ask for requirements only.")
        past = self.rosters_before(work.start)
        stage = Rostering(work.requirements, pieces, past, scenario, work.start, work.days, weekly)
        return self.cache.get(stage, lambda: stage.work_out(progress), waiting=lambda: progress(WAITING, 0.0))

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

    def simulate(
        self,
        work: Workload,
        made: Evaluation,
        *,
        runs: int | None = None,
        seed: int | None = None,
        told: Told | None = None,
    ) -> Simulated:
        """What is to be expected of an evaluated roster, and how surely: the work's sample paths, contact by contact.

        ``runs`` and ``seed`` are the scenario's where they are left out. Raises InputError where roster and forecast
        are of other weeks.
        """
        from staffing.planner.stages import Playing

        stage = Playing.of(work, made.activities, self.shapes(work.scenario), (runs, seed))
        return self.cache.get(stage, lambda: stage.work_out(told))

    def correct(
        self,
        plan: Plan,
        *,
        rounds: int = ROUNDS,
        seconds: float = SECONDS,
        weekly: bool = False,
        progress: Progress = silent,
    ) -> CorrectedPlan:
        """A plan whose simulated days correct its requirement until they keep their targets at the least paid hours.

        At most so many ``rounds``, none begun after ``seconds``, each a roster, an evaluation and a simulation with the
        same callers and absences; none makes the plan worse (see ``correcting.correct``).
        """
        from staffing.planner.stages import Playing

        def remake(needed: pd.DataFrame, told: Progress) -> Plan:
            work = Workload(plan.scenario, plan.start, plan.days, plan.forecast, needed)
            people = self._rostered(work, None, weekly=weekly, progress=told)
            made = self.evaluate(work, people)
            stage = Playing.of(work, made.activities, plan.simulated.shapes, (None, None))
            return Plan.of(work, people, made, self.cache.get(stage, stage.work_out))

        return in_rounds(plan, remake, rounds=rounds, seconds=seconds, progress=progress)

    def calibration(
        self, scenario: Scenario, promised: pd.DataFrame, rosters: Mapping[dt.date, pd.DataFrame]
    ) -> Calibration:
        """Chances stated when weeks were published (``promised``: queue, day, promised) against what came, day by day.

        ``rosters`` are those that held, by week.
        """
        from staffing.simulation.calibration import against_what_came

        history = self.history.aggregate(scenario.site.interval_min).frame
        return against_what_came(promised, history, rosters, scenario, self.shapes(scenario))

    def edited(self, work: Workload, table: pd.DataFrame) -> Plan:
        """The plan of a roster table as a planner edited or published it; no solver stands behind its figures."""
        from staffing.roster.desk.cover import as_roster

        people = as_roster(self.roster_inputs(work), table)
        made = self.evaluate(work, people)
        return Plan.of(work, people, made, self.simulate(work, made))

    def held(self, scenario: Scenario, table: pd.DataFrame, *, start: dt.date) -> Plan:
        """A week's kept roster, drafted or published, under the scenario's forecast and requirements."""
        return self.edited(self.workload(scenario, start=start), table)

    def mend(self, work: Workload, table: pd.DataFrame, mending: Mending, *, progress: Progress = silent) -> Replan:
        """The roster ``table`` mended with few changes, after sick calls, a new forecast or a planner's edit.

        Nothing is written: keep the result and ``mending.away`` together (`RosterBook.keep`) once it is wanted.
        Raises InputError for what cannot be meant, and what ``progress`` raises.
        """
        from staffing.roster import SolveLimits
        from staffing.roster.inputs.pins import joined, kept_rows

        scenario = mending.without_the_away(work.scenario)
        needed = self.requirements(work.forecast, scenario)
        inputs = self.roster_inputs(Workload(scenario, work.start, work.days, work.forecast, needed))
        pinned = joined(inputs.pinned, kept_rows(table, mending.keep, inputs))
        inputs = replace(inputs, pinned=pinned, now=mending.now or self.now(scenario))
        limits = SolveLimits(mending.seconds, 0.0, scenario.seed, scenario.solve.threads)
        with Worker() as worker:
            task = MendTask(inputs, table, limits, mending.most_changed)
            try:
                made: Replan = worker.begin(task, limits.seconds).result(progress)
            except Ended as end:
                if end.left is None:
                    raise
                return ended_early(end.left)
        return made
