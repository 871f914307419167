"""The date that a title names."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from staffing.history.meaning.date_order import DateOrder
from staffing.history.meaning.times import Times, read_times

DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}\.? \w+,? \d{4}|\w+ \d{1,2},? \d{4}")


def title_date(title: Sequence[str], order: DateOrder | None = None) -> Times | None:
    """The first date in a table's titles, as one cell; None where there is none."""
    for line in title:
        for text in (line, *line.replace(":", ": ", 1).split(": ", 1)[1:], *DATE.findall(line)):
            times = read_times(pd.Series([text.strip()], dtype="str"), order)
            if not times.wrong[0]:
                return times
    return None
