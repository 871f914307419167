"""The command for the rest of the day: what can still be changed, and what is accepted of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, ScenarioOption, WorkspaceArgument
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.roster.desk.today.propose import Outlook, Proposal, RestOfDay
    from staffing.store.publications import Publication
    from staffing.store.rosters import Seen

SHOWN = 20


@app.command()
def today(
    workspace: WorkspaceArgument,
    now: Annotated[
        str, typer.Option("--now", help='Site time as "YYYY-MM-DD HH:MM": history up to then is what came.')
    ],
    scenario: ScenarioOption = "base",
    sick: Annotated[list[str], typer.Option("--sick", help="NAME: not there from now on; may be given again.")] = [],  # noqa: B006  typer reads it once
    late: Annotated[list[str], typer.Option("--late", help="NAME=HH:MM: comes only then; may be given again.")] = [],  # noqa: B006  typer reads it once
    notice: Annotated[
        int, typer.Option("--notice", min=0, max=240, help="Minutes between telling people and the first change.")
    ] = 10,
    accept: Annotated[
        str, typer.Option("--accept", help="Numbers of proposals (1,3), or all: publish them as a new version.")
    ] = "",
    of: Annotated[
        str, typer.Option("--of", help="Code of the list that was looked at: nothing is accepted of another.")
    ] = "",
    why: Annotated[str, typer.Option("--why", help="A reason to stand in the journal before what was done.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who publishes; the user of this machine if left out.")] = "",
    json: JsonOption = False,
) -> None:
    """What helps the rest of the day most, by what came until now: ranked proposals, accepted one by one or all.

    Breaks, training and people at another queue are moved; overtime and early leave are offered, each with its price
    and the people to ask in turn. All rules are kept, nothing that has begun changes. Accepted proposals become a new
    version of the published week; the sick and the late are noted in it.
    """
    import getpass

    from staffing.cli.reforecasting import instant
    from staffing.planner import Planner
    from staffing.planner.today import in_force, reason
    from staffing.roster.desk.today.moment import Moment
    from staffing.store.publications import Signed
    from staffing.store.workspace import Workspace

    opened = Workspace.open(workspace)
    chosen = opened.scenario(scenario)
    moment = Moment(instant(now, chosen.site), tuple(sick), _late(late, now, chosen), notice)
    seen = in_force(opened.rosters, chosen.site.week_of(moment.now.date()))
    made = Planner.open(opened, chosen.site).rest_of_day(chosen, seen.table, moment)
    code = _code(made, seen)
    if of and of != code:
        raise InputError(
            f"the list is no longer {of} but {code}: the roster, what came or who is away has changed.",
            where=Where(field="--of"),
            remedy="Look at the list as it is now, and accept from that.",
        )
    numbers = _numbers(accept, len(made.proposals))
    entry = None
    if accept:
        signed = Signed(by or getpass.getuser(), reason(made, numbers, why), scenario)
        table, when = made.accepted(numbers), dt.datetime.now(dt.UTC)
        entry = opened.rosters.publish(seen.week, table, signed, when, seen=seen)
    if json:
        show.as_json(_figures(made, code, entry))
        return
    _print(made, code)
    if entry is not None:
        typer.echo(f"\nPublished the week of {entry.week}, version {entry.version}, by {entry.who}: {entry.why}")


def _late(texts: list[str], now: str, scenario: Scenario) -> dict[str, pd.Timestamp]:
    """Who comes when. Raises InputError naming the option."""
    from staffing.cli.reforecasting import instant

    found = {}
    for text in texts:
        name, told, clock = text.rpartition("=")
        if not told:
            raise InputError(f"'{text}' names no time.", where=Where(field="--late"), remedy=f'Write "{text}=10:30".')
        found[name] = instant(f"{now.strip()[:10]} {clock.strip()}", scenario.site, "--late")
    return found


def _numbers(accept: str, count: int) -> list[int]:
    """The numbers to accept. Raises InputError for what is no list of numbers."""
    if accept.strip().lower() == "all":
        return list(range(1, count + 1))
    try:
        return [int(part) for part in accept.split(",")] if accept.strip() else []
    except ValueError:
        raise InputError(
            f"'{accept}' is no list of proposals.", where=Where(field="--accept"), remedy="Write 1,3 or all."
        ) from None


def _code(made: RestOfDay, seen: Seen) -> str:
    """A short name of a list of proposals, another for every other list."""
    return hashlib.sha256(f"{seen.version} {made.absent} {made.proposals}".encode()).hexdigest()[:8]


def _figures(made: RestOfDay, code: str, entry: Publication | None) -> dict[str, object]:
    return {
        "now": made.moment.now.isoformat(),
        "list": code,
        "before": _outlook(made.before),
        "after": _outlook(made.after),
        "absent": [str(one) for one in made.absent],
        "proposals": [{"number": n, **_proposal(one)} for n, one in enumerate(made.proposals, start=1)],
        "notes": list(made.notes),
        "published": None if entry is None else {**vars(entry), "file": entry.file},
    }


def _proposal(one: Proposal) -> dict[str, object]:
    return {
        "kind": one.kind,
        "agents": list(one.agents),
        "then_ask": list(one.then),
        "changes": [str(change) for change in one.changes],
        "pay": one.pay,
        "saves": one.saves,
        "contacts_in_time": one.contacts,
        "short_hours": one.short_hours,
    }


def _outlook(found: Outlook) -> dict[str, object]:
    in_time = {name: None if share != share else share for name, share in found.in_time.items()}
    return {"short_hours": found.short_hours, "in_time": in_time}


def _print(made: RestOfDay, code: str) -> None:
    now = made.moment.now
    typer.echo(f"{now:%A %Y-%m-%d %H:%M} · the rest of the day as expected now, and with all proposals (list {code})\n")
    rows = [["hours short", f"{made.before.short_hours:.1f}", f"{made.after.short_hours:.1f}"]]
    for name, share in made.before.in_time.items():
        if share == share:
            rows.append([f"{name}: in time", f"{share:.1%}", f"{made.after.in_time[name]:.1%}"])
    show.table(rows, ["", "as it is", "with all"])
    for absent in made.absent:
        typer.echo(f"Away: {absent}")
    typer.echo("")
    for number, one in enumerate(made.proposals[:SHOWN], start=1):
        typer.echo(f"{number:>3}  {_line(one)}")
    if len(made.proposals) > SHOWN:
        typer.echo(f"     and {len(made.proposals) - SHOWN} lesser ones; all with --json")
    if not made.proposals:
        typer.echo("Nothing would help: no change that the rules allow saves more than it costs.")
    for note in made.notes:
        typer.echo(f"Note: {note}")


def _line(one: Proposal) -> str:
    what = "; ".join(str(change) for change in one.changes)
    pay = f", pay {one.pay:+,.2f}" if one.pay else ""
    then = f"; then ask {', '.join(one.then)}" if one.then else ""
    return f"{one.kind}: {what} · {one.contacts:+.1f} in time, short {one.short_hours:+.1f} h{pay}{then}"
