"""Files in, checked history out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.history.arithmetic.calls import calls_of_log, calls_of_records, to_intervals
from staffing.history.arithmetic.counted import check_running
from staffing.history.arithmetic.sums import without_sums
from staffing.history.arithmetic.zeros import without_coming
from staffing.history.between import compare_zones, read_together
from staffing.history.cleaning import Part, clean
from staffing.history.files.frames import frame_source
from staffing.history.files.opening import open_sheets
from staffing.history.files.sheet import Sheet
from staffing.history.files.source import PLAIN, Source, sources_of, uploaded
from staffing.history.grid.filling import fill
from staffing.history.grid.interval import detect_interval
from staffing.history.history import History
from staffing.history.join import by_queue
from staffing.history.layout.calendars import find_calendar
from staffing.history.layout.call_records import find_call_records, find_event_log
from staffing.history.layout.table import RawTable, find_layout, is_own, no_table, read_table, with_values
from staffing.history.layout.turning import read_wide
from staffing.history.layout.wide import find_figure_rows, find_wide
from staffing.history.meaning.queues import spelling_key
from staffing.history.options import MAX_ROWS, ImportOptions, kept_answers
from staffing.history.plausible import beginnings, odd_figures
from staffing.history.report import Findings, ImportReport, Problem
from staffing.history.rest.parts import rested_parts
from staffing.memory import give_back
from staffing.tables import HISTORY

UPLOAD = ImportOptions(max_rows=2_000_000, max_bytes=200_000_000, apart=True)


def read_history(
    path: str | Path | pd.DataFrame,
    site: SiteCalendar | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    queue: str | None = None,
    absent: Literal["missing", "zero"] | None = None,
    date_order: Literal["dmy", "mdy"] | None = None,
    today: dt.date | None = None,
    max_rows: int = MAX_ROWS,
    answers: Mapping[str, str] | None = None,
) -> History:
    """The history in a file, in all files of a folder, or in a DataFrame.

    CSV, Parquet, xlsx and their relatives with a row per interval and queue, wide tables, phone systems' exports.
    Where files of a folder overlap, the later in name order wins.

    Parameters
    ----------
    path : file, folder or DataFrame.
    site : its zone is that of local times; its opening hours tell closed from missing.
    columns : which of the source's columns are ours: ``{"calls": "Offered"}``.
    queue, absent, date_order, today, max_rows, answers : as in ``ImportOptions``; what can be read in two ways
        (``ANSWERS``) is also settled by the folder's ``reading.toml``.

    Returns
    -------
    History : contacts and mean handle times (seconds) per queue and interval.

    Raises
    ------
    InputErrors : everything that is wrong, by file, row and column, and every open question.
    """
    told = {key: value for key, value in (("absent", absent), ("date_order", date_order)) if value}
    options = ImportOptions({**(answers or {}), **told}, queue or "voice", today, max_rows)
    if isinstance(path, pd.DataFrame):
        return _history(_inspect([frame_source(path, columns)], site, options, Findings()))
    headings = {f"column.{ours.removesuffix('_s')}": theirs for ours, theirs in (columns or {}).items()}
    return _history(_inspect_path(Path(path), site, options.answered(headings)))


def preview(path: str | Path, site: SiteCalendar | None = None, options: ImportOptions | None = None) -> ImportReport:
    """What ``read_history`` would do: good rows, problems, questions, formats. Content never makes it raise."""
    return _inspect_path(Path(path), site, options or ImportOptions())[0]


def read_upload(
    name: str, data: bytes, site: SiteCalendar | None = None, options: ImportOptions | None = None
) -> History:
    """The history in an uploaded file. ``name`` is only shown, never used as a path. Raises InputErrors."""
    return _history(_inspect([uploaded(name, data)], site, options or UPLOAD, Findings()))


def preview_upload(
    name: str,
    data: bytes,
    site: SiteCalendar | None = None,
    options: ImportOptions | None = None,
    answers: Mapping[str, str] | None = None,
) -> ImportReport:
    """``preview`` of an uploaded file, with ``answers`` to its questions."""
    told = (options or UPLOAD).answered(answers or {})
    return _inspect([uploaded(name, data)], site, told, Findings())[0]


def read_sparing(path: Path, site: SiteCalendar) -> tuple[History, tuple[Problem, ...]]:
    """The history of those queues in whose rows nothing is wrong, and what stopped the others.

    Raises InputErrors when no queue is left, or something can be read in two ways.
    """
    report, findings = _inspect_path(path, site, ImportOptions(spare=True))
    return _history((report, findings)), report.problems


def _unharmed(queues: list[pd.DataFrame], findings: Findings) -> list[pd.DataFrame]:
    """The tables of queues that no problem concerns; one in rows that name no queue concerns all of their file."""
    names = {spelling_key(name) for problem in findings.problems for name in problem.queues}
    files = {problem.file for problem in findings.problems if problem.row is not None and not problem.queues}
    return [
        rows
        for rows in queues
        if spelling_key(str(rows["queue"].iloc[0])) not in names and not rows["file"].isin(files).any()
    ]


def _history(inspected: tuple[ImportReport, Findings]) -> History:
    report, findings = inspected
    if report.history is None:
        raise findings.as_errors()
    return report.history


def _inspect_path(path: Path, site: SiteCalendar | None, options: ImportOptions) -> tuple[ImportReport, Findings]:
    """A folder's own answers are the first; those of ``options`` win over them."""
    findings, rested = Findings(), list[Part]()
    try:
        kept = kept_answers(path if path.is_dir() else path.parent)
        own = frozenset(kept) - set(options.answers)
        options = replace(options, answers={**kept, **options.answers}, kept=own)
        rested = rested_parts(path, site)
        sources = sources_of(path, options, findings)
    except InputError as error:
        findings.error(error)
        sources = []
    return _inspect(sources, site, options, findings, rested)


