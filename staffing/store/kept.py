"""Forecasts that were promised, kept as they were: a folder a run under ``forecasts/`` of the workspace."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError, Where
from staffing.store.files import read_parquet, write_json, write_parquet

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Kept:
    """One kept run. Its tables are read when asked for.

    ``history_until`` is the last day that was known when the promise was made.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def run(self) -> str:
        return self.folder.name

    @property
    def history_until(self) -> dt.date:
        return dt.date.fromisoformat(self.manifest["history_until"])

    def forecast(self) -> pd.DataFrame | None:
        """The forecast table, or None when no queue could be forecast."""
        path = self.folder / "forecast.parquet"
        return read_parquet(path) if path.is_file() else None

    def causes(self) -> pd.DataFrame | None:
        """What each cause adds to each day: ``queue, day, cause, calls``."""
        path = self.folder / "causes.parquet"
        return read_parquet(path) if path.is_file() else None


def keep(folder: Path, manifest: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Kept:
    """Write the tables, then the manifest: a run without a manifest has not happened."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_parquet(folder / f"{name}.parquet", table)
    write_json(folder / "manifest.json", manifest)
    return Kept(folder, manifest)


def read_kept(folder: Path) -> Kept | None:
    """The run kept in ``folder``, or None. Raises InputError when its manifest is damaged."""
    path = folder / "manifest.json"
    if not path.is_file():
        return None
    try:
        return Kept(folder, json.loads(path.read_text(encoding="utf-8")))
    except ValueError:
        raise InputError(
            "is damaged.", where=Where(str(path)), remedy="Delete the folder; the run can be repeated."
        ) from None


def all_kept(forecasts: Path) -> Iterator[Kept]:
    """Every kept run under ``forecasts``, oldest promise first."""
    runs = [kept for path in sorted(forecasts.glob("*/")) if (kept := read_kept(path)) is not None]
    yield from sorted(runs, key=lambda kept: (kept.history_until, kept.run))
