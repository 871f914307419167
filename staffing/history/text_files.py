"""CSV and its relatives: encodings, separators, headings, ragged rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from staffing.errors import InputError, Where
from staffing.history.headings import HEADING_ROWS, Headings, find_headings, recognise
from staffing.history.options import ImportOptions
from staffing.history.raw import RawTable
from staffing.history.report import SHOWN_PER_KIND, Findings, Problem, shown

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
TOTAL_WORDS = r"(?i)^\W*(?:grand |sub)?(?:total|totals|sum|summe|gesamt|average|جمع|جمع کل|مجموع|کل|میانگین)\b"
BLOCK_BYTES = 1 << 24
HEAD_BYTES = 400_000
CELLS = pa.dictionary(pa.int32(), pa.string())  # each distinct text once, a number in each row


def read_text(file: str, data: bytes, options: ImportOptions, findings: Findings) -> RawTable:
    """A delimited text file's known columns, all as text. Raises InputError when it is not such a file."""
    text, encoding = as_utf8(file, data)
    separator, lines = _layout(text)
    headings = find_headings(lines, file)
    findings.guess(file, "encoding", encoding)
    findings.guess(file, "separator", SEPARATORS[separator])
    ragged = _Ragged(separator)
    table = _parsed(file, text, (separator, headings, _width(lines, headings)), ragged)
    if table.num_rows > options.max_rows:
        raise too_many_rows(file, table.num_rows, options)
    rows = np.arange(headings.first_row, headings.first_row + table.num_rows + len(ragged.rows), dtype="int32")
    rows = rows[~np.isin(rows, ragged.rows)]
    ragged.report(file, int(rows[-1]) if len(rows) else 0, findings)
    columns = {name: table.column(name).to_pandas() for name in headings.places}
    return RawTable(file, columns, headings.shown, rows, headings.unknown)


def too_many_rows(file: str, rows: int, options: ImportOptions) -> InputError:
    return InputError(
        f"has {rows:,} rows; at most {options.max_rows:,} are read.",
        where=Where(file),
        remedy="Split it by year or by queue.",
    )


def as_utf8(file: str, data: bytes) -> tuple[bytes, str]:
    """The text in UTF-8 and the encoding it was in: by its mark, else UTF-16 by its zeros, else UTF-8, else Windows."""
    encoding = next((name for mark, name in BOMS if data.startswith(mark)), None) or _without_mark(data)
    try:
        text = data if encoding == "utf-8" else data.decode(encoding).encode()
    except UnicodeError as error:
        place = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        raise InputError(
            f"is not readable as {encoding}{place}.",
            where=Where(file),
            remedy="Save it again as CSV in UTF-8.",
        ) from None
    if b"\x00" in text:
        raise InputError("is not a text file.", where=Where(file), remedy="Export it as CSV, xlsx or Parquet.")
    return text.removeprefix(codecs.BOM_UTF8), encoding


def _without_mark(data: bytes) -> str:
    head = data[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return "utf-8" if _is_utf8(data) else _windows(data)


def _is_utf8(data: bytes) -> bool:
    """Whether all of it is UTF-8, read in pieces: a second copy of a large file would be as large again."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for first in range(0, len(data), BLOCK_BYTES):
            decoder.decode(data[first : first + BLOCK_BYTES], final=first + BLOCK_BYTES >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _windows(data: bytes) -> str:
    """Arabic letters inside Latin words mean that the Western code page was used."""
    text = data.decode("cp1256")
    return "cp1252" if re.search(r"[A-Za-z][\u0620-\u06ff]|[\u0620-\u06ff][A-Za-z]", text) else "cp1256"


def _layout(text: bytes) -> tuple[str, list[list[str]]]:
    """The separator, told by a leading ``sep=`` line or guessed, and the first lines split into cells."""
    start = text[:HEAD_BYTES].decode(errors="ignore")
    head = re.split(r"\r\n|\r|\n", start, maxsplit=HEADING_ROWS + 2)[: HEADING_ROWS + 1]
    told = re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", head[0]) if head else None
    if told and told[1] in SEPARATORS:
        return told[1], [[], *_split(head[1:], told[1])]
    split = {separator: _split(head, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda each: (_known(split[each]), sum(map(len, split[each]))))
    return best, split[best]


def _split(lines: list[str], separator: str) -> list[list[str]]:
    return [[cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])] for line in lines]


def _known(lines: list[list[str]]) -> int:
    return max((len(recognise(cells)) for cells in lines), default=0)


def _width(lines: list[list[str]], headings: Headings) -> int:
    """Cells per row: one more than headings where every row ends in a separator."""
    width = len(headings.texts)
    body = [cells for cells in lines[headings.first_row - 1 :] if cells]
    return width + 1 if body and all(len(cells) == width + 1 and not cells[-1] for cells in body) else width


def _parsed(file: str, data: bytes, shape: tuple[str, Headings, int], ragged: _Ragged) -> pa.Table:
    """The known columns as distinct texts, in one pass over the bytes."""
    separator, headings, width = shape
    names = {place: name for name, place in headings.places.items()}
    try:
        return pacsv.read_csv(
            io.BytesIO(data),
            read_options=pacsv.ReadOptions(
                use_threads=False,  # row numbers of wrong rows are only known in order
                skip_rows=headings.first_row - 1,
                column_names=[names.get(place, f"column {place}") for place in range(width)],
                block_size=BLOCK_BYTES,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=separator,
                newlines_in_values=b'"' in data,
                ignore_empty_lines=False,
                invalid_row_handler=ragged.take,
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=list(headings.places),
                column_types=dict.fromkeys(headings.places, CELLS),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({name: pa.array([], CELLS) for name in headings.places})
        raise InputError(
            f"cannot be split into columns ({shown(str(error).splitlines()[0])}).",
            where=Where(file),
            remedy="Look for a quotation mark that is opened and not closed, or save it as CSV again.",
        ) from None


@dataclass
class _Wrong:
    row: int
    cells: int
    expected: int
    text: str


class _Ragged:
    """Rows that do not have a cell under every heading."""

    def __init__(self, separator: str) -> None:
        self.separator = separator
        self.rows: list[int] = []
        self.wrong: list[_Wrong] = []

    def take(self, row: pacsv.InvalidRow) -> str:
        self.rows.append(row.number)
        text = row.text.strip()
        if text and len(self.wrong) <= SHOWN_PER_KIND:
            self.wrong.append(_Wrong(row.number, row.actual_columns, row.expected_columns, text[:200]))
        return "skip"

    def report(self, file: str, last_row: int, findings: Findings) -> None:
        """Totals and lines under the table are left out and said; other rows are errors."""
        for wrong in self.wrong:
            if re.search(TOTAL_WORDS, wrong.text) or (wrong.row > last_row and wrong.cells == 1):
                findings.note(f"{file}: row {wrong.row} ('{shown(wrong.text)}') is not an interval and is left out.")
                continue
            findings.problems.append(
                Problem(
                    file,
                    f"has {wrong.cells} cells where the headings have {wrong.expected}.",
                    "Put quotation marks around a cell that holds the separator, or use ';' between columns.",
                    wrong.row,
                    value=shown(wrong.text),
                )
            )
