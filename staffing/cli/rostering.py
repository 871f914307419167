"""Commands on rosters: roster, why, offers, publish, published."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.editing import AnywayOption
from staffing.cli.planning import (
    AtOnceOption,
    DraftOption,
    GapOption,
    JsonOption,
    NowOption,
    Opened,
    OutOption,
    ReplaceOption,
    ScenarioOption,
    SecondsOption,
    WeekOption,
    Weeks,
    WeeksOption,
    WorkspaceArgument,
)
from staffing.errors import InputError, StaffingError, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.roster.desk.clash import Clash
    from staffing.roster.desk.explain import Shortage
    from staffing.store.rosters import Publication

WhyOption = Annotated[str, typer.Option("--why", help="The reason, kept in the journal.", show_default=False)]
ByOption = Annotated[str, typer.Option("--by", help="Who publishes; the user of this machine if left out.")]


@app.command()
def roster(
    workspace: WorkspaceArgument,
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    weeks: WeeksOption = 1,
    at_once: AtOnceOption = False,
    seconds: SecondsOption = 60.0,
    gap: GapOption = 0.01,
    draft: DraftOption = False,
    replace: ReplaceOption = False,
    out: OutOption = Path("out"),
    json: JsonOption = False,
) -> None:
    """Roster named people for a week and say how good that is: hours, shortage, proven bound and gap.

    Rosters of the weeks before (published, or else drafts) are carried on.
    """
    from staffing.export import roster_summary, write_plan

    desk = Opened(workspace, week)
    chosen = desk.workspace.scenario(scenario).patched({"solve": {"seconds": seconds, "gap": gap}})
    if draft:
        desk.may_draft(weeks, replace=replace)
    made = desk.plan(chosen, json, Weeks(weeks, at_once))
    paths = [*map(str, write_plan(made, out)), *(desk.keep(made) if draft else [])]
    figures = roster_summary(made)
    if json:
        show.as_json(figures)
        return
    show.table([[key, str(value)] for key, value in figures.items() if not isinstance(value, list | dict)], ["", ""])
    for note in made.notes:
        typer.echo(f"Note: {note}")
    typer.echo("\nWritten:\n" + "\n".join(f"  {path}" for path in paths))


@app.command()
def why(
    workspace: WorkspaceArgument, scenario: ScenarioOption = "base", week: WeekOption = "", json: JsonOption = False
) -> None:
    """Why intervals stay short and whose rules clash, with the cheapest remedies and their prices."""
    from staffing.roster.desk.clash import clashes
    from staffing.roster.desk.explain import explain
    from staffing.roster.desk.promised import missed

    desk = Opened(workspace, week)
    chosen = desk.workspace.scenario(scenario)
    inputs = desk.roster_inputs(chosen)
    table = _kept_or_made(desk, chosen, json)
    found: list[Clash | Shortage] = [*clashes(inputs), *explain(inputs, table)]
    notes = missed(inputs, table)
    if json:
        show.as_json({"week": desk.start, "found": [item.as_dict() for item in found], "notes": notes})
        return
    typer.echo("".join(f"Note: {note}\n" for note in notes), nl=False)
    typer.echo("\n\n".join(str(item) for item in found) or "Nothing is short, and no rules clash.")


@app.command()
def offers(
    workspace: WorkspaceArgument,
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    most: Annotated[int, typer.Option("--most", min=1, max=500, help="How many at most.")] = 20,
    json: JsonOption = False,
) -> None:
    """Whom to offer time off where too many are there, or to ask to stay where too few are, and what it saves.

    Contracts say for how much (voluntary_hours, max_hours, overtime_hours).
    """
    from staffing.roster.desk.offers import offers as work_out

    desk = Opened(workspace, week)
    chosen = desk.workspace.scenario(scenario)
    table = _kept_or_made(desk, chosen, json)
    found = work_out(desk.roster_inputs(chosen), table, most=most)
    if json:
        show.as_json({"week": desk.start, "offers": [vars(offer) for offer in found]})
        return
    typer.echo("\n".join(map(str, found)) or "Nobody has to be asked: no change of an hour would save anything.")


@app.command()
def publish(
    workspace: WorkspaceArgument,
    reason: WhyOption,
    by: ByOption = "",
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    table: Annotated[
        Path | None, typer.Option("--roster", help="A roster.parquet to publish instead of the draft.")
    ] = None,
    back_to: Annotated[
        int | None, typer.Option("--back-to", min=1, help="Take a publication back: an earlier version holds again.")
    ] = None,
    anyway: AnywayOption = False,
    now: NowOption = "",
    json: JsonOption = False,
) -> None:
    """Publish the draft of a week: it becomes what later weeks, replans and the pages build on.

    Every rule is checked first. The chance of each day is kept for
    `staffing accuracy`. The journal keeps who published what, when and why; nothing is overwritten, and shifts
    that have begun stay as they were published. --back-to takes a publication back: what held before is published
    anew, as a version of its own; the draft is left alone.
    """
    import getpass
    from dataclasses import replace

    from staffing.roster.desk.begun import still_broken
    from staffing.store.publications import Signed
    from staffing.store.roster_files import read_roster

    if back_to is not None and table is not None:
        raise InputError("there are two rosters.", where=Where(field="--back-to"), remedy="Leave out one of the two.")
    desk = Opened(workspace, week)
    chosen = desk.workspace.scenario(scenario)
    begun = desk.now(now, chosen)
    book = desk.workspace.rosters
    seen = desk.seen(draft=True) if table is None and back_to is None else book.seen(desk.start)
    if back_to is not None:
        rows = book.as_it_was(desk.start, back_to, begun)
    else:
        rows = seen.table if table is None else read_roster(table)
    broken, settled = still_broken(replace(desk.roster_inputs(chosen), now=begun), rows)
    if settled and not json:
        told = "".join(f"\n  - {fault}" for fault in settled)
        typer.echo(f"Note: what has begun breaks {len(settled)} rule(s), which stays so:{told}", err=True)
    if broken and not anyway:
        shown = "\n".join(f"  - {fault}" for fault in broken)
        raise InputError(f"{len(broken)} rule(s) are broken:\n{shown}\n", remedy="Mend them, or publish with --anyway.")
    signed = Signed(by or getpass.getuser(), reason, scenario)
    entry = book.publish(
        desk.start, rows, signed, dt.datetime.now(dt.UTC), seen=seen, begun=begun, draft_stays=back_to is not None
    )
    _keep_promise(desk, chosen, rows, entry)
    if json:
        show.as_json({**vars(entry), "file": entry.file})
        return
    typer.echo(
        f"Published the week of {entry.week}, version {entry.version}: {entry.shifts} shifts, {entry.changed} changed, "
        f"by {entry.who}: {entry.why}"
    )


def _keep_promise(desk: Opened, chosen: Scenario, rows: pd.DataFrame, entry: Publication) -> None:
    """Note the chances of the days to come, for `staffing accuracy`; a roster that cannot be simulated has none."""
    try:
        played = desk.planner.held(chosen, rows, start=desk.start).simulated
    except StaffingError as error:
        typer.echo(f"Note: no chances are kept of this week: {error}", err=True)
        return
    ahead = played.days[played.days["day"] > desk.planner.now(chosen).date()]
    desk.workspace.promised.keep(entry, ahead, played.runs)


@app.command()
def published(workspace: WorkspaceArgument, json: JsonOption = False) -> None:
    """The journal of published rosters: when, which week and version, by whom and why."""
    from staffing.store.workspace import Workspace

    entries = Workspace.open(workspace).rosters.journal()
    if json:
        show.as_json([vars(entry) for entry in entries])
        return
    rows = [[e.when, str(e.week), str(e.version), str(e.shifts), str(e.changed), e.who, e.why] for e in entries]
    show.table(rows, ["when", "week", "version", "shifts", "changed", "who", "why"])


def _kept_or_made(desk: Opened, scenario: Scenario, quiet: bool) -> pd.DataFrame:
    """The week's kept roster; without one a roster is made, which is said, and left as the draft."""
    kept = desk.workspace.rosters.at_hand(desk.start)
    if kept is not None:
        return kept
    if not quiet:
        seconds = scenario.solve.seconds
        typer.echo(f"No roster of the week of {desk.start} is kept; one is made first, up to {seconds:g} s.", err=True)
    made = desk.plan(scenario, quiet)
    kept_as = desk.keep(made)
    if not quiet:
        typer.echo(f"It is kept as the {', '.join(kept_as)}.", err=True)
    return made.roster.table
