"""The command that shows what an import would read, without changing anything: history."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import AnswerOption, JsonOption, KeepOption
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    from staffing.domain.calendar import SiteCalendar
    from staffing.history import ImportReport

EXIT_NOT_READ = 2
FIGURES = ("calls", "answered", "abandoned", "aht_s", "wait_s")


@app.command("history")
def history_command(
    path: Annotated[Path, typer.Argument(help="A file, a folder of files, or a workspace.")],
    timezone: Annotated[str, typer.Option(help="The site's time zone, such as Europe/Berlin.")] = "",
    set_: AnswerOption = [],  # noqa: B006  typer reads a list as an option that may be given several times
    keep: KeepOption = False,
    json: JsonOption = False,
) -> None:
    """Show what would be read of files of calls: queues and sums, notes, and questions where two readings remain."""
    from staffing.history import ImportOptions, preview, settings
    from staffing.history.summary import told

    answers = settings(set_)
    folder, site = _place(path, timezone)
    report = preview(folder, site, ImportOptions(answers))
    if keep and answers:
        _keep(path, folder if folder.is_dir() else folder.parent, answers)
    if json:
        show.as_json(told(report))
    else:
        _write(report)
    if report.status != "read":
        raise typer.Exit(EXIT_NOT_READ)


def _keep(path: Path, folder: Path, answers: dict[str, str]) -> None:
    """Keep the answers with the files; in a workspace it takes the role of a planner."""
    from staffing.history import keep_answers
    from staffing.store.workspace import Workspace

    known = (path / "workspace.toml").is_file()
    with Workspace.open(path).ground.bulk_change() if known else nullcontext():
        keep_answers(folder, answers)


def _place(path: Path, timezone: str) -> tuple[Path, SiteCalendar]:
    """Where the files are, and the calendar they are read by: a workspace's own, unless a time zone is given."""
    from staffing.domain.calendar import SiteCalendar
    from staffing.store.workspace import Workspace

    folder, site = path, SiteCalendar()
    if (path / "workspace.toml").is_file():
        workspace = Workspace.open(path)
        folder, site = workspace.history_folder, workspace.base.site
    if not timezone:
        return folder, site
    try:
        return folder, site.model_copy(update={"timezone": SiteCalendar(timezone=timezone).timezone})
    except ValueError:
        raise InputError(
            f"'{timezone}' is not a known time zone.", where=Where(field="timezone"), remedy="Write one as Asia/Tehran."
        ) from None


def _write(report: ImportReport) -> None:
    """What was found, then each queue's sums, then whether it can be read."""
    from staffing.history.summary import told

    facts = told(report)
    for line in _found(report):
        typer.echo(line)
    for name, queue in facts["queues"].items():
        figures = ", ".join(f"{what} {_figure(queue[what])}" for what in FIGURES if queue[what] is not None)
        typer.echo(f"{name}: {queue['rows']:,} rows, {figures}, {queue['first']} to {queue['last']}")
    said = {
        "read": "Can be read.",
        "question": "Not read: answer the questions.",
        "refused": "Not read: mend what is wrong.",
    }
    typer.echo(said[report.status])


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _found(report: ImportReport) -> list[str]:
    """What an import found, a sentence a line."""
    return [
        *(f"wrong: {problem.as_error()}" for problem in report.problems),
        *(f"question: {question.as_error()}" for question in report.questions),
        *(f"note: {note}" for note in report.notes),
        *(f"unread: {each.what}: {each.why}" for each in report.unread),
    ]
