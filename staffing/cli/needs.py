"""The command that says how many agents each interval needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, ScenarioOption, WeekOption, WorkspaceArgument

if TYPE_CHECKING:
    from staffing.planner import Workload


@app.command()
def requirements(
    workspace: WorkspaceArgument,
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    out: Annotated[Path, typer.Option("--out", "-o", help="Parquet or CSV file to write.")] = Path(
        "requirements.parquet"
    ),
    shared: Annotated[
        Path | None, typer.Option("--shared", help="Also staff with agents whom queues share: file to write.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Agents needed per queue and interval, on the phone and rostered."""
    from staffing.export import write_table

    desk = Opened(workspace, week)
    chosen = desk.workspace.scenario(scenario)
    work = desk.planner.workload(chosen, start=desk.start)
    calls, needed = work.forecast, work.requirements
    write_table(out, needed)
    hours = needed.groupby("queue")[["agents", "agents_scheduled"]].sum() * chosen.site.interval_min / 60
    together = _shared(desk, work, shared) if shared else {}
    if json:
        rows = {
            str(queue): {
                "on_phone_hours": row.agents,
                "hours": row.agents_scheduled,
                "promise": chosen.promise(str(queue)),
            }
            for queue, row in hours.T.items()
        }
        facts = {"week": desk.start, "scenario": chosen.name, "queues": rows, "notes": list(calls.notes)}
        facts["written"] = str(out)
        show.as_json(facts | ({"shared_hours": together, "shared_written": str(shared)} if shared else {}))
        return
    rows_text = [[str(q), f"{r.agents:,.1f}", f"{r.agents_scheduled:,.1f}"] for q, r in hours.iterrows()]
    show.table(rows_text, ["queue", "on-phone hours", "hours with shrinkage"])
    for name in hours.index:
        typer.echo(f"{name} promises: {chosen.promise(str(name))}")
    if shared:
        typer.echo(
            f"On-phone hours with each queue its own agents {together['apart']:,.1f}, with agents shared "
            f"{together['shared']:,.1f}, no fewer than {together['bound']:,.1f}; "
            f"{together['missing']:,.1f} of them by more people than there are"
        )
    for note in calls.notes:
        typer.echo(f"Note: {note}")
    typer.echo(f"\nWritten: {out}" + (f", {shared}" if shared else ""))


def _shared(desk: Opened, work: Workload, out: Path) -> dict[str, float]:
    """Write the agents of each skill group with the interval's totals beside them; the hours of the week."""
    from staffing.export import write_table

    found = desk.planner.shared_staff(work)
    write_table(out, found.groups.merge(found.totals, on="start"))
    hours = found.totals[["apart", "shared", "bound", "missing"]].sum() * work.scenario.site.interval_min / 60
    return {str(name): float(value) for name, value in hours.items()}
