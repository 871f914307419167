"""Commands on rosters: roster, edit, replan, why, publish, published."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import (
    AtOnceOption,
    Desk,
    DraftOption,
    GapOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    SecondsOption,
    Span,
    WeekOption,
    WeeksOption,
    WorkspaceArgument,
)
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.roster.desk.clash import Clash
    from staffing.roster.desk.explain import Shortage
    from staffing.roster.engine.problem import Inputs
    from staffing.store.absences import Absence

LONGEST_AWAY_DAYS = 366

WhyOption = Annotated[str, typer.Option("--why", help="The reason, kept in the journal.", show_default=False)]
ByOption = Annotated[str, typer.Option("--by", help="Who publishes; the user of this machine if left out.")]
AnywayOption = Annotated[bool, typer.Option("--anyway", help="Also where a rule is broken.")]


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
    out: OutOption = Path("out"),
    json: JsonOption = False,
) -> None:
    """Roster named people for a week and say how good that is: hours, shortage, proven bound and gap.

    Rosters of the weeks before (published, or else drafts) are carried on.
    """
    from staffing.export import roster_summary, write_plan

    desk = Desk(workspace, week)
    chosen = desk.workspace.scenario(scenario).patched({"solve": {"seconds": seconds, "gap": gap}})
    made = desk.plan(chosen, json, Span(weeks, at_once))
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
def edit(
    workspace: WorkspaceArgument,
    agent: Annotated[str, typer.Option("--agent", help="Whose day.", show_default=False)],
    day: Annotated[str, typer.Option("--day", help="Which day, YYYY-MM-DD.", show_default=False)],
    shift: Annotated[str, typer.Option("--shift", help="09:00-17:30, or off.", show_default=False)],
    scenario: ScenarioOption = "base",
    anyway: AnywayOption = False,
    json: JsonOption = False,
) -> None:
    """Change one person's day in the draft: checked against every rule, with its effect on coverage.

    The draft of that week is changed, or else a draft is begun from its published roster.
    """
    from staffing.roster.desk.edit import Edit, edited, judge

    date, desk = show.day(day, "--day"), Desk(workspace, day)
    before = _at_hand(desk)
    inputs = _inputs(desk, desk.workspace.scenario(scenario))
    after = edited(inputs, before, Edit(agent, date, shift))
    effect = judge(inputs, before, after)
    taken = effect.allowed or anyway
    if taken:
        desk.workspace.rosters.keep(after)
    if json:
        figures = {name: getattr(effect, name) for name in ("short_hours", "excess_hours", "paid_hours")}
        show.as_json({**figures, "taken": taken, "broken": [str(fault) for fault in effect.broken]})
    else:
        typer.echo(f"{effect}\n{'Taken into the draft.' if taken else 'Not taken: it breaks a rule.'}")
    if not taken:
        raise typer.Exit(1)


@app.command()
def replan(
    workspace: WorkspaceArgument,
    away: Annotated[
        list[str], typer.Option("--away", help="NAME=YYYY-MM-DD or NAME=FIRST..LAST; may be given again.")
    ] = [],  # noqa: B006  typer reads it once
    keep: Annotated[
        list[str], typer.Option("--keep", help="NAME or NAME=YYYY-MM-DD: stays as it is; may be given again.")
    ] = [],  # noqa: B006  typer reads it once
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    seconds: SecondsOption = 4.5,
    most_changed: Annotated[
        float, typer.Option("--most-changed", min=0, max=1, help="Share of the other shifts that may change.")
    ] = 0.05,
    json: JsonOption = False,
) -> None:
    """Mend the week's roster after sick calls or a new forecast, with few changes; the result is its draft.

    Those who are away are noted in absences.csv of the workspace, so that every later command knows it.
    """
    from dataclasses import replace
    from functools import partial

    from staffing.roster import SolveLimits
    from staffing.roster.desk import replan as mending
    from staffing.roster.inputs.pins import joined, kept_rows
    from staffing.roster.run import start
    from staffing.store.absences import add_absences

    desk = Desk(workspace, week)
    before = desk.workspace.scenario(scenario)
    fresh = _absences(desk, before, away)
    stay = _kept(desk, before, keep, fresh)
    published = _at_hand(desk)
    add_absences(desk.workspace.absences_file, fresh)
    desk = Desk(workspace, week)
    chosen = desk.workspace.scenario(scenario)
    limits = SolveLimits(seconds, 0.0, chosen.seed, chosen.solve.threads)
    inputs = _inputs(desk, chosen)
    stays = kept_rows(published, stay, inputs)
    inputs = replace(inputs, pinned=joined(inputs.pinned, stays))
    with show.progress("replan", json) as progress:
        task = partial(mending.replan, inputs, published, limits, most_changed=most_changed)
        made = start(task, seconds).result(lambda state: progress(str(state), min(1.0, state.seconds / seconds)))
    desk.workspace.rosters.keep(made.roster.table)
    figures = {
        "short_hours": made.roster.short_hours,
        "short_hours_of_a_free_roster": made.free.short_hours,
        "changed_share": made.changed_share,
        "breaks_moved": made.breaks_moved,
        "changed_share_of_a_free_roster": made.free_changed_share,
        "notes": made.roster.notes,
        "changes": show.rows(made.changes.astype({"date": str})),
    }
    if json:
        show.as_json(figures)
        return
    show.table([[str(cell) for cell in row] for row in made.changes.to_numpy().tolist()], list(made.changes.columns))
    typer.echo(
        f"\nShort {made.roster.short_hours:.1f} h with {made.changed_share:.1%} of the other shifts changed "
        f"and breaks moved in {made.breaks_moved} more; a roster made afresh: {made.free.short_hours:.1f} h "
        f"with {made.free_changed_share:.0%} changed.\n"
        f"The draft of the week of {desk.start} holds it; publish it with: staffing publish"
    )
    for note in made.roster.notes:
        typer.echo(f"Note: {note}")


@app.command()
def why(
    workspace: WorkspaceArgument, scenario: ScenarioOption = "base", week: WeekOption = "", json: JsonOption = False
) -> None:
    """Why intervals stay short and whose rules clash, with the cheapest remedies and their prices."""
    from staffing.roster.desk.clash import clashes
    from staffing.roster.desk.explain import explain
    from staffing.roster.desk.promised import missed

    desk = Desk(workspace, week)
    chosen = desk.workspace.scenario(scenario)
    inputs = _inputs(desk, chosen)
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

    desk = Desk(workspace, week)
    chosen = desk.workspace.scenario(scenario)
    table = _kept_or_made(desk, chosen, json)
    found = work_out(_inputs(desk, chosen), table, most=most)
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
    anyway: AnywayOption = False,
    json: JsonOption = False,
) -> None:
    """Publish the draft of a week: it becomes what later weeks, replans and the pages build on.

    Every rule is checked first. The journal keeps who published what, when and why; nothing is overwritten.
    """
    import getpass

    from staffing.roster.rules import check
    from staffing.store.rosters import Signed, read_roster

    desk = Desk(workspace, week)
    rows = _at_hand(desk, published=False) if table is None else read_roster(table)
    broken = check(rows, _inputs(desk, desk.workspace.scenario(scenario)))
    if broken and not anyway:
        shown = "\n".join(f"  - {fault}" for fault in broken[:20])
        raise InputError(f"{len(broken)} rule(s) are broken:\n{shown}\n", remedy="Mend them, or publish with --anyway.")
    signed = Signed(by or getpass.getuser(), reason, scenario)
    entry = desk.workspace.rosters.publish(desk.start, rows, signed, dt.datetime.now(dt.UTC))
    if json:
        show.as_json({**vars(entry), "file": entry.file})
        return
    typer.echo(
        f"Published the week of {entry.week}, version {entry.version}: {entry.shifts} shifts, {entry.changed} changed, "
        f"by {entry.who}: {entry.why}"
    )


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


def _at_hand(desk: Desk, *, published: bool = True) -> pd.DataFrame:
    """The draft of the desk's week, or else its published roster."""
    book = desk.workspace.rosters
    table = book.at_hand(desk.start) if published else book.draft(desk.start)
    if table is None:
        raise InputError(
            f"there is no {'roster' if published else 'draft'} of the week of {desk.start}.",
            remedy="Make one with: staffing roster --draft",
        )
    return table


