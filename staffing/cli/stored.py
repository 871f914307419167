"""Commands on the store: import, export-workspace, backup, restore, db, jobs."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from staffing.cli import app, show
from staffing.errors import InputError, Where

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
db = typer.Typer(no_args_is_help=True, help="The database of stored workspaces.")
app.add_typer(db, name="db")


@app.command("import")
def bring_in(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A workspace folder.", show_default=False)],
    name: Annotated[str, typer.Option("--as", help="The name in the database; the folder's if left out.")] = "",
    json: JsonOption = False,
) -> None:
    """Take a workspace folder into the database, with its rosters, drafts, absences and history: then use NAME@db.

    STAFFING_DATABASE_URL names the database; without it, a SQLite file among the user's data is used.
    """
    from staffing.store.lock import user
    from staffing.store.sql.stored import SUFFIX
    from staffing.store.sql.stored import bring_in as take

    made = take(folder, name, user())
    place = f"{made.folder.name}{SUFFIX}"
    if json:
        show.as_json({"workspace": place, "scenarios": list(made.scenario_names)})
        return
    typer.echo(f"Stored as {place}. Plan it with: staffing plan {place}")


@app.command("export-workspace")
def send_out(
    workspace: Annotated[str, typer.Argument(metavar="NAME@db", help="A stored workspace.", show_default=False)],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to make.", show_default=False)],
    json: JsonOption = False,
) -> None:
    """Write a stored workspace as a folder of files, equal to what is stored."""
    from staffing.store.sql.stored import SUFFIX
    from staffing.store.sql.stored import send_out as write

    if not workspace.endswith(SUFFIX):
        raise InputError(f"'{workspace}' is no stored workspace.", remedy=f"Write NAME{SUFFIX}; see: staffing db check")
    write(workspace.removesuffix(SUFFIX), folder)
    if json:
        show.as_json({"folder": str(folder)})
        return
    typer.echo(f"Written: {folder}")


@db.command("check")
def check(json: JsonOption = False) -> None:
    """Which database it is, its version, what is stored in it; an upgrade is rehearsed and taken back."""
    from staffing.store.sql import database
    from staffing.store.sql.stored import stored_names

    url = database.database_url()
    engine = database.connected(url)
    with database.in_words():
        found = database.version(engine)
    if found and found > database.HEAD:
        raise InputError(
            f"its tables are of version {found}, this program knows {database.HEAD}.",
            where=Where("database"),
            remedy="Install the newer program.",
        )
    database.upgrade(engine, rehearse=True)
    names = stored_names(url) if found == database.HEAD else []
    shown = engine.url.render_as_string(hide_password=True)
    figures = {"database": shown, "version": found or "empty", "needed": database.HEAD}
    if json:
        show.as_json({**figures, "workspaces": names})
        return
    show.table([*map(list, figures.items()), ["workspaces", ", ".join(names)]], ["", ""])
    typer.echo("The upgrade was rehearsed and taken back." if found != database.HEAD else "It is in step.")


@db.command("upgrade")
def upgrade() -> None:
    """Bring the database to this program's version. Make a back-up first."""
    from staffing.store.sql import database

    engine = database.connected(database.database_url())
    database.upgrade(engine)
    typer.echo(f"The database is of version {database.HEAD}.")


@app.command("jobs")
def jobs(
    days: Annotated[float, typer.Option("--days", min=0, help="How far back.")] = 7.0,
    json: JsonOption = False,
) -> None:
    """Work that the served pages had done and that took a second or failed, the newest first; kept for 90 days.

    Records lie in the database; without one none are kept.
    """
    from staffing.store.sql.jobs import records

    found = records(dt.datetime.now(dt.UTC) - dt.timedelta(days=days))
    if json:
        show.as_json([{**asdict(one), "at": one.at.isoformat()} for one in found])
        return
    rows = [
        [f"{one.at:%Y-%m-%d %H:%M:%S}", one.who, one.workspace, one.what, f"{one.waited_s:.1f}", f"{one.took_s:.1f}",
         f"{one.outcome} {one.told}".strip()]
        for one in found
    ]  # fmt: skip
    show.table(rows, ["ended (UTC)", "who", "workspace", "what", "waited s", "took s", "outcome"])


@app.command("backup")
def back_up(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, .tar.gz.", show_default=False)],
    workspaces: Annotated[
        list[str] | None, typer.Argument(metavar="[WORKSPACE]...", help="Folders; the stored ones come by themselves.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write workspaces into one file while others work: documents, rosters, drafts, roles, history, kept forecasts."""
    from staffing.store.backup import back_up as write
    from staffing.store.sql.database import in_use
    from staffing.store.sql.stored import SUFFIX, stored_names

    stored = [name + SUFFIX for name in stored_names()] if in_use() else []
    names = write(file, list(dict.fromkeys([*(workspaces or []), *stored])))
    if json:
        show.as_json({"file": str(file), "workspaces": names})
        return
    typer.echo(f"Written: {file} ({', '.join(names)})")


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A back-up.", show_default=False)],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.", show_default=False)],
    stored: Annotated[bool, typer.Option("--stored", help="Also bring those from the database into it again.")] = False,
    json: JsonOption = False,
) -> None:
    """Lay the workspaces of a back-up into a new folder, each checked, equal to what they were."""
    from staffing.store.backup import restore as lay
    from staffing.store.backup import stored_in
    from staffing.store.lock import user
    from staffing.store.sql.stored import bring_in as take

    made = {workspace.folder.name: workspace.folder for workspace in lay(file, folder)}
    taken = [name for name in stored_in(file) if stored]
    for name in taken:
        take(made[name], name, user())
    if json:
        show.as_json({"folders": [str(path) for path in made.values()], "stored": taken})
        return
    typer.echo("\n".join([*(f"Written: {path}" for path in made.values()), *(f"Stored: {name}@db" for name in taken)]))
