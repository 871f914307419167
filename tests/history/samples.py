"""Small good files that the tests then spoil."""

import io

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.history import ImportOptions

UTC = SiteCalendar()
HERE = ImportOptions()  # read in this process, where an upload would start a child
TEHRAN = SiteCalendar(timezone="Asia/Tehran", weekend=("friday",))
NEW_YORK = SiteCalendar(timezone="America/New_York")


def table(start="2024-01-01 08:00", rows=8, step_min=30):
    """``rows`` intervals of one morning: 5, 6, 7, … calls."""
    times = pd.date_range(start, periods=rows, freq=f"{step_min}min")
    return pd.DataFrame({"timestamp": times.strftime("%Y-%m-%d %H:%M"), "calls": range(5, 5 + rows)})


def csv(frame, **how):
    return frame.to_csv(index=False, **how).encode()


def lines(*rows):
    return "\n".join(rows).encode() + b"\n"


def xlsx(*sheets):
    """An xlsx file of (name, rows) sheets, written by an independent library."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parquet(frame):
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()
