"""The command that plays a roster against its forecast, contact by contact."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, ScenarioOption, WeekOption, WorkspaceArgument
from staffing.errors import InputError

if TYPE_CHECKING:
    from staffing.domain.scenario import Scenario
    from staffing.simulation.result import Simulated

SHOWN = {
    "service_level": "{:.1%}",
    "service_level_low": "{:.1%}",
    "service_level_high": "{:.1%}",
    "p_meets_target": "{:.0%}",
    "p_day_meets_target": "{:.0%}",
    "p_week_meets_target": "{:.0%}",
    "abandonment": "{:.1%}",
    "asa_s": "{:.1f}",
    "wait_p90_s": "{:.0f}",
    "occupancy": "{:.0%}",
    "overrun_hours": "{:.1f}",
}


@app.command()
def simulate(
    place: Annotated[
        Path,
        typer.Argument(metavar="WORKSPACE|PLAN_DIR", help="A workspace, or a folder that `staffing plan` wrote."),
    ],
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    days: Annotated[
        int | None, typer.Option("--days", min=20, max=5000, help="How often each day is simulated, at most.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Random numbers; the scenario's if left out.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Play a roster against its forecast, contact by contact: expected service, and the chance that each day holds.

    The roster is the one kept for the week, or else one is made. Each day is simulated with the sample paths of the
    forecast, absences and breaks; simulating stops when the service level is known well enough.
    """
    from staffing.export.folder import is_plan

    how = days, seed
    if is_plan(place) and (scenario != "base" or week):
        raise InputError("a plan's folder has its own scenario and week.", remedy="Leave --scenario and --week out.")
    chosen, played = _kept(place, how) if is_plan(place) else _of_workspace(Opened(place, week), scenario, how, json)
    if json:
        show.as_json(_plain(played))
        return
    _print(chosen, played)


Runs = tuple[int | None, int | None]


def _kept(folder: Path, how: Runs) -> tuple[Scenario, Simulated]:
    from staffing.export.folder import read_plan
    from staffing.simulation.week import simulate as play

    kept = read_plan(folder)
    return kept.scenario, play(kept.week(), runs=how[0], seed=how[1])


def _of_workspace(desk: Opened, scenario: str, how: Runs, quiet: bool) -> tuple[Scenario, Simulated]:
    chosen, table = desk.workspace.scenario(scenario), desk.workspace.rosters.at_hand(desk.start)
    if table is None:
        made = desk.plan(chosen, quiet)
    else:
        made = desk.planner.held(chosen, table, start=desk.start)
    if how == (None, None):
        return chosen, made.simulated
    return chosen, desk.planner.simulate(made, made.evaluation, runs=how[0], seed=how[1])


def _plain(played: Simulated) -> dict[str, Any]:
    from staffing.export.summary import plain, records, simulated_summary

    told = simulated_summary(played)
    speed = {"calls_per_second": played.calls_per_second}
    queues = {row.pop("queue"): row | speed for row in records(played.queues)}
    intervals, notes = records(played.intervals), list(played.notes)
    totals = {**told["totals"], **speed}
    return plain(told | totals | {"totals": totals, "queues": queues, "intervals": intervals, "notes": notes})


def _print(scenario: Scenario, played: Simulated) -> None:
    typer.echo(f"Each day simulated {played.runs} times · promised: {scenario.service.text()}\n")
    chances = ["p_day_meets_target", "p_week_meets_target"]
    plain = [name for name in SHOWN if not name.startswith("p_")]
    show.frame(played.queues[["queue", *plain[:3], *chances, *plain[3:]]], SHOWN, "{}")
    typer.echo("")
    known = played.days[played.days["p_meets_target"].notna()]
    if len(scenario.queues) == 1:  # the same figures once
        known = known[known["queue"] == scenario.queues[0].name]
    told = known.assign(day=known["day"].map("{:%a %Y-%m-%d}".format))
    show.frame(told[["queue", "day", plain[0], *plain[1:3], "p_meets_target", *plain[3:]]], SHOWN, "{}")
    typer.echo("\nService level: expected, with the 95 % interval of what is expected; chances of days and weeks.")
    for note in played.notes:
        typer.echo(f"Note: {note}")


@app.command()
def certainty(
    workspace: WorkspaceArgument, scenario: ScenarioOption = "base", week: WeekOption = "", json: JsonOption = False
) -> None:
    """What it costs to keep the targets on more days: hours and money for 80, 85, 90 and 95 % of them.

    Staff is found from the forecast's sample paths, with hours where they buy most certainty ([service] meet).
    """
    from staffing.planner.certainty import prices

    desk = Opened(workspace, week)
    chosen = desk.workspace.scenario(scenario)
    rows = show.rows(prices(desk.planner, chosen, desk.start))
    if json:
        show.as_json({"week": desk.start, "currency": chosen.prices.currency, "levels": rows})
        return
    promised = chosen.service.model_copy(update={"meet": None}).text()
    named = [
        [promised if row["meet"] is None else f"{row['meet']:.0%} of days", *_priced(row, rows[0])] for row in rows
    ]
    show.table(named, ["kept", "hours on the phone", "hours to roster", f"cost, {chosen.prices.currency}", "more"])
    typer.echo("\nQueues with targets of their own keep those.")


def _priced(row: dict[str, Any], plain: dict[str, Any]) -> list[str]:
    more = row["rostered_hours"] / plain["rostered_hours"] - 1 if plain["rostered_hours"] else float("nan")
    return [f"{row['on_phone_hours']:,.1f}", f"{row['rostered_hours']:,.1f}", f"{row['cost']:,.0f}", f"{more:+.1%}"]
