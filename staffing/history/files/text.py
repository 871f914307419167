"""CSV and its relatives: encodings, separators, ragged rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from staffing.errors import InputError, Where
from staffing.history.files.sheet import HEAD_ROWS, Cells, OddRow, Sheet
from staffing.history.options import ImportOptions
from staffing.history.shown import shown

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
WEIGHT = {";": 2, "\t": 2}  # a comma may also stand inside every number
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
BLOCK_BYTES = 1 << 24
HEAD_BYTES = 400_000
MOST_COLUMNS = 5_000
LONGEST_CELL = 131_072
MOST_ODD = 200
FEWEST_PRINTED = 4  # cells of a line that has no separators but spaces
BROKEN = " with faults"
FEW_BAD = 0.1  # share of broken letters up to which a text is UTF-8 with a fault
CELLS = pa.dictionary(pa.int32(), pa.string())  # each distinct text once, a number in each row
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def read_text(file: str, name: str, data: bytes, options: ImportOptions) -> Sheet:
    """A delimited text file as a sheet. Raises InputError when it is not such a file."""
    text, encoding = as_utf8(file, data)
    lines = LINE.findall(text[:HEAD_BYTES].decode(errors="ignore"))
    if len(text) > HEAD_BYTES:
        lines = lines[:-1]
    if not lines:
        raise too_wide(file, f"a first line of more than {HEAD_BYTES:,} bytes")
    separator, head, ends = _layout(file, lines)
    widest = max(map(len, head), default=0)
    if widest > MOST_COLUMNS:
        raise too_wide(file, f"{widest:,} columns")
    load = partial(_load, file, text, (separator, head, _offsets(lines, ends)), options)
    guesses = {"encoding": encoding, "separator": SEPARATORS[separator]}
    return Sheet(file, name, head, load, guesses=guesses, lines=partial(_lines, text, separator))


def _lines(text: bytes, separator: str) -> Iterator[list[str]]:
    """All lines, plainly split: logs do not quote."""
    for line in io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", errors="replace"):
        yield [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(separator)]


def too_many_rows(file: str, rows: int, options: ImportOptions) -> InputError:
    return InputError(
        f"has {rows:,} rows; at most {options.max_rows:,} are read.",
        where=Where(file),
        remedy="Split it by year or by queue.",
    )


def too_wide(file: str, what: str) -> InputError:
    """What a table with more columns than any history has is refused with."""
    return InputError(
        f"has {what}; at most {MOST_COLUMNS:,} columns are read.",
        where=Where(file),
        remedy="Export the history alone: a row per interval and queue.",
    )


def as_utf8(file: str, data: bytes) -> tuple[bytes, str]:
    """The text in UTF-8 and the encoding it was in: by its mark, else UTF-16 by its zeros, else UTF-8, else Windows."""
    encoding = next((name for mark, name in BOMS if data.startswith(mark)), None) or _without_mark(data)
    try:
        text = data if encoding == "utf-8" else data.decode(encoding.removesuffix(BROKEN)).encode()
    except UnicodeError as error:
        place = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        raise InputError(
            f"is not readable as {encoding.removesuffix(BROKEN)}{place}.",
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
    if _is_utf8(data):
        return "utf-8"
    return f"utf-8{BROKEN}" if _is_broken_utf8(data[:HEAD_BYTES]) else _windows(data)


def _is_utf8(data: bytes) -> bool:
    """Whether all of it is UTF-8, looked at where it lies: a second copy of a large file would be as large again."""
    ends = pa.py_buffer(np.array([0, len(data)], dtype="int64"))
    try:
        pa.Array.from_buffers(pa.large_utf8(), 1, [None, ends, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _is_broken_utf8(data: bytes) -> bool:
    """Whether most letters beyond ASCII are UTF-8: no code page writes so by chance, so the rest is a fault."""
    letters = data.decode(errors="replace")
    beyond = [letter for letter in letters if letter > "\x7f"]
    return len(beyond) > 20 and beyond.count("\ufffd") <= FEW_BAD * len(beyond)


def _windows(data: bytes) -> str:
    """Arabic letters inside Latin words mean a Western code page; Icelandic ones in that mean the Turkish page."""
    text = data.decode("cp1256")
    if not re.search(r"[A-Za-z][\u0620-\u06ff]|[\u0620-\u06ff][A-Za-z]", text):
        return "cp1256"
    return "cp1254" if re.search("[ðþýÐÞÝ]", data.decode("cp1252", errors="replace")) else "cp1252"


def _layout(file: str, lines: list[str]) -> tuple[str, list[list[str]], list[int]]:
    """The separator, the first records split into cells, and the lines that lie before the end of each."""
    told = re.fullmatch(r"\ufeff?\"?sep=(.)\"?\s*", lines[0])
    if told and told[1] in SEPARATORS:
        head, ends = _split(file, lines[1:], told[1])
        return told[1], [[], *head], [1, *(end + 1 for end in ends)]
    split = {separator: _split(file, lines, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda each: WEIGHT.get(each, 1) * _even_cells(split[each][0]))
    if _printed(lines[:HEAD_ROWS]) > _even_cells(split[best][0]):
        raise InputError(
            "is printed in columns of spaces, which do not tell where cells are empty.",
            where=Where(file),
            remedy="Export it as CSV: with a separator between columns, and the date in every row.",
        )
    return best, *split[best]


def _even_cells(head: list[list[str]]) -> int:
    """Cells that lie in lines of the most usual number of cells, if it is more than one."""
    usual = Counter(len(cells) for cells in head if len(cells) > 1).most_common(1)
    return usual[0][0] * usual[0][1] if usual else 0


def _printed(lines: Sequence[str]) -> int:
    """Cells that lie in lines of several, two spaces or more apart."""
    spaced = [len(re.split(r" {2,}", line.strip())) for line in lines]
    return sum(cells for cells in spaced if cells >= FEWEST_PRINTED)


def _split(file: str, lines: list[str], separator: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(lines, delimiter=separator)
    head: list[list[str]] = []
    ends: list[int] = []
    try:
        while len(head) < HEAD_ROWS and (cells := next(reader, None)) is not None:
            head.append([cell.strip() for cell in cells])
            ends.append(reader.line_num)
    except csv.Error:
        raise InputError(
            f"has a cell of more than {LONGEST_CELL:,} characters.",
            where=Where(file, len(head) + 1),
            remedy="Look for a quotation mark that is opened and not closed, or save it as CSV again.",
        ) from None
    return head, ends


def _offsets(lines: list[str], ends: Sequence[int]) -> list[int]:
    """Bytes before the record that follows each of the first records."""
    sizes = np.cumsum([0, *(len(line.encode()) for line in lines)])
    return [0, *(int(sizes[end]) for end in ends)]


def _load(
    file: str,
    text: bytes,
    shape: tuple[str, list[list[str]], list[int]],
    options: ImportOptions,
    places: Sequence[int],
    first_row: int,
) -> Cells:
    """Columns as distinct texts, in one pass over the bytes."""
    separator, head, offsets = shape
    ragged = _Ragged(first_row - 1)
    width = _width(head, first_row)
    body = pa.py_buffer(text).slice(offsets[first_row - 1]) if first_row <= len(offsets) else pa.py_buffer(b"")
    table = _parsed(file, body, (separator, width, b'"' in text), list(places), ragged)
    if table.num_rows > options.max_rows:
        raise too_many_rows(file, table.num_rows, options)
    rows = np.arange(first_row, first_row + table.num_rows + len(ragged.rows), dtype="int32")
    if ragged.rows:
        rows = rows[~np.isin(rows, ragged.rows)]
    return Cells({place: table.column(str(place)).to_pandas() for place in places}, rows, tuple(ragged.wrong))


def _width(head: list[list[str]], first_row: int) -> int:
    """Cells per row: one more than headings where every row ends in a separator."""
    width = len(head[first_row - 2]) if first_row >= 2 else max(map(len, head))
    body = [cells for cells in head[first_row - 1 :] if any(cells)]
    return width + 1 if body and all(len(cells) == width + 1 and not cells[-1] for cells in body) else width


def _parsed(file: str, body: pa.Buffer, shape: tuple[str, int, bool], places: list[int], ragged: _Ragged) -> pa.Table:
    separator, width, quoted = shape
    names = [str(place) for place in places]
    try:
        return pacsv.read_csv(
            pa.BufferReader(body),
            read_options=pacsv.ReadOptions(
                use_threads=False,  # row numbers of wrong rows are only known in order
                column_names=[str(place) for place in range(width)],
                block_size=BLOCK_BYTES,
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=separator,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=ragged.take,
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=names,
                column_types=dict.fromkeys(names, CELLS),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({name: pa.array([], CELLS) for name in names})
        raise InputError(
            f"cannot be split into columns ({shown(str(error).splitlines()[0])}).",
            where=Where(file),
            remedy="Look for a quotation mark that is opened and not closed, or save it as CSV again.",
        ) from None


class _Ragged:
    """Rows that do not have a cell under every heading; the first of them are kept."""

    def __init__(self, before: int) -> None:
        self.before = before
        self.rows: list[int] = []
        self.wrong: list[OddRow] = []

    def take(self, row: pacsv.InvalidRow) -> str:
        at = row.number + self.before
        self.rows.append(at)
        text = row.text.strip()
        if text and len(self.wrong) < MOST_ODD:
            self.wrong.append(OddRow(at, row.actual_columns, row.expected_columns, text[:200]))
        return "skip"
