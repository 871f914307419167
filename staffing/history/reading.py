"""Files in, checked history out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.apart import is_packed, unpack
from staffing.history.cleaning import clean
from staffing.history.filling import fill
from staffing.history.frames import frame_source
from staffing.history.interval import detect_interval
from staffing.history.intervals import History
from staffing.history.options import MAX_ROWS, Absent, DateOrder, ImportOptions
from staffing.history.raw import SUFFIXES, RawTable, Source
from staffing.history.report import Findings, ImportReport
from staffing.history.text_files import read_text
from staffing.memory import give_back
from staffing.tables import HISTORY

UPLOAD = ImportOptions(max_rows=2_000_000, max_bytes=200_000_000, apart=True)


def read_history(
    path: str | Path | pd.DataFrame,
    site: SiteCalendar | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    queue: str | None = None,
    absent: Absent = "missing",
    date_order: DateOrder | None = None,
    today: dt.date | None = None,
    max_rows: int = MAX_ROWS,
) -> History:
    """The history in a CSV, Parquet or xlsx file, in all such files of a folder, or in a DataFrame.

    Columns: ``timestamp`` (or ``date``, ``start``), ``calls``; optional ``queue``, ``answered``, ``abandoned``,
    ``aht_seconds``. ``columns`` says which columns of a frame these are: ``{"calls": "Offered"}``.
    Local times are the site's; its opening hours tell closed from missing. Where files of a folder overlap, the later
    in name order wins. The other arguments are those of ``ImportOptions``.
    Raises InputErrors with everything that is wrong, by file, row and column.
    """
    options = ImportOptions(queue or "voice", absent, date_order, today, max_rows)
    if isinstance(path, pd.DataFrame):
        return _history(_inspect([frame_source(path, columns)], site, options))
    if columns:
        raise InputError(
            "can be told of a frame only.",
            where=Where(field="columns"),
            remedy="Name the columns in the file's first row, or read it into a frame first.",
        )
    return _history(_inspect(_sources(Path(path)), site, options))


def preview(path: str | Path, site: SiteCalendar | None = None, options: ImportOptions | None = None) -> ImportReport:
    """What ``read_history`` would do: good rows, errors by row, guessed formats. Content never makes it raise."""
    return _inspect(_sources(Path(path)), site, options or ImportOptions())[0]


def read_upload(
    name: str, data: bytes, site: SiteCalendar | None = None, options: ImportOptions | None = None
) -> History:
    """The history in an uploaded file. ``name`` is only shown, never used as a path. Raises InputErrors."""
    return _history(_inspect([Source(_shown_name(name), data=data)], site, options or UPLOAD))


def preview_upload(
    name: str, data: bytes, site: SiteCalendar | None = None, options: ImportOptions | None = None
) -> ImportReport:
    """``preview`` of an uploaded file."""
    return _inspect([Source(_shown_name(name), data=data)], site, options or UPLOAD)[0]


def _shown_name(name: str) -> str:
    kept = "".join(ch for ch in name.replace("\\", "/").rsplit("/", 1)[-1] if ch.isprintable())
    return kept[-80:] or "upload"


def _history(inspected: tuple[ImportReport, Findings]) -> History:
    report, findings = inspected
    if report.history is None:
        raise findings.as_errors()
    return report.history


def _sources(path: Path) -> list[Source]:
    if not path.is_dir():
        return [Source(path.name, path)]
    files = sorted(
        each for each in path.iterdir() if each.suffix.lower() in SUFFIXES and not each.name.startswith((".", "~"))
    )
    return [Source(each.name, each) for each in files] or [Source(f"{path.name}/", path)]


def _inspect(
    sources: Iterable[Source], site: SiteCalendar | None, options: ImportOptions
) -> tuple[ImportReport, Findings]:
    findings = Findings()
    if site is None:
        findings.note("No site calendar was given: times are taken as UTC and the site as always open.")
    site = site or SiteCalendar()
    parts = [_rows(source, site, options, findings) for source in sources]
    queues = _by_queue([part for part in parts if part is not None], findings)
    parts.clear()  # their rows are held by queue now
    good_rows = sum(map(len, queues))
    history = None if findings.problems else _on_grid(queues, site, options, findings)
    give_back()
    return ImportReport(good_rows, tuple(findings.problems), tuple(findings.notes), findings.guesses, history), findings


def _rows(source: Source, site: SiteCalendar, options: ImportOptions, findings: Findings) -> pd.DataFrame | None:
    try:
        raw = _raw(source, options, findings)
        give_back()
        return clean(raw, site, options, findings)
    except InputError as error:
        findings.error(error)
        return None


def _raw(source: Source, options: ImportOptions, findings: Findings) -> RawTable:
    """The file's cells, read as what its first bytes say it is."""
    data = source.load(options.max_bytes)
    if is_packed(data):
        return unpack(source.name, data, options, findings)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x80\x04", b"\x80\x05")):
        raise InputError(
            "is not a CSV, xlsx or Parquet file.",
            where=Where(source.name),
            remedy="Save it as xlsx or CSV; unpack it first if it is compressed.",
        )
    return read_text(source.name, data, options, findings)


def _by_queue(parts: list[pd.DataFrame], findings: Findings) -> list[pd.DataFrame]:
    """All files' rows, a table for each queue in order of time; where two files have an interval, the later file's.

    What follows looks at one queue at a time, so that a large import takes little more memory than its rows.
    """
    places = [part.groupby("queue", sort=False).indices for part in parts]
    names = pd.CategoricalDtype(sorted({name for each in places for name in each}))
    tables, over = [], []
    for code, name in enumerate(names.categories):
        found = [part.iloc[each[name]] for part, each in zip(parts, places, strict=True) if name in each]
        rows = pd.concat(found).sort_values("start", kind="stable", ignore_index=True)
        again = rows["start"].duplicated(keep="last")
        over.append(rows["file"][again])
        tables.append(rows[~again].assign(queue=pd.Categorical.from_codes(np.full((~again).sum(), code), dtype=names)))
    twice = pd.concat(over) if over else pd.Series(dtype="str")
    if len(twice):
        files = ", ".join(twice.unique()[:5])
        findings.note(f"{len(twice):,} rows of {files} are there again in a later file, whose rows are kept.")
    return tables


def _on_grid(
    queues: list[pd.DataFrame], site: SiteCalendar, options: ImportOptions, findings: Findings
) -> History | None:
    try:
        if not queues:
            raise InputError("no row can be used.", remedy="Export the history again with its rows.")
        interval_min = detect_interval(queues, site, findings)
        frame = fill(queues, site.model_copy(update={"interval_min": interval_min}), options, findings)
    except InputError as error:
        findings.error(error)
        return None
    return History(HISTORY.check(frame), interval_min, tuple(findings.notes))
