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
    import numpy as np
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
    start = pd.DatetimeIndex(told["start"]).tz_convert(scenario.site.zone)
    came, said = actual.reindex(start).to_numpy(), told["calls"].to_numpy()
    day, days = pd.factorize(start.tz_localize(None).normalize(), sort=True)
    whole = np.bincount(day, np.isnan(came)) == 0  # the others are not over
    if not whole.any():
        return nothing
    inside = (told["p10"].to_numpy() <= came) & (came <= told["p90"].to_numpy())
    sums = [np.bincount(day, np.nan_to_num(each))[whole] for each in (came, said, np.abs(came - said), inside)]
    counts = np.bincount(day)[whole], sums[3].astype("int64")
    columns = (queue, days[whole], counts[0], *sums[:3], counts[1])
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
