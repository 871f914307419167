"""Forecasts that were promised, kept as they were: a manifest a run, a document of the workspace, and its tables.

The tables of a run lie in a folder of its own under ``forecasts/``; without a manifest a run has not happened.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from staffing.errors import InputError, Where
from staffing.store.files import json_text, read_parquet, remove_folder, write_parquet

if TYPE_CHECKING:
    import pandas as pd

    from staffing.store.ground import Ground

FORECASTS, MANIFEST = "forecasts", "manifest.json"


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
            raise damaged(path) from None


@dataclass(frozen=True)
class KeptForecasts:
    """The kept runs of a workspace: manifests on its ``ground``, tables below ``folder``, a folder for each run."""

    ground: Ground
    folder: Path

    def keep(self, run: str, manifest: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Kept:
        """Write the tables, then the manifest: a run without a manifest has not happened.

        Raises Forbidden unless the user at work is planner.
        """
        with self.ground.bulk_change():
            (self.folder / run).mkdir(parents=True, exist_ok=True)
            for name, table in tables.items():
                write_parquet(self.folder / run / f"{name}.parquet", table)
        with self.ground.change() as change:
            change.write(_file(run), json_text(manifest).encode())
        return Kept(self.folder / run, manifest)

    def read(self, run: str) -> Kept | None:
        """The run of that name, or None. Raises InputError when its manifest is damaged."""
        content = self.ground.read(_file(run))
        if content is None:
            return None
        try:
            kept = Kept(self.folder / run, json.loads(content))
            _ = (kept.history_until, kept.scenario, kept.horizon_days)
        except (ValueError, KeyError, TypeError):
            raise damaged(self.folder / run / MANIFEST) from None
        return kept

    def has(self, run: str) -> bool:
        """Whether the run has happened."""
        return self.ground.read(_file(run)) is not None

    def all(self) -> Iterator[Kept]:
        """Every kept run, oldest promise first. Raises InputError when a manifest is damaged."""
        names = [name.split("/") for name in self.ground.names(FORECASTS, MANIFEST)]
        found = [parts[1] for parts in names if len(parts) == 3 and parts[2] == MANIFEST]
        runs = [kept for name in found if (kept := self.read(name)) is not None]
        yield from sorted(runs, key=lambda kept: (kept.history_until, kept.run))

    def forget(self, before: dt.date) -> list[str]:
        """Delete runs that knew no day from ``before`` on; returns their names. The newest run always stays.

        Manifests go first, so that a deletion that breaks off leaves no half of a run behind. Raises Forbidden unless
        the user at work is planner.
        """
        old = [kept for kept in list(self.all())[:-1] if kept.history_until < before]
        if old:
            with self.ground.change() as change:
                for kept in old:
                    change.write(_file(kept.run), None)
            with self.ground.bulk_change():
                for kept in old:
                    remove_folder(kept.folder)
        return [kept.run for kept in old]


def _file(run: str) -> str:
    return f"{FORECASTS}/{run}/{MANIFEST}"


def damaged(path: Path) -> InputError:
    """What a run is refused with whose manifest or tables cannot be read."""
    return InputError("is damaged.", where=Where(str(path)), remedy="Delete its folder; the run can be repeated.")
