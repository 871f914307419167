"""Every public name in use, as a typed script would; `mypy --strict` passes on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import staffing
from staffing import charts, models, queueing


@dataclass(frozen=True)
class Level(models.FittedDays):
    level: float

    def predict(self, coming: models.ComingDays) -> Any:
        return coming.facts.weekday * 0 + self.level

    def replay(self, known: models.KnownDays) -> Any:
        return known.past.columns * 0 + self.level


@dataclass(frozen=True)
class Flat(models.DayModel):
    name: str = "flat"
    prior_share: float = 0.1
    least_days: int = 14

    def fit(self, known: models.KnownDays) -> Level:
        return Level(float(known.log_total.mean()))


def scenario() -> staffing.Scenario:
    lunch = staffing.BreakRule(name="lunch", minutes=30, paid=False, earliest_min=180, latest_min=300)
    shift = staffing.ShiftTemplate(
        name="day", length_min=480, first_start=8 * 60, last_start=9 * 60, step_min=60, breaks=(lunch,)
    )
    base = staffing.Scenario(
        site=staffing.SiteCalendar(timezone="Europe/Berlin", interval_min=60),
        queues=(staffing.Queue(name="voice", aht_s=240.0, patience_s=120.0),),
        service=staffing.ServiceTarget(service_level=0.8, threshold_s=20.0),
        shrinkage=staffing.Shrinkage(planned=0.1),
        events=(staffing.Event(name="app", kind="launch", start=dt.date(2026, 12, 1), effect=0.1, reason="a guess"),),
        contracts=(staffing.Contract(name="full", max_hours=40.0),),
        shifts=(shift,),
        agents=(staffing.Agent(name="Ada", contract="full"),),
    )
    more = staffing.add(
        staffing.Event(name="mail", kind="campaign", start=dt.date(2026, 12, 2), effect=0.1, reason="x")
    )
    moved = base.with_changes(staffing.move("app", to="2026-12-02"), staffing.resize("app", 2.0), more, name="moved")
    return moved.with_changes(staffing.switch("mail", on=False))


def forecasts(history: staffing.History, chosen: staffing.Scenario) -> tuple[staffing.Forecast, staffing.Backtest]:
    fitted: staffing.Fitted = staffing.fit(history, chosen, models=["prophet", Flat()])
    staffing.fit(history, chosen).save("fitted.zip")
    print(staffing.Fitted.load("fitted.zip"))
    made = fitted.predict(start="2026-11-23", days=7)
    print(fitted.learned_events(), made.quantiles([0.5], by="day"), made.notes)
    own = staffing.Forecast.from_frame(made.table, chosen)
    tested = staffing.backtest(history, chosen, cutoffs=[dt.date(2026, 11, 2)], days=7)
    print(tested.scores("day"), tested.table)
    return own, tested


def rosters(own: staffing.Forecast, chosen: staffing.Scenario) -> staffing.Evaluation:
    required = staffing.required_agents(own, chosen)
    roster: staffing.Roster = staffing.make_roster(required, chosen, start="2026-11-23")
    print(staffing.broken_rules(roster, required, chosen, start="2026-11-23"))
    return staffing.evaluate(roster, own, required, chosen, start="2026-11-23")


def plans(history: staffing.History, scenarios: Sequence[staffing.Scenario]) -> staffing.Comparison:
    cache = staffing.StageCache()
    made: list[staffing.Plan] = [staffing.plan(history, one, cache=cache) for one in scenarios]
    better: staffing.CorrectedPlan = staffing.correct(made[0], rounds=1)
    print(better.plan, better.rounds)
    work: staffing.Workload = staffing.plan(history, scenarios[0], people=False)
    print(work.requirements, [str(path) for path in staffing.write_plan(made[0], "out")])
    planner = staffing.Planner(history, cache=cache)
    print(planner.next_week(scenarios[0]))
    charts.forecast(made[0].forecast, scenarios[0])
    charts.requirement(work.requirements, scenarios[0])
    charts.coverage(made[0])
    charts.roster(made[0])
    compared = staffing.compare(made)
    charts.comparison(compared, "cost")
    print(compared.frame(), compared.notes)
    return compared


def formulas() -> float:
    agents: int = queueing.agents_needed(calls_per_hour=60, aht_s=300, service_level=0.8)
    found = queueing.service(calls_per_hour=60, aht_s=300, agents=agents)
    return float(found.service_level) + float(queueing.blocking(calls_per_hour=60, aht_s=300, lines=agents))


def main() -> None:
    try:
        workspace = staffing.Workspace.open("desk")
        history = staffing.read_history(workspace.history_folder, workspace.base.site, today=None)
        own, _ = forecasts(history, workspace.base)
        rosters(own, workspace.base)
        plans(history, [workspace.base, workspace.scenario("launch")])
        print(scenario(), formulas())
    except (staffing.InputError, staffing.TableError, staffing.PlanError) as error:
        print(error.where.field, error.remedy)
    except staffing.StaffingError as error:
        print(error)


if __name__ == "__main__":
    main()
