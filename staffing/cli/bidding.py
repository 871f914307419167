"""Commands about shift bidding: the lines of a roster, and who gets which."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, Opened, ScenarioOption, WeekOption, WorkspaceArgument
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    from staffing.roster.desk.bidding import Award, Bidding
    from staffing.store.rosters import Seen

bids = typer.Typer(help="Lines of a roster given by ranked wishes, seniority or points.", no_args_is_help=True)
app.add_typer(bids, name="bids")


class By(StrEnum):
    """What decides between wishes for one line."""

    SENIORITY = "seniority"
    POINTS = "points"


@bids.command("lines")
def lines(
    workspace: WorkspaceArgument, scenario: ScenarioOption = "base", week: WeekOption = "", json: JsonOption = False
) -> None:
    """The lines of the week's roster: what can be wished for in bids.csv (agent, line, rank, points)."""
    bidding, _ = _bidding(Opened(workspace, week), scenario)
    if json:
        show.as_json([{"line": one.name, "shifts": one.text, "owners": list(one.owners)} for one in bidding.lines])
        return
    show.table([[one.name, str(len(one.owners)), one.text] for one in bidding.lines], ["line", "times", "shifts"])


@bids.command("assign")
def assign(
    workspace: WorkspaceArgument,
    by: Annotated[By, typer.Option("--by", help="Who comes first: the longest employed, or the most points.")],
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    budget: Annotated[float | None, typer.Option("--budget", min=0, help="Most points of each person.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Make it the draft of the week.")] = False,
    json: JsonOption = False,
) -> None:
    """Give the week's lines to people by the wishes in bids.csv, and say who got which wish.

    Nobody gets a line that breaks a rule; cover and hours stay as they are, and those without a granted wish keep
    their own line wherever that is possible. Seniority counts from employed_from in agents.csv.
    """
    from staffing.store.bids import FILE, bids_of

    opened = Opened(workspace, week)
    wishes = bids_of(opened.workspace.ground.read(FILE))
    if not wishes:
        raise InputError("there are no bids.", where=Where(FILE), remedy="Columns: agent, line, rank, points.")
    bidding, seen = _bidding(opened, scenario)
    awards = bidding.awards(wishes, by.value, budget)
    if keep:
        opened.workspace.rosters.keep(bidding.table(awards), [seen])
    if json:
        show.as_json({"week": opened.start, "kept": keep, "awards": [vars(award) for award in awards]})
        return
    show.table([_cells(award) for award in awards], ["agent", "gets", "had", "wish"])
    bidders = [award for award in awards if award.rank is not None]
    typer.echo(
        f"\n{sum(bool(award.rank) for award in bidders)} of {len(bidders)} who bid got a wish, "
        f"{sum(award.rank == 1 for award in bidders)} their first."
        + (f"\nThe draft of the week of {opened.start} holds it; publish it with: staffing publish" if keep else "")
    )


def _bidding(opened: Opened, scenario: str) -> tuple[Bidding, Seen]:
    """The lines of the roster at hand."""
    from staffing.roster.desk.bidding import Bidding
    from staffing.roster.desk.board import Board

    seen = opened.seen()
    assert seen.table is not None
    return Bidding(Board(opened.roster_inputs(opened.workspace.scenario(scenario)), seen.table)), seen


def _cells(award: Award) -> list[str]:
    wish = "none" if award.rank == 0 else "–" if award.rank is None else f"{award.rank}."
    return [award.agent, award.line, award.before, wish]
