"""Days to choose and to type: Persian readers of a Jalali site write Jalali dates, others pick from a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from staffing.errors import InputError
from staffing.language import date_text, read_date, spoken
from staffing.language import text as said

if TYPE_CHECKING:
    from staffing.domain.calendar import SiteCalendar


def are_typed(site: SiteCalendar) -> bool:
    """Whether dates are typed as Jalali ones: the browser's own calendar knows none."""
    return site.display == "jalali" and spoken().code == "fa"


def field(
    place: Any, label: str, day: dt.date, site: SiteCalendar, *, key: str,
    on_change: Callable[..., None] | None = None, args: tuple[Any, ...] = (), help: str | None = None,
    disabled: bool = False,
) -> dt.date | None:  # fmt: skip
    """A day; None while what is typed is no date, which is said below the field."""
    given: dict[str, Any] = {"key": key, "on_change": on_change, "args": args, "help": help, "disabled": disabled}
    if on_change is None:
        del given["on_change"], given["args"]
    if not are_typed(site):
        picked: dt.date | None = place.date_input(label, day, format="YYYY-MM-DD", **given)
        return picked
    place.text_input(label, date_text(day, site), max_chars=20, **given)
    found = chosen(key)
    if found is None:
        place.error(said("This is not a date. Write it as 1405/09/03."), icon=":material/error:")
    return found


def chosen(key: str) -> dt.date | None:
    """The day that a field of this key holds now."""
    held = st.session_state.get(key)
    return read_date(held) if isinstance(held, str) else held


def column(label: str, site: SiteCalendar, **given: Any) -> Any:
    """A column of days in a table to edit."""
    if are_typed(site):
        given.pop("format", None)
        return st.column_config.TextColumn(label, **given)
    return st.column_config.DateColumn(label, **given)


def cells(table: pd.DataFrame, names: Sequence[str], site: SiteCalendar) -> pd.DataFrame:
    """The table with the days of these columns as ``column`` shows them."""
    days = {name: pd.to_datetime(table[name]) for name in names}
    if are_typed(site):
        days = {
            name: pd.Series([_shown(day, site) for day in each], each.index, dtype=object)
            for name, each in days.items()
        }
    return table.assign(**days)


def _shown(day: pd.Timestamp, site: SiteCalendar) -> str | None:
    return None if pd.isna(day) else date_text(day.date(), site)


def of_cell(cell: Any) -> dt.date:
    """The day of such a column's cell. Raises InputError."""
    if isinstance(cell, str):
        day = read_date(cell[:10])
        if day is None:
            raise InputError(f"'{cell}' is not a date.", remedy="Write it as YYYY-MM-DD.")
        return day
    found: dt.date = pd.Timestamp(cell).date()
    return found
