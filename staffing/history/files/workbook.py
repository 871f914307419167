"""xlsx, xlsm, xlsb, xls and ods: sizes are checked in the archive before a cell is read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from staffing.errors import InputError, Where
from staffing.history.files.grid import CellGrid, check_texts, grid_of
from staffing.history.shown import shown

MOST_UNPACKED_BYTES = 600_000_000
MOST_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 20_000_000
MOST_PARTS = 2_000
MOST_CELLS = 15_000_000
MOST_TEXTS = 2_000_000
CHUNK_BYTES = 1 << 20
CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,4})(\d{1,12})["']""")
TEXT, FORMULA, REPEAT = (
    re.compile(rb"<(?:\w+:)?(?:si|is)\b"),
    re.compile(rb"<(?:\w+:)?f[ >/]"),
    re.compile(rb"number-(?:rows|columns)-repeated=\"(\d+)\""),
)
LONGEST_PLACE = 64
OLE = b"\xd0\xcf\x11\xe0"
BOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")


def is_workbook(data: bytes) -> bool:
    """Whether an archive or an old binary file is a workbook by its parts."""
    if data.startswith(OLE):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(set(BOOKS) & set(archive.namelist()))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return True  # a damaged archive is reported as the workbook it was meant to be


def read_workbook(file: str, data: bytes) -> list[CellGrid]:
    """Every sheet. Raises InputError when the workbook is damaged, protected or too large."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    if data.startswith(OLE):
        _check_old(file, data)
        formulas = False
    else:
        formulas = _check_archive(file, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = []
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            lines = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            hidden = about.visible != SheetVisibleEnum.Visible
            grids.append(grid_of(about.name, lines, hidden=hidden, formulas=formulas))
    except (CalamineError, zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise _damaged(file, error) from None
    for grid in grids:
        for place in range(grid.width):
            check_texts(file, (text for text in grid.cells[f"t{place}"].unique().to_pylist() if text))
    return grids


def _check_old(file: str, data: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise InputError(
            "is protected by a password.", where=Where(file), remedy="Save it again as xlsx, without a password."
        )
    if "WordDocument".encode("utf-16-le") in data:
        raise _damaged(file, "it is a text document")


def _check_archive(file: str, data: bytes) -> bool:
    """Refuse archives that unpack to far more than they are, or whose cells lie far apart. Whether it has formulas."""
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
            if not set(BOOKS) & set(archive.namelist()):
                raise _damaged(file, "no workbook in it")
            return sum(_check_part(file, archive, part) for part in parts) > 0  # every part is looked at
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise _damaged(file, error) from None


def _check_part(file: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Unpack a part to the end (its stated size is only a claim) and look at the places of its cells.

    Readers lay a sheet out up to its farthest cell, so one cell far away costs as much as a full sheet.
    """
    last_row = last_column = 1
    texts, formulas, tail = 0, False, b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            for letters, digits in CELL.findall(tail + chunk):
                last_row, last_column = max(last_row, int(digits)), max(last_column, _column_number(letters))
            texts += len(TEXT.findall(chunk))
            formulas = formulas or FORMULA.search(chunk) is not None
            _check_reach(file, last_row, last_column, texts)
            tail = chunk[-LONGEST_PLACE:]
    return formulas


def _check_reach(file: str, last_row: int, last_column: int, texts: int) -> None:
    if last_row * last_column > MOST_CELLS:
        raise InputError(
            f"reaches to row {last_row:,} and column {last_column:,}: too far for a table of calls.",
            where=Where(file),
            remedy="Copy the table to a new sheet, or save it as CSV.",
        )
    if texts > MOST_TEXTS:
        raise InputError(
            f"holds more than {MOST_TEXTS:,} texts: too many for a table of calls.",
            where=Where(file),
            remedy="Keep only the columns of the history, or save it as CSV.",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _damaged(file: str, error: object) -> InputError:
    return InputError(
        f"is not a workbook that can be read ({shown(str(error))}).",
        where=Where(file),
        remedy="Save it again as xlsx, without a password.",
    )
