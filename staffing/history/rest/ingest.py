"""From a drop folder to the archive: every file that is new is checked, and what is right in it taken in."""

from __future__ import annotations

import datetime as dt
import hashlib
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
    """Take the files of ``drop`` in, in order of their names; each counts as soon as it is whole.

    A file that was taken in before, by its content, is left; a new one of the same name replaces what it overlaps.
    Raises InputErrors where something can be read in two ways.
    """
    done = []
    for entry in drop.entries():
        if not entry.name.lower().endswith(SUFFIXES) or archive.files.get(entry.name, {}).get("stamp") == entry.stamp:
            continue
        content = _whole(drop, entry)
        sha256 = hashlib.sha256(content).hexdigest()
        known = archive.files.get(entry.name, {})
        if known.get("sha256") != sha256:
            options = ImportOptions(answers, today=today, spare=True)
            done.append(_taken(archive, Source(entry.name, data=content), site, options))
            known = {"sha256": sha256, "rows": done[-1].taken.new, "faults": dict(done[-1].faults)}
        archive.files[entry.name] = {**known, "stamp": entry.stamp}
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


def _taken(archive: Archive, source: Source, site: SiteCalendar, options: ImportOptions) -> Ingested:
    findings = Findings()
    queues = rows_of([source], site, options, findings)
    if findings.questions:
        raise findings.as_errors()
    taken = Taken()
    for rows in queues:
        taken += archive.append(str(rows["queue"].iloc[0]), rows)
    return Ingested(source.name, taken, len(queues), _faults(findings.problems))


def _faults(problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for problem in problems:
        for name in problem.queues or (problem.file,):
            found.setdefault(name, str(problem.as_error()))
    return found


def queue_history(
    archive: Archive, queue: str, site: SiteCalendar, answers: Mapping[str, str], before: dt.date | None = None
) -> History:
    """The history of one queue that is at rest, as `read_history` would have it; days from ``before`` on left out.

    Raises InputErrors where its rows fit no grid.
    """
    rows = archive.rows(queue)
    rows = rows.assign(start=rows["start"].dt.tz_convert(site.zone), queue=pd.Categorical([queue] * len(rows)))
    if before is not None:
        rows = rows[rows["start"] < site.midnight(before)]
    findings = Findings()
    figures = [name for name in rows.columns if name not in ("queue", "start", *SOURCE)]
    told = [name for name in figures if name == "calls" or rows[name].notna().any()]
    history = gridded([rows[["queue", "start", *told, *SOURCE]]], site, ImportOptions(answers), findings)
    if history is None:
        raise findings.as_errors()
    return history
