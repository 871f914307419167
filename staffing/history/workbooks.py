"""xlsx: sizes are checked in the archive before a cell is read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from staffing.errors import InputError, Where
from staffing.history.headings import HEADING_ROWS, find_headings, recognise
from staffing.history.numerals import cell_text
from staffing.history.options import ImportOptions
from staffing.history.raw import RawTable
from staffing.history.report import Findings, shown
from staffing.history.text_files import too_many_rows

MOST_UNPACKED_BYTES = 600_000_000
MOST_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 20_000_000
MOST_PARTS = 2_000
MOST_CELLS = 15_000_000
CHUNK_BYTES = 1 << 20
CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})(\d{1,12})["']""")
LONGEST_PLACE = 64


def read_workbook(file: str, data: bytes, options: ImportOptions, findings: Findings) -> RawTable:
    """The known columns of the first sheet that has them. Raises InputError when damaged, too large or without."""
    from python_calamine import CalamineError, CalamineWorkbook

    _check_archive(file, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, zipfile.BadZipFile) as error:
        raise _damaged(file, error) from None
    name = _chosen(sheets)
    if len(sheets) > 1:
        findings.note(f"{file}: sheet '{shown(name)}' is read; the others are not.")
    lines = sheets[name]
    headings = find_headings([[cell_text(cell) for cell in line] for line in lines[:HEADING_ROWS]], file)
    body = lines[headings.first_row - 1 :]
    if len(body) > options.max_rows:
        raise too_many_rows(file, len(body), options)
    columns = {ours: _column([line[place] for line in body]) for ours, place in headings.places.items()}
    return RawTable(file, columns, headings.shown, np.arange(len(body)) + headings.first_row, headings.unknown)


def _chosen(sheets: Mapping[str, Sequence[Sequence[object]]]) -> str:
    def known(name: str) -> int:
        return max(
            (len(recognise([cell_text(cell) for cell in line])) for line in sheets[name][:HEADING_ROWS]), default=0
        )

    return max(sheets, key=known)


def _column(cells: Sequence[object]) -> pd.Series:
    """Numbers alone stay numbers; anything else becomes text, dates in ISO form."""
    filled = [cell for cell in cells if cell != ""]
    if filled and all(type(cell) in (int, float) for cell in filled):
        return pd.Series([np.nan if cell == "" else cell for cell in cells], dtype=float)
    return pd.Series([cell_text(cell) for cell in cells], dtype="str")


def _check_archive(file: str, data: bytes) -> None:
    """Refuse archives that unpack to far more than they are, or whose cells lie far apart."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            excessive = unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MOST_RATIO * len(data)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED_BYTES or excessive:
                raise InputError(
                    f"unpacks from {len(data) / 1e6:,.1f} to {unpacked / 1e6:,.0f} MB.",
                    where=Where(file),
                    remedy="Save it as CSV or Parquet.",
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise _damaged(file, "no workbook in it")
            for part in parts:
                _check_part(file, archive, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _damaged(file, error) from None


def _check_part(file: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part to the end (its stated size is only a claim) and look at the places of its cells.

    Readers lay a sheet out up to its farthest cell, so one cell far away costs as much as a full sheet.
    """
    last_row = last_column = 1
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            for letters, digits in CELL.findall(tail + chunk):
                last_row, last_column = max(last_row, int(digits)), max(last_column, _column_number(letters))
            if last_row * last_column > MOST_CELLS:
                raise InputError(
                    f"reaches to row {last_row:,} and column {last_column:,}: too far for a table of calls.",
                    where=Where(file),
                    remedy="Copy the table to a new sheet, or save it as CSV.",
                )
            tail = chunk[-LONGEST_PLACE:]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _damaged(file: str, error: object) -> InputError:
    return InputError(
        f"is not an xlsx file that can be read ({shown(str(error))}).",
        where=Where(file),
        remedy="Save it again as xlsx, without a password.",
    )
