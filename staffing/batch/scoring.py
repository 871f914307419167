"""Last night's promise held against what came since: each day once, by the newest promise that was made before it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from staffing.domain.scenario import Scenario
    from staffing.history import History

COLUMNS = ("queue", "day", "intervals", "actual", "promised", "off", "inside")


def scores(promised: Path | None, history: History, scenario: Scenario, queue: str) -> pd.DataFrame:
    """One row a whole day that has come since: contacts that came and were ``promised``, the sum of absolute errors
    of intervals (``off``), and how many of the ``intervals`` lay between p10 and p90 (``inside``).

    ``promised`` is the forecast table of a run; nothing of other queues is read of it.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    from staffing.evaluation.came import by_levers

    nothing = pd.DataFrame(columns=list(COLUMNS))
    if promised is None or not promised.is_file():
        return nothing
    wanted = ["queue", "start", "calls", "p10", "p90"]
    told = pq.read_table(promised, columns=wanted, filters=[("queue", "==", queue)]).to_pandas()
    since = history.frame[history.frame["start"] >= told["start"].min()]
    actual = by_levers(since, scenario).set_index("start")["calls"]
    start = told["start"].dt.tz_convert(scenario.site.zone)
    pairs = told.assign(
        queue=queue,
        actual=actual.reindex(pd.DatetimeIndex(start)).to_numpy(),
        day=start.dt.tz_localize(None).dt.normalize(),
    )
    come = pairs.groupby("day")["actual"].transform(lambda calls: calls.notna().all())
    pairs = pairs[come.astype(bool)]
    if pairs.empty:
        return nothing
    pairs = pairs.assign(
        off=(pairs["actual"] - pairs["calls"]).abs(),
        inside=(pairs["p10"] <= pairs["actual"]) & (pairs["actual"] <= pairs["p90"]),
    )
    days = pairs.groupby(["queue", "day"], as_index=False).agg(
        intervals=("actual", "size"),
        actual=("actual", "sum"),
        promised=("calls", "sum"),
        off=("off", "sum"),
        inside=("inside", "sum"),
    )
    return days[list(COLUMNS)]