def _kept_or_made(desk: Desk, scenario: Scenario, quiet: bool) -> pd.DataFrame:
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


def _inputs(desk: Desk, scenario: Scenario) -> Inputs:
    """What the roster stage is given for the desk's week."""
    from staffing.plan import forecast, requirements, service_pieces
    from staffing.roster import inputs_of

    calls = forecast(desk.history, scenario, start=desk.start, days=7, cache=desk.cache)
    needed = requirements(calls, scenario, cache=desk.cache)
    pieces, past = service_pieces(calls, scenario, cache=desk.cache), desk.workspace.rosters.before(desk.start)
    return inputs_of(needed, scenario, start=desk.start, past=past, pieces=pieces)


def _kept(desk: Desk, scenario: Scenario, keep: list[str], fresh: list[Absence]) -> list[tuple[str, dt.date | None]]:
    """What ``--keep`` says: a person's day, or all of them. Raises InputError naming the option."""
    found: list[tuple[str, dt.date | None]] = []
    names, where = {agent.name for agent in scenario.agents}, Where(field="--keep")
    for text in keep:
        name, told, said = text.rpartition("=") if text not in names else (text, "", "")
        if name not in names:
            raise InputError(
                f"there is no agent '{name or text}'.", where=where, remedy="Write NAME or NAME=YYYY-MM-DD."
            )
        day = show.day(said, "--keep") if told else None
        if day is not None and not desk.start <= day < desk.start + dt.timedelta(days=7):
            remedy = "Say which week to mend with --week."
            raise InputError(f"{day} lies outside the week of {desk.start}.", where=where, remedy=remedy)
        for absence in fresh:
            if absence.agent == name and (day is None or absence.first <= day <= absence.last):
                away = f"{name} is away on {day or absence.first}."
                raise InputError(away, where=where, remedy="Keep other days, or leave --away out.")
        found.append((name, day))
    return found


