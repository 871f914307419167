"""Forecasts that were promised, kept as they were: a folder a run under ``forecasts/`` of the workspace."""

from __future__ import annotations

import datetime as dt
import json
import shutil
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

    @property
    def scenario(self) -> str:
        return str(self.manifest["scenario"])

    @property
    def horizon_days(self) -> int:
        return int(self.manifest["horizon_days"])

    def forecast(self) -> pd.DataFrame | None:
        """The forecast table, or None when no queue could be forecast. Raises InputError when it is damaged."""
        return self._table("forecast")

    def causes(self) -> pd.DataFrame | None:
        """What each cause adds to each day: ``queue, day, cause, calls``. Raises InputError when it is damaged."""
        return self._table("causes")

    def requirements(self) -> pd.DataFrame | None:
        """Agents per queue and interval; None where they could not be worked out. Raises InputError when damaged."""
        return self._table("requirements")

    def scores(self) -> pd.DataFrame | None:
        """How the promise before this one fared, by queue and day; None where no day came. Raises InputError."""
        return self._table("scores")

    def _table(self, name: str) -> pd.DataFrame | None:
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            return None
        try:
            return read_parquet(path)
        except (OSError, ValueError):
            raise _damaged(path) from None


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
        kept = Kept(folder, json.loads(path.read_text(encoding="utf-8")))
        _ = (kept.history_until, kept.scenario, kept.horizon_days)
    except (ValueError, KeyError, TypeError):
        raise _damaged(path) from None
    return kept


def _damaged(path: Path) -> InputError:
    return InputError("is damaged.", where=Where(str(path)), remedy="Delete its folder; the run can be repeated.")


def all_kept(forecasts: Path) -> Iterator[Kept]:
    """Every kept run under ``forecasts``, oldest promise first."""
    runs = [kept for path in sorted(forecasts.glob("*/")) if (kept := read_kept(path)) is not None]
    yield from sorted(runs, key=lambda kept: (kept.history_until, kept.run))


def forget(forecasts: Path, before: dt.date) -> list[str]:
    """Delete runs that knew no day from ``before`` on; returns their names. The newest run always stays.

    The manifest goes first, so that a deletion that breaks off leaves no half of a run behind.
    """
    old = [kept for kept in list(all_kept(forecasts))[:-1] if kept.history_until < before]
    for kept in old:
        (kept.folder / "manifest.json").unlink()
        shutil.rmtree(kept.folder)
    return [kept.run for kept in old]
