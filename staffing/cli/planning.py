"""Commands that plan a workspace: plan, compare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.planner import Plan, Planner
    from staffing.roster import Inputs
    from staffing.store.rosters import Seen
    from staffing.store.workspace import Workspace

WorkspaceArgument = Annotated[
    Path, typer.Argument(metavar="WORKSPACE", help="A workspace folder, for example data/bank.", show_default=False)
]
ScenarioOption = Annotated[str, typer.Option("--scenario", "-s", help="A scenario of the workspace.")]
WeekOption = Annotated[
    str,
    typer.Option("--week", help="A day (YYYY-MM-DD) of the week to plan; the week after history ends if left out."),
]
OutOption = Annotated[Path, typer.Option("--out", "-o", help="Folder to write to; it is made if need be.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
AnswerOption = Annotated[
    list[str],
    typer.Option("--set", metavar="KEY=VALUE", help="Answer a question of the import: date_order=dmy, absent=zero …"),
]
KeepOption = Annotated[bool, typer.Option("--keep", help="Keep the answers in reading.toml of the folder.")]
SecondsOption = Annotated[float, typer.Option("--seconds", min=0.1, help="Time limit of the roster, seconds.")]
GapOption = Annotated[float, typer.Option("--gap", min=0, max=0.99, help="Stop when the proven gap is this small.")]

WeeksOption = Annotated[int, typer.Option("--weeks", min=1, max=6, help="How many weeks to plan.")]
AtOnceOption = Annotated[
    bool, typer.Option("--at-once", help="Roster all weeks in one go, not each after the one before.")
]
DraftOption = Annotated[bool, typer.Option("--draft", help="Keep the roster as the draft of its weeks.")]
ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="With --draft: also over days that were edited by hand.")
]
CorrectOption = Annotated[
    bool, typer.Option("--correct", help="Let the simulated days correct the requirement, in up to four rounds.")
]
NowOption = Annotated[
    str,
    typer.Option(
        "--now", help="What began before it stays as it is: YYYY-MM-DDTHH:MM; the end of history if left out."
    ),
]

GAPS_SHOWN = 8
ROUNDS_SHOWN = {
    "added_hours": "{:+.1f}",
    "cut_hours": "{:.1f}",
    "required_hours": "{:,.1f}",
    "paid_hours": "{:,.1f}",
    "service_level": "{:.1%}",
    "p_day_meets_target": "{:.0%}",
    "p_week_meets_target": "{:.0%}",
    "lacking": "{:.1f}",
}
EDITS_SHOWN = 5


class Opened:
    """An opened workspace, its planner and a week: what every command starts from."""

    def __init__(self, folder: Path, week: str = "", answers: Mapping[str, str] | None = None) -> None:
        from staffing.planner import Planner
        from staffing.store.workspace import Workspace

        self.workspace: Workspace = Workspace.open(folder)
        self.site = self.workspace.base.site
        self.planner: Planner = Planner.open(self.workspace, answers=answers)
        self.history = self.planner.history
        for note in self.history.beyond(show.today(self.site)):
            typer.echo(f"Note: {note}", err=True)
        self.start: dt.date = self._week(week)

    def _week(self, week: str) -> dt.date:
        coming = self.planner.next_week(self.workspace.base)
        if not week:
            return coming
        start = self.site.week_of(show.day(week, "--week"))
        if abs((start - coming).days) > 730:
            raise InputError(
                f"{week} lies more than two years from the end of history ({coming} is the week after it).",
                where=Where(field="--week"),
                remedy="Choose a nearer week.",
            )
        begins = self.history.frame["start"].min().tz_convert(self.site.zone).date()
        if start < begins:
            raise InputError(
                f"the week of {start} begins before history does ({begins}).",
                where=Where(field="--week"),
                remedy="Choose a later week, or import older calls.",
            )
        return start

    def plan(self, scenario: Scenario, quiet: bool, span: Weeks | None = None) -> Plan:
        """Plan the week, or several, after the rosters of the weeks before."""
        chosen = span or Weeks()
        with show.progress(scenario.name, quiet) as progress:
            return self.planner.plan(
                scenario, start=self.start, days=7 * chosen.weeks, weekly=not chosen.at_once, progress=progress
            )

    def correct(self, made: Plan, quiet: bool, span: Weeks) -> tuple[Plan, pd.DataFrame]:
        """The plan corrected by its simulation, and the rounds."""
        with show.progress(made.scenario.name, quiet) as progress:
            found = self.planner.correct(made, weekly=not span.at_once, progress=progress)
        return found.plan, found.rounds

    def roster_inputs(self, scenario: Scenario) -> Inputs:
        """What the roster stage is given for the week."""
        return self.planner.roster_inputs(self.planner.workload(scenario, start=self.start))

    def seen(self, *, draft: bool = False) -> Seen:
        """The draft of the week, or else (unless a ``draft`` is asked for) its published roster, with its version.

        Raises InputError when there is none.
        """
        book = self.workspace.rosters
        seen = book.seen(self.start)
        if seen.table is None or (draft and book.draft(self.start) is None):
            raise InputError(
                f"there is no {'draft' if draft else 'roster'} of the week of {self.start}.",
                remedy="Make one with: staffing roster --draft",
            )
        return seen

    def now(self, told: str, scenario: Scenario) -> pd.Timestamp:
        """The instant before which all has begun: as an option says, or the end of history."""
        return show.instant(told, "--now", self.site) if told else self.planner.now(scenario)

    def may_draft(self, weeks: int, *, replace: bool) -> None:
        """Raise InputError where a new draft would undo what was edited by hand, unless that is wanted, or what has
        begun of a published week."""
        book = self.workspace.rosters
        now = self.planner.now(self.workspace.base)
        for week in (self.start + dt.timedelta(weeks=k) for k in range(weeks)):
            edited = sorted(book.by_hand(week))
            if edited and not replace:
                names = ", ".join(f"{name} on {day}" for name, day in edited[:EDITS_SHOWN])
                more = f" and {len(edited) - EDITS_SHOWN} more" * (len(edited) > EDITS_SHOWN)
                raise InputError(
                    f"the roster of the week of {week} was edited by hand ({names}{more}).",
                    remedy="Mend it with: staffing replan, which leaves these days; --replace undoes them.",
                )
            published, drafted = book.newest(week) is not None, book.draft(week) is not None and not replace
            if now > self.site.midnight(week) and (published or drafted):
                anew = "" if published else "; --replace makes it anew"
                raise InputError(
                    f"the week of {week} is {'published' if published else 'drafted'} and has begun: it is "
                    f"{now:%Y-%m-%d %H:%M}.",
                    remedy=f"Mend it with: staffing replan, which leaves what has begun{anew}.",
                )

    def keep(self, made: Plan) -> list[str]:
        """Make the plan's roster the draft of its weeks; returns what was done, in words."""
        book = self.workspace.rosters
        weeks = {made.start + dt.timedelta(weeks=k) for k in range(made.days // 7)}
        undone = [key for week in weeks for key in book.by_hand(week)]
        kept = book.keep(made.roster.table, released=undone)
        return [f"draft of the week of {week}" for week in kept] + [
            f"{name}'s edit of {day} was undone" for name, day in sorted(undone)
        ]


@dataclass(frozen=True)
class Weeks:
    """How many weeks are planned, one after the other or all at once."""

    weeks: int = 1
    at_once: bool = False


@app.command()
def plan(
    workspace: WorkspaceArgument,
    scenario: ScenarioOption = "base",
    week: WeekOption = "",
    weeks: WeeksOption = 1,
    at_once: AtOnceOption = False,
    draft: DraftOption = False,
    replace: ReplaceOption = False,
    correct: CorrectOption = False,
    out: OutOption = Path("out"),
    json: JsonOption = False,
) -> None:
    """Plan a week of one scenario: forecast, requirements, roster, evaluation; up to six weeks with --weeks.

    With --correct the simulated days correct the requirement, in up to four rounds, until they keep their targets at
    the least paid hours.

    Writes forecast.parquet, requirements.parquet, roster.parquet, roster.xlsx and summary.json. Rosters of the
    weeks before (published, or else drafts) are carried on.
    """
    from staffing.export import summary, write_plan

    desk = Opened(workspace, week)
    if draft:
        desk.may_draft(weeks, replace=replace)
    span = Weeks(weeks, at_once)
    made, rounds = desk.plan(desk.workspace.scenario(scenario), json, span), None
    if correct:
        made, rounds = desk.correct(made, json, span)
    paths = [*map(str, write_plan(made, out)), *(desk.keep(made) if draft else [])]
    if json:
        show.as_json(summary(made) | ({} if rounds is None else {"corrections": show.rows(rounds)}))
        return
    _print_plans([made])
    if rounds is not None:
        typer.echo("\nCorrected by the simulation, round by round:")
        show.frame(rounds, ROUNDS_SHOWN, "{}")
    typer.echo("\nWritten:\n" + "\n".join(f"  {path}" for path in paths))


@app.command()
def compare(
    workspace: WorkspaceArgument,
    scenarios: Annotated[list[str], typer.Argument(help="Scenarios; the first is the base.", show_default=False)],
    week: WeekOption = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Also write each plan, a folder each.")] = None,
    json: JsonOption = False,
) -> None:
    """Plan the same week under several scenarios and show what differs."""
    from staffing.evaluation import compare as compare_plans
    from staffing.export import comparison_summary, write_plan

    twice = sorted({name for name in scenarios if scenarios.count(name) > 1})
    if twice:
        raise InputError(f"the scenario '{twice[0]}' is named twice.", remedy="Name each scenario once.")
    desk = Opened(workspace, week)
    plans = [desk.plan(desk.workspace.scenario(name), json) for name in scenarios]
    written = [path for made in plans if out for path in write_plan(made, out / made.scenario.name)]
    if json:
        show.as_json(comparison_summary(compare_plans(plans)))
        return
    _print_plans(plans)
    if written:
        typer.echo("\nWritten:\n" + "\n".join(f"  {path}" for path in written))
        typer.echo(f"\nSee it in the browser: staffing app {workspace}")


def _expectation(made: Plan) -> str:
    """What is to be expected of a plan, in a sentence; the days behind it are told."""
    played, total = made.simulated, made.simulated.total
    return (
        f"{made.scenario.name}: {total['service_level']:.1%} (95 % interval {total['service_level_low']:.1%} to "
        f"{total['service_level_high']:.1%}); a day holds with a chance of {total['p_day_meets_target']:.0%}, the week "
        f"of {total['p_week_meets_target']:.0%}, by {played.runs} simulated weeks; "
        f"overrun {total['overrun_hours']:.1f} h, {total['overrun_cost']:,.0f} {made.scenario.prices.currency}."
    )


def _print_plans(plans: list[Plan]) -> None:
    """The short table: a row per measure, a column per scenario, differences to the first."""
    from staffing.evaluation import compare as compare_plans
    from staffing.evaluation.text import gap_lines

    comparison = compare_plans(plans)
    first = plans[0]
    typer.echo(f"Week of {first.start} · promised: {first.scenario.service.text()}\n")
    show.table(comparison.text_rows(), ["", *comparison.text_header()])
    typer.echo("\nExpected service, and how surely it holds:")
    for made in plans:
        typer.echo(f"  {_expectation(made)}")
    typer.echo("All other figures are those of a forecast that comes exactly.")
    typer.echo("")
    for made in plans:
        found = made.roster
        typer.echo(
            f"{made.scenario.name}: roster {found.status}, gap {found.gap:.2%} to the proven bound "
            f"{found.bound:,.0f} (priced hours {found.objective:,.0f}), {found.short_hours:,.1f} rostered hours short, "
            f"{found.seconds:.1f} s"
        )
        worst_first = made.evaluation.uncovered.sort_values("short_hours", ascending=False, kind="stable")
        lines = gap_lines(worst_first)
        for line in lines[:GAPS_SHOWN]:
            typer.echo(f"  {line}")
        if len(lines) > GAPS_SHOWN:
            typer.echo(f"  and {len(lines) - GAPS_SHOWN} lesser spans; all are in roster.xlsx and summary.json")
    for note in dict.fromkeys((*comparison.notes, *(note for made in plans for note in made.notes))):
        typer.echo(f"Note: {note}")
