"""What is at rest in a folder of history, as if it had just been read."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from staffing.domain.calendar import SiteCalendar
from staffing.history.cleaning import Part
from staffing.history.files.source import AT_REST, is_at_rest
from staffing.history.rest.archive import Archive
from staffing.store.places import Place


def rested_parts(path: Path, site: SiteCalendar | None) -> list[Part]:
    """What an archive in a folder of history holds; files beside it, being later, replace what they overlap."""
    if not is_at_rest(path / AT_REST):
        return []
    archive, zone = Archive.open(Place(str(path / AT_REST))), (site or SiteCalendar()).zone
    return [
        Part(rows.assign(start=rows["start"].dt.tz_convert(zone), queue=pd.Categorical([name] * len(rows))), True)
        for name in sorted(archive.queues)
        if len(rows := archive.rows(name))
    ]
