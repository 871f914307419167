"""Commands that change people's days in a draft: edit, starts, swap, copy, fill. Each is taken whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, NowOption, Opened, ScenarioOption, WeekOption, WorkspaceArgument
from staffing.domain.names import known_name
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.roster.desk.board import Board, Effect
    from staffing.roster.desk.edit import Edit
    from staffing.roster.desk.several import DayAlternative
    from staffing.store.rosters import Seen

AnywayOption = Annotated[bool, typer.Option("--anyway", help="Also where a rule is broken.")]
AgentOption = Annotated[str, typer.Option("--agent", help="Whose day.", show_default=False)]
DayOption = Annotated[str, typer.Option("--day", help="Which day, YYYY-MM-DD.", show_default=False)]
MostOption = Annotated[int, typer.Option("--most", min=1, max=500, help="How many at most.")]

#: The edits that a board of one week is asked for; the board holds the roster at hand.
Wanted = Callable[["Board"], list["Edit"]]


@dataclass(frozen=True)
class How:
    """Options that all edits share."""

    scenario: str
    now: str
    anyway: bool
    json: bool


@app.command()
def edit(
    workspace: WorkspaceArgument,
    agent: AgentOption,
    day: DayOption,
    shift: Annotated[str, typer.Option("--shift", help="09:00-17:30, KIND 09:00-17:30, or off.", show_default=False)],
    weeks: Annotated[
        int, typer.Option("--weeks", min=1, max=6, help="The same in so many weeks, one after another.")
    ] = 1,
    scenario: ScenarioOption = "base",
    anyway: AnywayOption = False,
    now: NowOption = "",
    json: JsonOption = False,
) -> None:
    """Change one person's day in the draft: checked against every rule, with its effect on coverage.

    The draft of that week is changed, or else a draft is begun from its published roster. A day edited by hand stays
    when the roster is mended, until it is released (replan --release). What has begun cannot be edited.
    """
    from staffing.roster.desk.edit import Edit

    date = show.day(day, "--day")
    desks = [Opened(workspace, str(date + dt.timedelta(weeks=k))) for k in range(weeks)]
    edits = [Edit(agent, date + dt.timedelta(weeks=k), shift) for k in range(weeks)]
    _take(desks, How(scenario, now, anyway, json), [_always(one) for one in edits])


def _always(edit: Edit) -> Wanted:
    return lambda _board: [edit]


@app.command()
def starts(
    workspace: WorkspaceArgument,
    agent: AgentOption,
    day: DayOption,
    most: MostOption = 10,
    scenario: ScenarioOption = "base",
    now: NowOption = "",
    json: JsonOption = False,
) -> None:
    """What a person's day may become without breaking a rule, the best first, with its effect. Nothing is changed."""
    from staffing.roster.desk.several import choices

    date, desk = show.day(day, "--day"), Opened(workspace, day)
    board = _board(desk, desk.workspace.scenario(scenario), now, desk.seen())
    _tell(choices(board, agent, date)[:most], json, f"There is nothing else that {agent} may work on {date}.")


@app.command()
def fill(
    workspace: WorkspaceArgument,
    queue: Annotated[str, typer.Option("--queue", help="Where people are missing.", show_default=False)],
    begin: Annotated[str, typer.Option("--from", help="YYYY-MM-DDTHH:MM on the site's clock.", show_default=False)],
    end: Annotated[str, typer.Option("--to", help="YYYY-MM-DDTHH:MM on the site's clock.", show_default=False)],
    take: Annotated[bool, typer.Option("--take", help="Take the best one into the draft.")] = False,
    most: MostOption = 10,
    scenario: ScenarioOption = "base",
    now: NowOption = "",
    json: JsonOption = False,
) -> None:
    """Whose day could be changed to fill a gap, the best first, with its effect; --take makes the best one."""
    from staffing.roster.desk.several import filled

    desk = Opened(workspace, begin.partition("T")[0])
    span = [show.instant(text, name, desk.site) for text, name in ((begin, "--from"), (end, "--to"))]
    if span[1] <= span[0]:
        raise InputError(f"{end} does not lie after {begin}.", where=Where(field="--to"), remedy="Turn it round.")
    board = _board(desk, desk.workspace.scenario(scenario), now, desk.seen())
    found = filled(board, queue, *span)
    if not take:
        _tell(found[:most], json, "Nobody can fill it within the rules.")
        return
    if not found:
        raise InputError("nobody can fill it within the rules.", remedy="See: staffing why")
    _take([desk], How(scenario, now, False, json), [_always(found[0].edit)])


