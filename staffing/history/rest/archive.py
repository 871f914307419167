"""Rows of history in Parquet, a file for each queue and month, with an index that says which files count.

A change writes new files beside the old ones and then the index, whole: whoever reads meanwhile, or after a change that
broke off, sees the state of before or after and nothing between. Every partition is one file at any time, so that
there is nothing to compact but what a broken change left.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from staffing.errors import InputError, Where
from staffing.store.places import Place

if TYPE_CHECKING:
    import pandas as pd
    from pyarrow import Table

INDEX, LAYOUT = "index.json", 1
SOURCE = ("file", "row")  # where each row was read
AT_ONCE = 8  # files under way; their writing waits for the disk


@dataclass(frozen=True)
class Taken:
    """What came of rows that were appended: ``new``, those that ``replaced`` others of the same time, and those of
    before that were the ``same``."""

    new: int = 0
    replaced: int = 0
    same: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.new + other.new, self.replaced + other.replaced, self.same + other.same)


@dataclass
class Archive:
    """History at rest in a place. Changes count from `commit` on."""

    place: Place
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    queues: dict[str, dict[str, Any]] = field(default_factory=dict)
    _let_go: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, place: Place) -> Archive:
        """What is at rest there, maybe nothing. Raises InputError when its index is damaged."""
        content = place.read(INDEX)
        if content is None:
            return cls(place)
        try:
            told = json.loads(content)
            if told["layout"] != LAYOUT:
                raise ValueError(f"layout {told['layout']}")
            return cls(place, told["files"], told["queues"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"is damaged ({error}).", where=Where(f"{place.url}/{INDEX}"), remedy="Restore it from a back-up."
            ) from None

    def __bool__(self) -> bool:
        return bool(self.queues)

    def digest(self, queue: str) -> str:
        """Tells the content of a queue from any other."""
        return hashlib.sha256(json.dumps(self.queues[queue]["months"], sort_keys=True).encode()).hexdigest()

    def rows(self, queue: str) -> pd.DataFrame:
        """A queue's rows in order of time: ``start`` (UTC), figures, ``file``, ``row``. Nothing else is loaded.

        Raises InputError naming a partition that is missing or damaged.
        """
        import pyarrow as pa

        months = sorted(self.queues[queue]["months"].items())
        parts = [_plain(self._partition(_path(queue, month, told["file"]))) for month, told in months]
        return pa.concat_tables(parts, promote_options="permissive").to_pandas()

    def _partition(self, path: str) -> Table:
        import pyarrow as pa
        import pyarrow.parquet as pq

        content = self.place.read(path)
        try:
            if content is None or hashlib.sha256(content).hexdigest()[:16] not in path:
                raise ValueError("its content is not what was written")
            table: Table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
            return table
        except (ValueError, OSError, pa.ArrowInvalid):
            raise InputError(
                "is missing or damaged.",
                where=Where(f"{self.place.url}/{path}"),
                remedy="Restore it from a back-up, or delete the archive and take its files in again.",
            ) from None

    def append(self, queue: str, rows: pd.DataFrame) -> Taken:
        """Take in rows of one queue in order of time; where there is one of that time, the new one counts."""
        utc = rows["start"].dt.tz_convert("UTC").dt.as_unit("ms")
        months = utc.dt.tz_localize(None).to_numpy().astype("datetime64[M]")
        told = self.queues.setdefault(queue, {"months": {}})
        cuts = np.flatnonzero(np.r_[True, months[1:] != months[:-1], True]).tolist()
        resting = rows.assign(start=utc).drop(columns="queue")
        work = [(str(months[low]), slice(low, high)) for low, high in itertools.pairwise(cuts)]
        take = partial(self._take, queue, told["months"], _arrow(resting))
        done = [take(work[0])] if len(work) == 1 else list(_threads().map(take, work))
        _describe(told, rows)
        return sum(done, Taken())

    def _take(self, queue: str, months: dict[str, Any], rows: Table, work: tuple[str, slice]) -> Taken:
        """The part ``work`` of ``rows``."""
        month, part = work
        before, count = months.get(month), part.stop - part.start
        whole, taken = rows.slice(part.start, count), Taken(count)
        if before is not None:
            path = _path(queue, month, before["file"])
            whole, taken = _joined(self._partition(path), whole)
            if not taken.new and not taken.replaced:
                return taken
            self._let_go.append(path)
        content = _bytes(whole)
        name = hashlib.sha256(content).hexdigest()[:16]
        self.place.write(_path(queue, month, name), content)
        months[month] = {"file": name, "rows": whole.num_rows}
        return taken

    def commit(self) -> None:
        """From now on the changes count."""
        told = {"layout": LAYOUT, "files": self.files, "queues": self.queues}
        self.place.write(INDEX, json.dumps(told, sort_keys=True, ensure_ascii=False).encode())
        for path in self._let_go:
            self.place.delete(path)
        self._let_go.clear()


def _joined(old: Table, new: Table) -> tuple[Table, Taken]:
    """Both in order of time, and what came of the ``new`` rows; each has an instant once and is in order of time."""
    import pyarrow as pa

    before, now = (table["start"].to_numpy() for table in (old, new))
    place = np.minimum(np.searchsorted(before, now), len(before) - 1)
    there = before[place] == now
    same = there & _alike(old, new, place)
    left = np.delete(np.arange(len(before)), place[there & ~same])
    both = pa.concat_tables([_plain(old.take(left)), _plain(new.filter(~same))], promote_options="permissive")
    order = np.argsort(np.concatenate([before[left], now[~same]]), kind="stable")
    return both.take(order), Taken(int((~there).sum()), int((there & ~same).sum()), int(same.sum()))


def _alike(old: Table, new: Table, place: np.ndarray) -> np.ndarray:
    """Which new rows say the same as the old one at ``place``."""
    alike = np.ones(len(place), dtype=bool)
    for name in set(new.column_names) - {"start", *SOURCE}:
        mine = _figures(new, name)
        theirs = _figures(old, name)[place] if name in old.column_names else np.full(len(place), np.nan)
        alike &= (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))
    return alike


def _figures(table: Table, name: str) -> np.ndarray:
    """A column of numbers, NaN where there is none."""
    return np.asarray(table[name].to_numpy(), dtype=float)


def _plain(table: Table) -> Table:
    """With the names of files as texts: two tables' categories differ."""
    import pyarrow as pa

    place = table.schema.get_field_index(SOURCE[0])
    return table.set_column(place, SOURCE[0], table[SOURCE[0]].cast(pa.string()))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "staffing-rest")


def _describe(told: dict[str, Any], rows: pd.DataFrame) -> None:
    """What a run asks of a queue before it reads it: its last instant, and the last with a figure."""
    known = rows["start"][rows["calls"].notna()]
    told["rows"] = sum(month["rows"] for month in told["months"].values())
    for name, times in (("last", rows["start"]), ("last_known", known)):
        if len(times):
            last = times.max().tz_convert("UTC").isoformat()
            told[name] = max(told.get(name, last), last)


def _path(queue: str, month: str, file: str) -> str:
    return f"queue={quote(queue, safe=' ')}/month={month}/{file}.parquet"


def _arrow(rows: pd.DataFrame) -> Table:
    import pyarrow as pa

    return pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None)


def _bytes(table: Table) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=list(SOURCE[:1]))
    return bytes(sink.getvalue())


def faults(files: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Why rows of queues could not be taken in, by queue (or by file, where it says none), newest files first."""
    found: dict[str, str] = {}
    for told in files.values():
        found.update(told.get("faults", {}))
    return found