def _absences(desk: Desk, scenario: Scenario, away: list[str]) -> list[Absence]:
    """What ``--away`` says. Raises InputError naming the option."""
    from staffing.store.absences import Absence

    names, found = {agent.name for agent in scenario.agents}, []
    for text in away:
        name, told, days = text.rpartition("=")
        if not told:
            raise InputError(
                f"'{text}' names no day.", where=Where(field="--away"), remedy=f"Write '{text}=YYYY-MM-DD'."
            )
        if name not in names:
            raise InputError(
                f"there is no agent '{name}'.", where=Where(field="--away"), remedy="Write NAME=YYYY-MM-DD."
            )
        first, _, last = days.partition("..")
        span = [show.day(part.strip(), "--away") for part in (first, last or first)]
        where = Where(field="--away")
        if span[1] < span[0]:
            raise InputError(f"{days} ends before it begins.", where=where, remedy="Turn it round.")
        if (span[1] - span[0]).days > LONGEST_AWAY_DAYS:
            remedy = "Mind the year; longer leave belongs into time_off of agents.csv."
            raise InputError(f"{days} is more than a year.", where=where, remedy=remedy)
        if span[1] < desk.start or span[0] > desk.start + dt.timedelta(days=6):
            remedy = "Say which week to mend with --week."
            raise InputError(f"{days} lies outside the week of {desk.start}.", where=where, remedy=remedy)
        found.append(Absence(name, span[0], span[1], "called in"))
    return found
