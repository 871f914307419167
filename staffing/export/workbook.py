"""A printable workbook whose bytes depend on its content alone, and in which text is never a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

INK, PAPER, RULE = "#1F2933", "#F0F3F6", "#C3CCD5"
SHORT_FILL, SHORT_INK, OVER_INK = "#FBD5D0", "#9C1C0E", "#3D6B35"
KIND_FILLS = ("#D6E8FA", "#FCE9C6", "#DDD6F3", "#D5F0DD", "#FADCE6", "#D3F0F0", "#EDE7D5", "#E3E8EE")
_BASE = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "vcenter"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "total_text": {"bold": True},
    "quiet": {"font_color": "#6B7885"},
    "head": {"bold": True, "bg_color": PAPER, "bottom": 1, "border_color": RULE, "align": "center"},
    "head_left": {"bold": True, "bg_color": PAPER, "bottom": 1, "border_color": RULE},
    "head_wrap": {
        "bold": True,
        "bg_color": PAPER,
        "bottom": 1,
        "border_color": RULE,
        "align": "center",
        "text_wrap": True,
    },
    "cell": {"align": "center", "border": 1, "border_color": RULE, "text_wrap": True},
    "name": {"border": 1, "border_color": RULE},
    "away": {"align": "center", "border": 1, "border_color": RULE, "font_color": "#6B7885", "italic": True},
    "hours": {"num_format": "0.0", "border": 1, "border_color": RULE},
    "share": {"num_format": "0 %", "border": 1, "border_color": RULE},
    "count": {"num_format": "0", "border": 1, "border_color": RULE},
    "total": {"bold": True, "num_format": "#,##0.0", "top": 1, "border_color": RULE, "bg_color": PAPER},
    "total_count": {"bold": True, "num_format": "0", "top": 1, "border_color": RULE, "bg_color": PAPER},
    "short_total": {"bold": True, "num_format": "0.0", "top": 1, "bg_color": SHORT_FILL, "font_color": SHORT_INK},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "border": 1, "border_color": RULE},
    "even": {"num_format": "0.0", "align": "right", "border": 1, "border_color": RULE},
    "over": {"num_format": "+0.0", "align": "right", "border": 1, "border_color": RULE, "font_color": OVER_INK},
    "short": {
        "num_format": '0.0" short";-0.0" short"',
        "align": "right",
        "border": 1,
        "border_color": RULE,
        "bold": True,
        "bg_color": SHORT_FILL,
        "font_color": SHORT_INK,
    },
}


class Book:
    """An xlsx workbook being written; ``style(name)`` gives a named format, ``kind(n)`` a shift's colour."""

    def __init__(self, stream: io.BytesIO, created: dt.date) -> None:
        import xlsxwriter

        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.workbook = xlsxwriter.Workbook(stream, options)
        self.workbook.set_properties({"created": dt.datetime.combine(created, dt.time()), "author": "staffing"})
        self.style = lru_cache(maxsize=None)(self._style)
        self.kind = lru_cache(maxsize=None)(self._kind)

    def _style(self, name: str) -> Any:
        return self.workbook.add_format({**_BASE, **_STYLES[name]})

    def _kind(self, number: int) -> Any:
        fill = KIND_FILLS[number % len(KIND_FILLS)]
        return self.workbook.add_format({**_BASE, **_STYLES["cell"], "bg_color": fill})

    def sheet(self, name: str, header: tuple[str, str, str], footer: str, *, head_rows: int) -> Any:
        """A sheet that prints landscape, fitted to the page's width, its first ``head_rows`` on every page."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.7)
        sheet.repeat_rows(0, head_rows - 1)
        sheet.hide_gridlines(2)
        left, middle, right = (printed(text) for text in header)
        sheet.set_header(f"&L{left}&C{middle}&R{right}")
        sheet.set_footer(f"&L{printed(footer)}&RPage &P of &N")
        return sheet


def printed(text: str) -> str:
    """Text for a page header, where ``&`` begins a command; 70 characters at most (the whole may have 255)."""
    return text[:70].replace("&", "&&")


@contextmanager
def book(stream: io.BytesIO, created: dt.date) -> Iterator[Book]:
    """A workbook written to ``stream`` when the block ends."""
    opened = Book(stream, created)
    yield opened
    opened.workbook.close()
