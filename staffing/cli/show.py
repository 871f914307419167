"""What commands print: progress on the error stream, tables for people, JSON for machines."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from staffing.errors import InputError, Where
from staffing.language import read_date

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.calendar import SiteCalendar
    from staffing.work import Progress


MOST_DAYS = 3650


def day(text: str, option: str) -> dt.date:
    """The date of an option, a Jalali one (year 1300 to 1599) too. Raises InputError naming the option."""
    found = read_date(text)
    if found is None:
        raise InputError(f"'{text}' is not a date.", where=Where(field=option), remedy="Write it as YYYY-MM-DD.")
    return found


def instant(text: str, option: str, site: SiteCalendar) -> pd.Timestamp:
    """The instant of an option, on the site's clock; of one that comes twice the first. Raises InputError naming the
    option."""
    import pandas as pd

    try:
        told = dt.datetime.fromisoformat(text)
    except ValueError:
        remedy = "Write it as YYYY-MM-DDTHH:MM, on the site's clock."
        raise InputError(f"'{text}' is no instant.", where=Where(field=option), remedy=remedy) from None
    if told.tzinfo is not None:
        return pd.Timestamp(told).tz_convert(site.zone)
    return pd.Timestamp(told).tz_localize(site.zone, ambiguous=True, nonexistent="shift_forward")


def span_days(text: str, option: str) -> int:
    """Days of a span such as ``28d`` or ``4w``. Raises InputError naming the option."""
    number, unit = text[:-1], text[-1:]
    if not number.isdecimal() or unit not in ("d", "w") or not int(number):
        raise InputError(f"'{text}' is not a span of days.", where=Where(field=option), remedy="Write 28d or 4w.")
    days = int(number) * (7 if unit == "w" else 1)
    if days > MOST_DAYS:
        raise InputError(
            f"'{text}' is too long.", where=Where(field=option), remedy=f"Write at most {MOST_DAYS}d (ten years)."
        )
    return days


def today(site: SiteCalendar) -> dt.date:
    """The date at the site."""
    return dt.datetime.now(site.zone).date()


def as_json(value: Any, *, as_told: bool = False) -> None:
    """Print JSON, keys in their alphabet's order or ``as_told``; what is undefined is null."""
    typer.echo(json.dumps(value, indent=2, sort_keys=not as_told, ensure_ascii=False, allow_nan=False, default=str))


def table(rows: list[list[str]], header: list[str]) -> None:
    """Print a plain table: text left, figures right."""
    from staffing.evaluation.text import table_text

    typer.echo(table_text(rows, header))


@contextmanager
def progress(title: str, quiet: bool) -> Iterator[Progress]:
    """A progress bar on the error stream; silent for machines and where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda stage, share: bar.update(task, description=f"{title}: {stage}", completed=share)


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as JSON rows; what is undefined is null."""
    plain = frame.astype(object).where(frame.notna(), None)
    found: list[dict[str, Any]] = plain.to_dict("records")
    return found


def frame(frame: pd.DataFrame, formats: dict[str, str], otherwise: str) -> None:
    """Print a table: each number by its column's format, text as it is, undefined as a dash."""

    def cell(column: str, value: Any) -> str:
        if isinstance(value, str):
            return value
        return "–" if value != value else formats.get(column, otherwise).format(value)

    names = [str(name) for name in frame.columns]
    cells = [[cell(name, value) for name, value in zip(names, row, strict=True)] for row in frame.to_numpy().tolist()]
    table(cells, [name.replace("_", " ") for name in names])