@app.command()
def swap(
    workspace: WorkspaceArgument,
    agents: Annotated[
        tuple[str, str], typer.Option("--agents", help="The two people, one after the other.", show_default=False)
    ],
    days: Annotated[str, typer.Option("--days", help="YYYY-MM-DD or FIRST..LAST of one week.", show_default=False)],
    scenario: ScenarioOption = "base",
    anyway: AnywayOption = False,
    now: NowOption = "",
    json: JsonOption = False,
) -> None:
    """Two people take each other's shifts of some days, if the rules allow it."""
    from staffing.roster.desk.several import swapped

    first, last = _span(days, "--days")
    desk = Opened(workspace, str(first))
    dates = [first + dt.timedelta(days=k) for k in range((last - first).days + 1)]

    def wanted(board: Board) -> list[Edit]:
        names = [known_name(name, list(board.people), where=Where(field="--agents")) for name in agents]
        return swapped(board.inputs, board.table, (names[0], names[1]), dates)

    _take([desk], How(scenario, now, anyway, json), [wanted])


@app.command()
def copy(
    workspace: WorkspaceArgument,
    agent: Annotated[str, typer.Option("--agent", help="Whose week; left out: everybody's.")] = "",
    to: Annotated[str, typer.Option("--to", help="Who gets it; left out: the same person.")] = "",
    from_week: Annotated[str, typer.Option("--from-week", help="A day of the week copied; left out: the same.")] = "",
    week: WeekOption = "",
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=6, help="Into so many weeks, one after another.")] = 1,
    scenario: ScenarioOption = "base",
    anyway: AnywayOption = False,
    now: NowOption = "",
    json: JsonOption = False,
) -> None:
    """Copy a week of shifts, or one person's pattern to another, into the draft of a week or several."""
    from staffing.roster.desk.changes import days_of
    from staffing.roster.desk.several import copied

    if not from_week and not to:
        raise InputError("nothing is copied anywhere.", remedy="Say --from-week, or --agent and --to.")
    if to and not agent:
        raise InputError("'--to' says who gets it, but not whose.", remedy="Say --agent too.")
    first = Opened(workspace, week)
    desks = [first, *(Opened(workspace, str(first.start + dt.timedelta(weeks=k))) for k in range(1, weeks))]
    source = first.site.week_of(show.day(from_week, "--from-week")) if from_week else first.start
    kept = first.workspace.rosters.at_hand(source)
    if kept is None:
        raise InputError(
            f"there is no roster of the week of {source}.", remedy="Make one with: staffing roster --draft"
        )

    def wanted(board: Board) -> list[Edit]:
        names = list(board.people)
        own, other = (known_name(name, names, where=Where(field=f)) if name else "" for name, f in
                      ((agent, "--agent"), (to, "--to")))  # fmt: skip
        pairs = [(own, other or own)] if own else [(name, name) for name in names]
        dates = [(source + dt.timedelta(days=k), board.inputs.start + dt.timedelta(days=k)) for k in range(7)]
        return copied(days_of(board.inputs, kept), pairs, dates)

    _take(desks, How(scenario, now, anyway, json), [wanted] * weeks)


