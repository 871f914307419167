"""Commands that hand rosters on: export, changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, ScenarioOption, WeekOption, WorkspaceArgument
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    from staffing.export import Edition
    from staffing.export.edition import Which
    from staffing.export.plan_like import PlanLike
    from staffing.store.rosters import RosterBook

LanguageOption = Annotated[str, typer.Option("--language", help="en, or fa for Persian.")]


@app.command()
def export(
    workspace: WorkspaceArgument,
    scenario: ScenarioOption = "base",
    week: Annotated[
        str, typer.Option("--week", help="A day of the week; the next one, or else the last one with a roster.")
    ] = "",
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="File: .xlsx, .pdf, .ics or .csv; with --each a folder or .zip."),
    ] = Path("roster.xlsx"),
    published: Annotated[bool, typer.Option("--published", help="The published roster, or nothing.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="The draft, although a roster is published.")] = False,
    version: Annotated[int, typer.Option("--version", min=0, help="A published version.", show_default=False)] = 0,
    agent: Annotated[str, typer.Option("--agent", help="One person's shifts and nobody else's.")] = "",
    each: Annotated[str, typer.Option("--each", help="A file for each person: xlsx, pdf, ics or csv.")] = "",
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """Write a week's roster to hand on: workbook, PDF, calendar or table; for all, for one, or a file for each.

    What is published is written, or else the draft; without either a roster is planned, which is said and not kept.
    Every file says which roster it holds.
    """
    from staffing.domain.names import known_name
    from staffing.export import write_each, write_roster, writer_of
    from staffing.language import speaking

    asked = _Asked.of(published, draft, version)
    ending = f".{each.lstrip('.')}" if each else out.suffix
    writer_of(ending, "--each" if each else "--out")
    if agent and each:
        raise InputError("--agent and --each exclude each other.", remedy="Leave one of them out.")
    desk = Opened(workspace, week)
    if not week:
        desk.start = _week_at_hand(desk.workspace.rosters, desk.start)
    made, edition = _handed(desk, scenario, asked, json)
    name = known_name(agent, (one.name for one in made.scenario.agents), where=Where(field="--agent")) if agent else ""
    with speaking(language):
        if each:
            written = [str(out / file) for file in write_each(out, made, ending, edition=edition)]
        else:
            write_roster(out, made, edition=edition, agent=name)
            written = [str(out)]
    told = edition.told(desk.site)
    if json:
        held = {"state": edition.state, "version": edition.version or None, "roster": told}
        show.as_json({"week": desk.start, "scenario": made.scenario.name, **held, "written": written})
        return
    typer.echo(f"Week of {desk.start}: {told}")
    typer.echo(f"Written: {written[0]}" if not each else f"Written: {len(written)} files, {out}")


@app.command()
def changes(
    workspace: WorkspaceArgument,
    week: WeekOption = "",
    since: Annotated[
        int, typer.Option("--from", min=0, show_default=False, help="A version; the one before the last.")
    ] = 0,
    to: Annotated[
        int, typer.Option("--to", min=0, show_default=False, help="A later version; the last one, or else the draft.")
    ] = 0,
    draft: Annotated[bool, typer.Option("--draft", help="What the draft would change in what is published.")] = False,
    language: LanguageOption = "en",
    json: JsonOption = False,
) -> None:
    """What changed for whom between two versions of a week: a message for each person concerned."""
    from staffing.export import changes as compared
    from staffing.export import kept_roster, messages
    from staffing.language import speaking
    from staffing.store.workspace import Workspace

    opened = Workspace.open(workspace)
    book, site = opened.rosters, opened.base.site
    first = site.week_of(show.day(week, "--week")) if week else _last_published(book)
    after = kept_roster(book, first, "draft" if draft else (to or "published"))
    assert after is not None  # only "kept" finds nothing without a word
    newest = after[1].version
    earlier = since or (newest if draft else newest - 1)
    before = kept_roster(book, first, earlier) if earlier else None
    table = after[0].iloc[:0] if before is None else before[0]
    found = compared(table, after[0], site)
    with speaking(language):
        told = dict(messages(found, site))
        head = f"{before[1].told(site) if before else '–'} → {after[1].told(site)}"
    if json:
        rows = [{**vars(change), "day": change.day} for change in found]
        show.as_json({"week": first, "changes": rows, "messages": told})
        return
    typer.echo(f"Week of {first}: {head}\n")
    typer.echo("\n\n".join(told.values()) if told else "Nobody's shifts have changed.")


@dataclass(frozen=True)
class _Asked:
    """Which roster the options ask for."""

    which: Which

    @classmethod
    def of(cls, published: bool, draft: bool, version: int) -> _Asked:
        if published + draft + bool(version) > 1:
            raise InputError("--published, --draft and --version exclude each other.", remedy="Give one of them.")
        return cls(version or ("published" if published else "draft" if draft else "kept"))


def _week_at_hand(book: RosterBook, coming: dt.date) -> dt.date:
    """The coming week, or else the last before it that has a roster: history grows past a week that still runs."""
    weeks = book.weeks()
    return max((week for week in weeks if week <= coming), default=min(weeks, default=coming))


def _last_published(book: RosterBook) -> dt.date:
    weeks = [entry.week for entry in book.journal()]
    if not weeks:
        raise InputError("nothing is published yet.", remedy="Publish a draft with: staffing publish")
    return max(weeks)


def _handed(desk: Opened, scenario: str, asked: _Asked, quiet: bool) -> tuple[PlanLike, Edition]:
    """The roster that is asked for under the scenario's forecast, and which one it is."""
    from staffing.export import Edition, kept_roster

    chosen = desk.workspace.scenario(scenario)
    found = kept_roster(desk.workspace.rosters, desk.start, asked.which)
    if found is None:
        return desk.plan(chosen, quiet), Edition(desk.start)
    table, edition = found
    return desk.planner.held(chosen, table, start=desk.start), edition