def _inspect(
    sources: Iterable[Source],
    site: SiteCalendar | None,
    options: ImportOptions,
    findings: Findings,
    rested: Sequence[Part] = (),
) -> tuple[ImportReport, Findings]:
    if site is None:
        findings.note("No site calendar was given: times are taken as UTC and the site as always open.")
    site = site or SiteCalendar()
    good_rows, queues = _rows(sources, site, options, findings, rested)
    stopped = len(findings.problems) if not options.spare else 0
    history = None if stopped else gridded(queues, site, options, findings)
    give_back()
    if findings.questions or stopped:
        history = None
    report = ImportReport(
        good_rows,
        tuple(findings.problems),
        tuple(findings.questions),
        tuple(findings.notes),
        findings.guesses,
        tuple(findings.unread),
        history,
    )
    return report, findings


def rows_of(
    sources: Iterable[Source], site: SiteCalendar, options: ImportOptions, findings: Findings
) -> list[pd.DataFrame]:
    """The checked rows of files, a table for each queue in order of time, with ``file`` and ``row`` of each."""
    return _rows(sources, site, options, findings)[1]


def _rows(
    sources: Iterable[Source],
    site: SiteCalendar,
    options: ImportOptions,
    findings: Findings,
    rested: Sequence[Part] = (),
) -> tuple[int, list[pd.DataFrame]]:
    """How many rows can be used as they are, and those that count by queue; with ``spare``, of unharmed queues."""
    parts = [*rested, *read_together(list(sources), partial(_parts, site=site), options, findings)]
    compare_zones(parts, site, options, findings)
    good_rows, wide = sum(len(part.rows) for part in parts), any(part.wide for part in parts)
    queues = by_queue(parts, options, findings) if parts else []
    parts.clear()  # their rows are held by queue now
    queues = without_sums(queues, options, findings, wide=wide)
    return good_rows, _unharmed(queues, findings) if options.spare else queues