def _board(desk: Opened, scenario: Scenario, now: str, seen: Seen, past: pd.DataFrame | None = None) -> Board:
    from dataclasses import replace

    from staffing.roster.desk.board import Board

    inputs = replace(desk.roster_inputs(scenario), now=desk.now(now, scenario))
    return Board(inputs if past is None else replace(inputs, past=past), seen.table)


def _take(desks: list[Opened], how: How, wanted: list[Wanted]) -> None:
    """Make the edits of all weeks, each judged after those before it, and keep them together or not at all."""
    from staffing.store.turns import again_on_conflict

    effects, taken = again_on_conflict(lambda: _attempt(desks, how, wanted), desks[0].workspace.ground)
    if how.json:
        names = ("short_hours", "excess_hours", "paid_hours")
        figures = {name: sum(getattr(effect, name) for effect in effects) for name in names}
        broken = [str(fault) for effect in effects for fault in effect.broken]
        show.as_json({**figures, "taken": taken, "broken": broken})
    else:
        typer.echo("\n".join(map(str, effects)))
        typer.echo("Taken into the draft." if taken else "Not taken: it breaks a rule.")
    if not taken:
        raise typer.Exit(1)


def _attempt(desks: list[Opened], how: How, wanted: list[Wanted]) -> tuple[list[Effect], bool]:
    import pandas as pd

    from staffing.roster.desk.changes import days_of
    from staffing.roster.desk.several import shown

    scenario = desks[0].workspace.scenario(how.scenario)
    past: pd.DataFrame | None = None
    effects, seens, tables, edited = list["Effect"](), list["Seen"](), list["pd.DataFrame"](), list["Edit"]()
    for desk, wants in zip(desks, wanted, strict=True):
        seen = desk.seen()
        board = _board(desk, scenario, how.now, seen, None if past is None else _with(desk, past))
        held = days_of(board.inputs, seen.table)
        edits = [one for one in wants(board) if one.shift != shown(held, (one.agent, one.date))]
        rows = board.edited(edits)
        effects.append(board.effect(rows))
        past = board.with_rows(rows)
        seens, tables, edited = [*seens, seen], [*tables, past], [*edited, *edits]
    taken = all(effect.allowed for effect in effects) or how.anyway
    if taken:
        by_hand = [(one.agent, one.date) for one in edited]
        desks[0].workspace.rosters.keep(pd.concat(tables, ignore_index=True), seens, by_hand=by_hand)
    return effects, taken


def _with(desk: Opened, edited: pd.DataFrame) -> pd.DataFrame:
    """The past of a week in which the week before is as it was edited."""
    import pandas as pd

    known = desk.workspace.rosters.before(desk.start)
    first = desk.site.midnight(desk.start - dt.timedelta(weeks=1))
    older = [] if known is None else [known[known["start"] < first]]
    return pd.concat([*older, edited], ignore_index=True)


def _tell(found: list[DayAlternative], json: bool, nothing: str) -> None:
    if json:
        show.as_json({"choices": [
            {**vars(one.edit), "date": str(one.edit.date), "saves": one.saves, "short_hours": one.effect.short_hours,
             "excess_hours": one.effect.excess_hours, "paid_hours": one.effect.paid_hours}
            for one in found
        ]})  # fmt: skip
        return
    rows = [
        [one.edit.agent, str(one.edit.date), one.edit.shift, f"{one.saves:+,.2f}", f"{one.effect.short_hours:+.1f} h",
         f"{one.effect.excess_hours:+.1f} h", f"{one.effect.paid_hours:+.1f} h"]
        for one in found
    ]  # fmt: skip
    if not rows:
        typer.echo(nothing)
        return
    show.table(rows, ["agent", "day", "shift", "saves", "short", "over", "paid"])


def _span(text: str, option: str) -> tuple[dt.date, dt.date]:
    first, _, last = text.partition("..")
    days = show.day(first.strip(), option), show.day((last or first).strip(), option)
    if days[1] < days[0]:
        raise InputError(f"{text} ends before it begins.", where=Where(field=option), remedy="Turn it round.")
    return days
