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


def site() -> staffing.SiteCalendar:
    return staffing.SiteCalendar(
        timezone="Europe/Berlin",
        interval_min=60,
        opening={"monday": "08:00-12:00", "tuesday": ["08:00-12:00", "13:00-17:00"]},
        closed_dates=["2026-12-25", dt.date(2026, 12, 26)],
        weekend=["saturday", "sunday"],
    )


def people() -> list[staffing.Agent]:
    names = ["Ada", "Ben"]
    made = [staffing.Agent(name=name, contract="full", skills=["voice"], latest="20:00") for name in names]
    holidays: list[str | dt.date] = ["2026-12-21..2026-12-23", "2026-12-30 13:00-17:00", dt.date(2026, 12, 31)]
    more = staffing.Agent(name="Cyd", contract="full", time_off=holidays, employed_until="2027-06-30")
    return [*made, more]


def scenario() -> staffing.Scenario:
    lunch = staffing.BreakRule(name="lunch", minutes=30, paid=False, earliest_min=180, latest_min=300)
    shifts = [
        staffing.ShiftTemplate(
            name="day", length_min=480, first_start="08:00", last_start=dt.time(9), step_min=60, breaks=[lunch]
        ),
        staffing.ShiftTemplate(
            name="late", length_min=480, first_start=12 * 60, last_start="12:00", weekdays=["monday"]
        ),
    ]
    base = staffing.Scenario(
        site=site(),
        queues=[
            staffing.Queue(name="voice", aht_s=240.0, patience_s=120.0),
            staffing.Queue(name="mail", channel="email", windows=["08:00-12:00"]),
        ],
        service=staffing.ServiceTarget(service_level=0.8, threshold_s=20.0),
        shrinkage=staffing.Shrinkage(planned=0.1),
        events=[staffing.Event(name="app", kind="launch", start="2026-12-01", effect=0.1, reason="a guess")],
        contracts=[staffing.Contract(name="full", max_hours=40.0, shifts=["day", "late"])],
        shifts=shifts,
        agents=people(),
        rules=staffing.LabourRules(min_rest_h=11, night_from="23:00", night_to="06:00"),
        prices=staffing.Prices(currency="EUR", agent_hour=22.0),
        solve=staffing.SolveOptions(seconds=10.0),
    )
    more = staffing.add(
        staffing.Event(name="mailing", kind="campaign", start=dt.date(2026, 12, 2), effect=0.1, reason="x")
    )
    moved = base.with_changes(staffing.move("app", to="2026-12-02"), staffing.resize("app", 2.0), more, name="moved")
    return moved.with_changes(staffing.switch("mailing", on=False))


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
    worth: staffing.Value = staffing.value(better.plan, runs=20)
    print(better.rounds, worth.frontier, worth.guards, worth.cheapest["total"])
    work: staffing.Workload = staffing.plan(history, scenarios[0], people=False)
    print(work.requirements, [str(path) for path in staffing.write_plan(made[0], "out")])
    planner = staffing.Planner(history, cache=cache)
    print(planner.next_week(scenarios[0]))
    charts.forecast(made[0].forecast, scenarios[0])
    charts.requirement(work.requirements, scenarios[0])
    charts.coverage(made[0])
    charts.roster(made[0])
    charts.roster(made[0], day=str(made[0].start))
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
