"""Pages with a head, a foot and cells, from left to right or from right to left as the reader's language runs."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from staffing.fonts import BOLD, REGULAR
from staffing.language import digits, spoken, text

WIDTH_MM, HEIGHT_MM, MARGIN_MM = 297.0, 210.0, 10.0
ROOM_MM = WIDTH_MM - 2 * MARGIN_MM
HEAD_MM, FOOT_MM = 14.0, 10.0
BOTTOM_MM = HEIGHT_MM - MARGIN_MM - FOOT_MM
INK, QUIET, RULE = (31, 41, 51), (107, 120, 133), (195, 204, 213)


@dataclass(frozen=True)
class Look:
    """How a cell is drawn: fill and ink (red, green, blue, 0 to 255), weight, size in points, alignment L, C or R."""

    fill: tuple[int, int, int] | None = None
    ink: tuple[int, int, int] = INK
    bold: bool = False
    size: float = 8.0
    align: str = "C"
    border: bool = True


HEAD = Look(fill=(240, 243, 246), bold=True)
NAME = Look(align="L")
PLAIN = Look()


def colour(hexadecimal: str) -> tuple[int, int, int]:
    """``#D6E8FA`` as red, green and blue."""
    red, green, blue = (int(hexadecimal[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue


class Paper:
    """A document being drawn. Positions count from the side where the reader begins, millimetres."""

    def __init__(self, title: str, foot: str, created: dt.datetime) -> None:
        from fpdf import FPDF

        logging.getLogger("fontTools").setLevel(logging.ERROR)  # its subsetter tells every table it drops
        self.title, self.foot, self.mirrored = title, foot, spoken().right_to_left
        self.pdf = FPDF(orientation="landscape", unit="mm", format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_creation_date(created)
        self.pdf.set_title(title)
        self.pdf.set_lang(spoken().code)
        self.pdf.add_font("body", "", REGULAR)
        self.pdf.add_font("body", "B", BOLD)
        self.pdf.set_font("body", "", 8)
        self.pdf.set_text_shaping(True, direction="rtl" if self.mirrored else "ltr")

    def page(self, heading: str) -> float:
        """Begin a page; returns where its content begins, from the top."""
        self.pdf.add_page()
        self.write(MARGIN_MM, 0, ROOM_MM, 8, heading, Look(bold=True, size=13, align="L", border=False))
        self.write(HEIGHT_MM - MARGIN_MM - 5, 0, ROOM_MM * 0.8, 5, self.foot, _FOOT)
        number = text("Page {number}", number=digits(str(self.pdf.page_no())))
        self.write(HEIGHT_MM - MARGIN_MM - 5, ROOM_MM * 0.8, ROOM_MM * 0.2, 5, number, _PAGE)
        return MARGIN_MM + HEAD_MM

    def write(self, top: float, side: float, width: float, height: float, shown: str, look: Look = PLAIN) -> None:
        """A cell ``side`` from where the reader begins; text too long for it is cut."""
        pdf = self.pdf
        pdf.set_font("body", "B" if look.bold else "", look.size)
        pdf.set_text_color(*look.ink)
        pdf.set_draw_color(*RULE)
        if look.fill is not None:
            pdf.set_fill_color(*look.fill)
        pdf.set_xy(self._left(side, width), top)
        align = {"L": "R", "R": "L"}.get(look.align, look.align) if self.mirrored else look.align
        border: Literal[0, 1] = 1 if look.border else 0
        pdf.cell(width, height, self._cut(shown, width), border=border, align=align, fill=look.fill is not None)

    def bar(self, top: float, side: float, width: float, height: float, fill: tuple[int, int, int]) -> None:
        """A filled box."""
        self.pdf.set_fill_color(*fill)
        self.pdf.rect(self._left(side, width), top, width, height, style="F")

    def row(self, top: float, height: float, widths: Sequence[float], cells: Sequence[tuple[str, Look]]) -> None:
        """Cells side by side."""
        side = 0.0
        for width, (shown, look) in zip(widths, cells, strict=True):
            self.write(top, side, width, height, shown, look)
            side += width

    def content(self) -> bytes:
        return bytes(self.pdf.output())

    def _left(self, side: float, width: float) -> float:
        return WIDTH_MM - MARGIN_MM - side - width if self.mirrored else MARGIN_MM + side

    def _cut(self, shown: str, width: float) -> str:
        room = width - 2 * self.pdf.c_margin
        shown = " ".join(shown.split())
        if self.pdf.get_string_width(shown) <= room:
            return shown
        while shown and self.pdf.get_string_width(shown + "…") > room:
            shown = shown[:-1]
        return shown + "…"


_FOOT = Look(ink=QUIET, size=7, align="L", border=False)
_PAGE = Look(ink=QUIET, size=7, align="R", border=False)
