"""From a drop folder to the archive: every file that is new is checked, and what is right in it taken in."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, Where
from staffing.history.files.source import SUFFIXES, Source
from staffing.history.history import History
from staffing.history.options import ImportOptions
from staffing.history.reading import gridded, rows_of
from staffing.history.report import Findings
from staffing.history.rest.archive import SOURCE, Archive, Taken
from staffing.store.places import Entry, Place

if TYPE_CHECKING:
    from staffing.history.report import Problem

COMMIT_S = 5.0  # the index, which is written whole, is written so often


@dataclass(frozen=True)
class Ingested:
    """What came of one file. ``faults`` says of queues whose rows are wrong in it, why; those of others are taken."""

    file: str
    taken: Taken
    queues: int
    faults: Mapping[str, str]

    def __str__(self) -> str:
        told = self.taken
        text = f"{self.file}: {told.new:,} new rows of {self.queues} queues"
        text += f", {told.replaced:,} replace what was told of the same times" if told.replaced else ""
        text += f", {told.same:,} are as before" if told.same else ""
        return text + (f"; wrong in it: {', '.join(sorted(self.faults))}" if self.faults else "") + "."


def ingest(
    archive: Archive, drop: Place, site: SiteCalendar, answers: Mapping[str, str], today: dt.date | None = None
) -> list[Ingested]:
    """Take the files of ``drop`` in, in order of their names; what is whole counts within some seconds.

    A file that was taken in before, by its content, is left; a new one of the same name replaces what it overlaps.
    Raises InputErrors where something can be read in two ways.
    """
    done, counted_s = list[Ingested](), time.monotonic()
    for entry in drop.entries():
        if not entry.name.lower().endswith(SUFFIXES) or archive.files.get(entry.name, {}).get("stamp") == entry.stamp:
            continue
        known = archive.files.get(entry.name, {})
        try:
            content = _whole(drop, entry)
            sha256 = hashlib.sha256(content).hexdigest()
            options = ImportOptions(answers, today=today, spare=True)
            new = known.get("sha256") != sha256
            found = _rows(Source(entry.name, data=content), site, options) if new else None
        except InputError:  # what was taken in before counts
            archive.commit()
            raise
        if found is not None:
            done.append(_taken(archive, entry.name, found))
            known = {"sha256": sha256, "rows": done[-1].taken.new, "faults": dict(done[-1].faults)}
        archive.files[entry.name] = {**known, "stamp": entry.stamp}
        if time.monotonic() - counted_s > COMMIT_S:
            archive.commit()
            counted_s = time.monotonic()
    archive.commit()
    return done


def _whole(drop: Place, entry: Entry) -> bytes:
    """A file's bytes. Raises InputError where it grows, or goes, while it is read."""
    content = drop.read(entry.name)
    now = next((other for other in drop.entries() if other.name == entry.name), None)
    if content is None or now is None or now.stamp != entry.stamp or len(content) != entry.size:
        raise InputError(
            "changed while it was read.",
            where=Where(entry.name),
            remedy="Wait until its export is done, then run again; let exports be renamed into place.",
        )
    return content


def _rows(source: Source, site: SiteCalendar, options: ImportOptions) -> tuple[list[pd.DataFrame], Mapping[str, str]]:
    """A file's rows by queue, and what is wrong in it. Raises InputErrors where it can be read in two ways."""
    findings = Findings()
    queues = rows_of([source], site, options, findings)
    if findings.questions:
        raise findings.as_errors()
    return queues, _faults(findings.problems)


def _taken(archive: Archive, file: str, found: tuple[list[pd.DataFrame], Mapping[str, str]]) -> Ingested:
    taken, (queues, faults) = Taken(), found
    for rows in queues:
        taken += archive.append(str(rows["queue"].iloc[0]), rows)
    return Ingested(file, taken, len(queues), faults)


def _faults(problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for problem in problems:
        for name in problem.queues or (problem.file,):
            found.setdefault(name, str(problem.as_error()))
    return found


def queue_history(
    archive: Archive, queue: str, site: SiteCalendar, answers: Mapping[str, str], before: dt.date | None = None
) -> History:
    """The history of one queue that is at rest, as `read_history` would have it, without notes on odd figures; days
    from ``before`` on left out.

    Raises InputErrors where its rows fit no grid.
    """
    rows = archive.rows(queue)
    rows = rows.assign(start=rows["start"].dt.tz_convert(site.zone), queue=pd.Categorical([queue] * len(rows)))
    if before is not None:
        rows = rows[rows["start"] < site.midnight(before)]
    findings = Findings()
    figures = [name for name in rows.columns if name not in ("queue", "start", *SOURCE)]
    told = [name for name in figures if name == "calls" or rows[name].notna().any()]
    history = gridded([rows[["queue", "start", *told, *SOURCE]]], site, ImportOptions(answers), findings, odd=False)
    if history is None:
        raise findings.as_errors()
    return history
