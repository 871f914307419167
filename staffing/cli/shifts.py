"""Commands about the shift library: which shifts a site should have at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, ScenarioOption, WeekOption, WorkspaceArgument
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    from staffing.roster.design.kinds import Reach
    from staffing.roster.design.suggest import Library, Suggestion

shifts = typer.Typer(help="Which shifts a site should have.", no_args_is_help=True)
app.add_typer(shifts, name="shifts")


@shifts.command("suggest")
def suggest(
    workspace: WorkspaceArgument,
    kinds: Annotated[int, typer.Option("--kinds", help="How many: a kind is one start and one length.")],
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=6, help="Weeks of requirement to cover.")] = 4,
    lengths: Annotated[
        str, typer.Option("--lengths", help="Shortest and longest shift in hours, such as 4-10.")
    ] = "4-10",
    step: Annotated[int, typer.Option("--step", min=5, max=240, help="Minutes between starts, and lengths.")] = 30,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Time limit in all.")] = 60.0,
    rosters: Annotated[bool, typer.Option(help="Also roster the first week with them and with today's.")] = True,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write them as shifts for shifts.toml.")] = None,
    json: JsonOption = False,
) -> None:
    """The few starts, lengths and breaks that cover weeks of requirement best under the contracts.

    Shown beside today's library, with what one kind fewer or more costs; breaks are those of today's shifts nearest in
    length. A suggestion: contracts that name their shifts have to allow the new ones.
    """
    from staffing.roster.design.suggest import suggest as work_out

    desk = Opened(workspace, week)
    work = desk.planner.workload(desk.workspace.scenario(scenario), start=desk.start, days=7 * weeks)
    inputs = desk.planner.roster_inputs(work)
    with show.progress("shifts", json) as progress:
        found = work_out(inputs, kinds, _reach(lengths, step), seconds, rosters=rosters, told=progress)
    if out:
        out.write_text(_toml(found), encoding="utf-8")
    if json:
        show.as_json(_figures(found))
        return
    _print(found, weeks)
    if out:
        typer.echo(f"\nWritten: {out}")


def _reach(lengths: str, step: int) -> Reach:
    """What the options say. Raises InputError naming the option."""
    from staffing.roster.design.kinds import Reach

    try:
        shortest, longest = (round(60 * float(part)) for part in lengths.split("-"))
    except ValueError:
        raise InputError(
            f"'{lengths}' are no lengths.", where=Where(field="--lengths"), remedy="Write two in hours, such as 4-10."
        ) from None
    return Reach(start_step_min=step, shortest_min=shortest, longest_min=longest, length_step_min=step)


def _print(found: Suggestion, weeks: int) -> None:
    typer.echo("Suggested:")
    for kind, people in zip(found.suggested.kinds, found.suggested.people, strict=True):
        breaks = ", ".join(f"{rule.name} {rule.minutes} min" for rule in kind.template.ordered_breaks) or "no break"
        typer.echo(f"  {kind.text}  {kind.length_min / 60:g} h, {people:.1f} shifts a week ({breaks})")
    named = [("one fewer", found.fewer), ("suggested", found.suggested), ("one more", found.more),
             ("today's library", found.today)]  # fmt: skip
    rows = [[name, *_cells(library)] for name, library in named if library is not None]
    typer.echo(f"\nCover of {weeks} week(s), people by contract, days and hours of their weeks counted:")
    show.table(rows, ["", "kinds", "price", "paid h", "idle h", "short h", "over h"])
    if found.rosters is not None:
        typer.echo("\nRoster of the first week, people and all rules counted:")
        rows = [
            [name, f"{made.objective:,.0f}", f"{made.paid_hours:,.1f}", f"{made.short_hours:,.1f}",
             f"{made.excess_hours:,.1f}", f"{made.gap:.1%}"]
            for name, made in zip(("suggested", "today's library"), found.rosters, strict=True)
        ]  # fmt: skip
        show.table(rows, ["", "price", "paid h", "short h", "over h", "gap"])


def _cells(library: Library) -> list[str]:
    made = library.covered
    amounts = (made.paid_hours, made.idle_hours, made.short_hours, made.excess_hours)
    return [str(len(library.kinds)), f"{made.price:,.0f}", *(f"{hours:,.1f}" for hours in amounts)]


def _figures(found: Suggestion) -> dict[str, Any]:
    named = {"suggested": found.suggested, "fewer": found.fewer, "more": found.more, "today": found.today}
    figures: dict[str, Any] = {name: None if one is None else _library(one) for name, one in named.items()}
    names = ("objective", "bound", "paid_hours", "short_hours", "excess_hours")
    made = found.rosters or ()
    figures["rosters"] = {
        key: {name: getattr(one, name) for name in names}
        for key, one in zip(("suggested", "today"), made, strict=False)
    } or None
    return figures


def _library(library: Library) -> dict[str, Any]:
    made = library.covered
    return {
        "kinds": [
            {"start": kind.text[:5], "hours": kind.length_min / 60, "shifts_a_week": people,
             "breaks": [rule.model_dump(include={"name", "minutes", "paid", "earliest_min", "latest_min"})
                        for rule in kind.template.ordered_breaks]}
            for kind, people in zip(library.kinds, library.people, strict=True)
        ],
        "price": made.price, "paid_hours": made.paid_hours, "idle_hours": made.idle_hours,
        "short_hours": made.short_hours, "excess_hours": made.excess_hours,
    }  # fmt: skip


def _toml(found: Suggestion) -> str:
    """The suggested shifts in the form of shifts.toml."""
    import tomli_w

    fields = {"name", "length_min", "first_start", "last_start", "step_min"}
    rules = {"name", "minutes", "paid", "earliest_min", "latest_min"}
    tables = []
    for shift in found.suggested.templates():
        table = shift.model_dump(include=fields)
        for name in ("first_start", "last_start"):
            table[name] = f"{table[name] // 60:02d}:{table[name] % 60:02d}"
        tables.append({**table, "breaks": [rule.model_dump(include=rules) for rule in shift.breaks]})
    return tomli_w.dumps({"shifts": tables})