def _parts(
    source: Source, beside: bool, options: ImportOptions, findings: Findings, *, site: SiteCalendar
) -> list[Part]:
    """The tables of one file. A file of a kind that history seldom comes in does not stop the others of a folder."""
    try:
        return _tables(source, (site, options), findings)
    except InputError as error:
        if beside and not source.name.lower().endswith(PLAIN):
            findings.leave(source.name, f"it {error.what}")
        else:
            findings.error(error)
        return []


def _tables(source: Source, asked: tuple[SiteCalendar, ImportOptions], findings: Findings) -> list[Part]:
    """A part for each sheet; sheets without a table do not stop the others. Raises InputError where there is none."""
    site, options = asked
    sheets = open_sheets(source, options, findings)[::-1]
    alone, parts, last = len(sheets) == 1, [], None
    while sheets:
        label, name = sheets[-1].label, sheets[-1].name
        try:
            part = _single_calls(sheets[-1], asked, findings)
            if part is not None:
                sheets.pop()
            else:
                raw, wide = _table(sheets.pop(), options, findings)
                give_back()
                raw = replace(raw, again=partial(_again, source, name, options))
                told = options.for_own_table() if is_own(raw) else options
                part = replace(clean(raw, site, told, findings), wide=wide)
            parts.append(replace(part, file=source.name, sheet=name))
        except InputError as error:
            if alone:
                raise
            findings.leave(label, error.what)
            last = error
    if not parts and last is not None:
        raise last
    return parts


def _single_calls(sheet: Sheet, asked: tuple[SiteCalendar, ImportOptions], findings: Findings) -> Part | None:
    """A sheet of single calls, put together into intervals; None where it is none."""
    site, options = asked
    log = find_event_log(sheet)
    columns = find_call_records(sheet) if log is None else None
    if log is None and columns is None:
        return None
    if log is not None:
        calls = calls_of_log(sheet, log, findings)
    elif columns is not None:
        calls = calls_of_records(sheet, columns, options, findings)
    return Part(*to_intervals(calls, site, options, findings))


def _table(sheet: Sheet, options: ImportOptions, findings: Findings) -> tuple[RawTable, bool]:
    """The sheet's table, and whether its queues lie side by side."""
    for what, value in sheet.guesses.items():
        findings.guess(sheet.label, what, value)
    wide = find_figure_rows(sheet)
    layout = find_layout(sheet, options) if wide is None else None
    if layout is not None:
        return with_values(read_table(sheet, layout), sheet), False
    wide = wide or find_calendar(sheet) or find_wide(sheet, options)
    if wide is None:
        raise no_table(sheet)
    return read_wide(sheet, wide, options, findings), wide.of == "queue"


def _again(source: Source, name: str, options: ImportOptions) -> Sheet:
    return next(sheet for sheet in open_sheets(source, options, Findings()) if sheet.name == name)


def gridded(
    queues: list[pd.DataFrame], site: SiteCalendar, options: ImportOptions, findings: Findings, *, odd: bool = True
) -> History | None:
    """Queues' rows as history on the site's open grid, with notes on what is ``odd`` in it; None, with the reason in
    ``findings``, where they fit none."""
    try:
        if not queues:
            raise InputError("no row can be used.", remedy="Export the history again with its rows.")
        queues = without_coming(queues, options, findings)
        queues = [rows for rows in queues if len(rows)]
        interval_min, files = detect_interval(queues, site, findings), beginnings(queues) if odd else {}
        check_running(queues)
        site = site.model_copy(update={"interval_min": interval_min})
        frame = fill(queues, site, options, findings)
    except InputError as error:
        findings.error(error)
        return None
    frame = HISTORY.check(frame)
    for told in odd_figures(frame, interval_min, files, site) if odd and not findings.questions else ():
        findings.note(told)
    unread = [f"{each.what} is not read: {each.why}" for each in findings.unread]
    return History(frame, interval_min, (*findings.notes, *unread))
