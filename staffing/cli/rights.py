"""Commands on who may do what, who did what, and on who is known: roles, audit, link, erase."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption, WorkspaceArgument
from staffing.errors import InputError, Where


@app.command("roles")
def roles(
    workspace: WorkspaceArgument,
    give: Annotated[list[str], typer.Option("--give", help="USER=viewer, planner, publisher or admin.")] = [],  # noqa: B006
    take: Annotated[list[str], typer.Option("--take", help="USER, whose role is taken away.")] = [],  # noqa: B006
    json: JsonOption = False,
) -> None:
    """Who may do what in a workspace; with --give and --take, changed. Who gives the first role becomes admin.

    Without roles everybody who reaches the workspace may do all; on a server with sign-in, nobody sees it.
    """
    from staffing.store import rights
    from staffing.store.workspace import Workspace

    ground = Workspace.open(workspace).ground
    for text in give:
        name, told, role = text.rpartition("=")
        if not told or not name or role not in rights.Role.__members__:
            remedy = f"Write USER=ROLE; roles: {', '.join(rights.Role.__members__)}."
            raise InputError(f"'{text}' gives no role.", where=Where(field="--give"), remedy=remedy)
        rights.give(ground, name, rights.Role[role])
    for name in take:
        rights.give(ground, name, None)
    held = {name: role.name for name, role in rights.roles(ground).items()}
    if json:
        show.as_json(held)
        return
    show.table([list(row) for row in held.items()] or [["everybody", "admin"]], ["user", "role"])


@app.command("audit")
def trail(
    workspace: WorkspaceArgument,
    days: Annotated[float, typer.Option("--days", min=0, help="How far back.")] = 7.0,
    json: JsonOption = False,
) -> None:
    """Who changed what, when and why, the newest first; digests tell one content from another (--json).

    A change that names nobody was made to a folder's file by other hands.
    """
    from staffing.store.workspace import Workspace

    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    found = [change.row for change in Workspace.open(workspace).ground.changes_since(since)]
    if json:
        show.as_json([{**row, "at": row["at"].isoformat()} for row in found])
        return
    told = [
        [row["at"].isoformat(" ", "seconds"), *(str(row[name]) for name in ("who", "what", "why"))] for row in found
    ]
    show.table(told, ["when", "who", "what", "why"])


@app.command("link")
def link(
    workspace: WorkspaceArgument,
    agent: Annotated[str, typer.Option("--agent", help="Whose own shifts it opens.")] = "",
    api: Annotated[str, typer.Option("--api", help="Who is to use the read API.")] = "",
    revoke: Annotated[bool, typer.Option("--revoke", help="End all links of that name instead.")] = False,
    json: JsonOption = False,
) -> None:
    """A link that opens a person's own shifts (page and calendar feed), or a token of the read API; or end them.

    It is shown this once; only its digest is kept.
    """
    from staffing.store import links
    from staffing.store.workspace import Workspace

    if bool(agent) == bool(api):
        raise InputError("say for whom.", where=Where(field="--agent"), remedy="Give --agent NAME or --api NAME.")
    opened = Workspace.open(workspace)
    kind: links.Kind = "person" if agent else "api"
    if agent and not revoke and agent not in [one.name for one in opened.base.agents]:
        raise InputError(
            f"there is no agent '{agent}'.", where=Where(field="--agent"), remedy="Write the name in full."
        )
    if revoke:
        ended = links.revoke(opened.ground, kind, agent or api)
        told: dict[str, object] = {"ended": ended}
        text = f"{ended} link(s) of {agent or api} open nothing any more."
    else:
        secret = links.make(opened.ground, kind, agent or api)
        label = workspace.name
        path = f"/me/{label}/{secret}" if agent else f"/api/v1/{label}/published"
        told = {"name": agent or api, "secret": secret, "path": path}
        text = f"{path}   (calendar feed: {path}.ics)" if agent else f"Authorization: Bearer {secret}   for {path}"
    if json:
        show.as_json(told)
        return
    typer.echo(text)


@app.command("erase")
def erase(
    workspace: WorkspaceArgument,
    agent: Annotated[str, typer.Option("--agent", help="Whose name is to go, as it stands in agents.csv.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it, only tell where the name stands.")] = False,
    json: JsonOption = False,
) -> None:
    """Take a person's name out of a workspace on their request: a number stands in its place, plans stay as they are.

    It cannot be undone. Back-ups made before, exported files and what lies in history/ are not reached.
    """
    from staffing.store import erasing
    from staffing.store.workspace import Workspace

    opened = Workspace.open(workspace)
    done = erasing.erase(opened, agent) if yes else erasing.found(opened, agent)
    if json:
        show.as_json({"stands_for": done.stands_for, "erased": yes, "documents": list(done.documents)})
        return
    typer.echo("\n".join(f"  {document}" for document in done.documents))
    typer.echo(f"Erased; {done.stands_for} stands there now." if yes else "The name stands there. To erase it: --yes")
