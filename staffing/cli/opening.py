"""Commands that begin: new lays a workspace, app opens the pages."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from staffing.cli import app
from staffing.cli.show import as_json

#: Sections of the pages' configuration that say who may reach them and what they tell; the rest is looks.
SERVED = ("server", "runner", "client", "browser")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder to make.", show_default=False)],
    source: Annotated[
        str, typer.Option("--from", help="What it begins as: bank, marketplace (complete examples) or empty.")
    ] = "empty",
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Lay a new workspace: a copy of a bundled example, or an empty one with a word on every field to fill in."""
    from staffing.store.bundled import EMPTY, lay_workspace

    files = lay_workspace(folder, source)
    if json:
        as_json({"folder": str(folder), "from": source, "written": [str(path) for path in files]})
        return
    typer.echo("Written:\n" + "\n".join(f"  {path}" for path in files))
    first = f"put your history into {folder / 'history'}, then: " if source == EMPTY else ""
    then = "check" if source == EMPTY else "plan"
    typer.echo(f"\nNext: {first}staffing {then} {folder}   or see it in the browser: staffing app {folder}")


@app.command("app")
def open_app(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="Workspaces to offer.", show_default=False)
    ] = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65_535, help="Port to listen on.")] = 8501,
    address: Annotated[
        str, typer.Option("--address", help="Where to listen; beyond this machine a sign-in is asked for.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open a browser, where there is a screen.")] = True,
) -> None:
    """Open the planner in the browser, for this machine alone unless --address says more; Ctrl-C ends it.

    Beside the pages: /healthz, /metrics, the read API /api/v1, personal links /me. See docs/desk.md.
    """
    from staffing.server import settings
    from staffing.store.bundled import bundled
    from staffing.store.workspace import Workspace

    os.environ[settings.ADDRESS] = address
    settings.ServerSettings.read()  # refuses what would let everybody in
    opened = {str(place): Workspace.open(place) for place in folders or []}
    named = [str(workspace.folder.resolve()) for place, workspace in opened.items() if not place.endswith("@db")]
    flags = [f"--{name}={_flag(value)}" for name, value in served(port, address, browser and _has_screen()).items()]
    os.environ["FORWARDED_ALLOW_IPS"] = ""  # who asks is who is connected, whatever a header says
    _become([sys.executable, "-m", "streamlit", "run", str(bundled("serve.py")), *flags, "--", *named], bundled())


def served(port: int, address: str, browser: bool) -> dict[str, Any]:
    """How the pages are served, whatever the user's own settings of the page library say.

    The project's configuration file, given as options, which outrank files and environment.
    """
    from staffing.store.bundled import bundled

    config = tomllib.loads(bundled(".streamlit/config.toml").read_text(encoding="utf-8"))
    fixed = {f"{section}.{key}": value for section in SERVED for key, value in config[section].items()}
    return {
        **fixed,
        "server.port": port,
        "server.address": address,
        "server.headless": not browser,
        "server.showEmailPrompt": False,
        "server.fileWatcherType": "none",
        "global.developmentMode": False,
    }


def _flag(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _become(command: list[str], folder: Path) -> None:
    """Go on as ``command`` in ``folder``, so that a signal to this process reaches it; where that is not to be had
    (Windows), run it and end with it."""
    if sys.platform != "win32":
        os.chdir(folder)
        os.execv(command[0], command)
    raise typer.Exit(subprocess.call(command, cwd=folder))
