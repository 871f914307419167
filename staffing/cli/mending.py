"""The command that mends a roster after sick calls or a new forecast: replan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import (
    JsonOption,
    NowOption,
    Opened,
    ScenarioOption,
    SecondsOption,
    WeekOption,
    WorkspaceArgument,
)
from staffing.domain.names import known_name
from staffing.errors import InputError, Where
from staffing.roster import MENDING_S, MOST_CHANGED

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.roster.desk.replan import Replan
    from staffing.store.absences import Absence
    from staffing.store.roster_days import AgentDate

LONGEST_AWAY_DAYS = 366


@app.command()
def replan(
    workspace: WorkspaceArgument,
    away: Annotated[
        list[str], typer.Option("--away", help="NAME=YYYY-MM-DD or NAME=FIRST..LAST; may be given again.")
    ] = [],  # noqa: B006  typer reads it once
    keep: Annotated[
        list[str], typer.Option("--keep", help="NAME or NAME=YYYY-MM-DD: stays as it is; may be given again.")
    ] = [],  # noqa: B006  typer reads it once
    release: Annotated[
        list[str],
        typer.Option("--release", help="NAME or NAME=YYYY-MM-DD: edited by hand, may change; may be given again."),
    ] = [],  # noqa: B006  typer reads it once
    now: NowOption = "",
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    seconds: SecondsOption = MENDING_S,
    most_changed: Annotated[
        float, typer.Option("--most-changed", min=0, max=1, help="Share of the other shifts that may change.")
    ] = MOST_CHANGED,
    json: JsonOption = False,
) -> None:
    """Mend the week's roster after sick calls or a new forecast, with few changes; the result is its draft.

    Shifts that have begun stay as they are, breaks included, and so do days edited by hand until they are released.
    Those who are away are noted in absences.csv of the workspace together with the draft, so that every later
    command knows it. Where somebody else changes the week meanwhile, it is mended again.
    """
    from staffing.store.turns import again_on_conflict
    from staffing.store.workspace import Workspace

    wish = Wish(tuple(away), tuple(keep), tuple(release), now, seconds, most_changed)
    start, made, stayed = again_on_conflict(
        lambda: _mended(Opened(workspace, week), scenario, wish, json), Workspace.open(workspace).ground
    )
    figures = {
        "short_hours": made.roster.short_hours,
        "short_hours_of_a_free_roster": made.free.short_hours,
        "changed_share": made.changed_share,
        "breaks_moved": made.breaks_moved,
        "changed_share_of_a_free_roster": made.free_changed_share,
        "notes": made.roster.notes,
        "changes": show.rows(made.changes.astype({"date": str})),
        "moved_breaks": show.rows(made.moved.astype({"date": str})),
        "stayed": stayed,
    }
    if json:
        show.as_json(figures)
        return
    for told in (made.changes, made.moved):
        show.table([[str(cell) for cell in row] for row in told.to_numpy().tolist()], list(told.columns))
        typer.echo()
    typer.echo(
        f"Short {made.roster.short_hours:.1f} h with {made.changed_share:.1%} of the other shifts changed "
        f"and breaks moved in {made.breaks_moved} more; a roster made afresh: {made.free.short_hours:.1f} h "
        f"with {made.free_changed_share:.0%} changed.\n"
        f"The draft of the week of {start} holds it; publish it with: staffing publish"
    )
    for note in (*stayed, *made.roster.notes):
        typer.echo(f"Note: {note}")


@dataclass(frozen=True)
class Wish:
    """What the options of replan say."""

    away: tuple[str, ...]
    keep: tuple[str, ...]
    release: tuple[str, ...]
    now: str
    seconds: float
    most_changed: float


def _mended(desk: Opened, scenario: str, wish: Wish, quiet: bool) -> tuple[dt.date, Replan, list[str]]:
    """Mend the roster at hand and keep it as the draft together with its sick calls; the week, what was done, and what
    stayed in words.

    Raises Conflict, with nothing written, where somebody else changed the week meanwhile.
    """
    from staffing.planner import Mending

    chosen = desk.workspace.scenario(scenario)
    fresh = _absences(desk, chosen, wish.away)
    keep, released = _kept(desk, chosen, wish.keep, fresh), _kept(desk, chosen, wish.release, (), "--release")
    by_hand = desk.workspace.rosters.by_hand(desk.start)
    freed = {key for key in by_hand if key in released or (key[0], None) in released or _is_away(key, fresh)}
    now = desk.now(wish.now, chosen)
    mending = Mending(tuple(fresh), (*keep, *sorted(by_hand - freed)), now, wish.seconds, wish.most_changed)
    seen, work = desk.seen(), desk.planner.workload(chosen, start=desk.start)
    with show.progress("replan", quiet) as progress:
        made = desk.planner.mend(work, seen.table, mending, progress=progress)
    desk.workspace.rosters.keep(made.roster.table, [seen], away=fresh, released=freed)
    return desk.start, made, _stayed(now, by_hand, freed)


def _is_away(key: AgentDate, fresh: Sequence[Absence]) -> bool:
    return any(absence.covers(*key) for absence in fresh)


def _stayed(now: pd.Timestamp, by_hand: Collection[AgentDate], freed: Collection[AgentDate]) -> list[str]:
    """What was left alone, in words."""
    told = [f"What began before {now:%Y-%m-%d %H:%M} stays as it is."]
    edits = sorted(key for key in by_hand if key not in freed)
    if edits:
        told.append(f"Edited by hand, so it stays: {', '.join(f'{name} on {day}' for name, day in edits)}.")
    if freed:
        told.append(f"Edited by hand, no longer: {', '.join(f'{name} on {day}' for name, day in sorted(freed))}.")
    return told


def _kept(
    desk: Opened, scenario: Scenario, keep: tuple[str, ...], fresh: Sequence[Absence], option: str = "--keep"
) -> list[tuple[str, dt.date | None]]:
    """What ``--keep`` or ``--release`` says: a person's day, or all of them. Raises InputError naming the option."""
    found: list[tuple[str, dt.date | None]] = []
    names, where = [agent.name for agent in scenario.agents], Where(field=option)
    for text in keep:
        name, told, said = text.rpartition("=") if text not in names else (text, "", "")
        name = known_name(name or text, names, where=where)
        day = show.day(said, option) if told else None
        if day is not None and not desk.start <= day < desk.start + dt.timedelta(days=7):
            remedy = "Say which week to mend with --week."
            raise InputError(f"{day} lies outside the week of {desk.start}.", where=where, remedy=remedy)
        for absence in fresh:
            if absence.agent == name and (day is None or absence.first <= day <= absence.last):
                away = f"{name} is away on {day or absence.first}."
                raise InputError(away, where=where, remedy="Keep other days, or leave --away out.")
        found.append((name, day))
    return found


def _absences(desk: Opened, scenario: Scenario, away: tuple[str, ...]) -> list[Absence]:
    """What ``--away`` says. Raises InputError naming the option."""
    from staffing.store.absences import Absence

    names, found = [agent.name for agent in scenario.agents], []
    for text in away:
        name, told, days = text.rpartition("=")
        if not told:
            raise InputError(
                f"'{text}' names no day.", where=Where(field="--away"), remedy=f"Write '{text}=YYYY-MM-DD'."
            )
        name = known_name(name, names, where=Where(field="--away"))
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
