"""Engines by their names: who does a run's queues."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from staffing.batch.cluster import on_cluster
from staffing.batch.local import side_by_side
from staffing.errors import InputError, Where

if TYPE_CHECKING:
    from staffing.batch.nightly import Engine


def engine_of(name: str, workers: int, scheduler: str, limit_s: float) -> Engine:
    """``local``: processes of this machine; ``dask``: those of a scheduler, or of a cluster started here.

    Raises InputError for another name.
    """
    if name == "local":
        return partial(side_by_side, workers=workers or None, limit_s=limit_s)
    if name == "dask":
        return partial(on_cluster, scheduler=scheduler, workers=workers or None, limit_s=limit_s)
    raise InputError(f"'{name}' is no engine.", where=Where(field="engine"), remedy="Choose 'local' or 'dask'.")
