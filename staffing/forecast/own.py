"""A forecast that was made elsewhere, and quantiles of sample paths at any level."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from staffing.errors import InputError, TableError, Where
from staffing.grids import on_grid
from staffing.tables import FORECAST

if TYPE_CHECKING:
    from staffing.domain.scenario import Scenario

    Made = TypeVar("Made")

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
POISSON_NOTE = "The forecast came without sample paths: its only doubt is that of counting (Poisson)."


def own_forecast(
    kind: Callable[..., Made], frame: pd.DataFrame, scenario: Scenario, paths: Mapping[str, np.ndarray] | None
) -> Made:
    """See `Forecast.from_frame`."""
    timed = "aht_s" in frame.columns
    rows = _checked(frame, scenario)
    drawn = _drawn(rows, scenario) if paths is None else _given(rows, paths)
    lacking = [name for name in QUANTILES if name not in rows]
    if lacking:
        parts = [_with_quantiles(own, drawn[str(queue)]) for queue, own in rows.groupby("queue", sort=True)]
        rows = pd.concat(parts, ignore_index=True)
    days = rows["start"].dt.tz_convert(scenario.site.zone).dt.tz_localize(None).dt.normalize()
    told = rows.assign(day=days, cause="own forecast").groupby(["queue", "day", "cause"], as_index=False)["calls"].sum()
    alone = told.rename(columns={"cause": "model"}).assign(model="own")[["queue", "day", "model", "calls"]]
    weights = pd.DataFrame({"queue": sorted(drawn), "horizon": "all", "model": "own", "weight": 1.0})
    return kind(
        table=FORECAST.check(rows),
        paths=drawn,
        days=told,
        models=alone,
        weights=weights.assign(prior=1.0, past_error=np.nan),
        notes=(*((POISSON_NOTE,) if paths is None else ()), *(() if timed else (_assumed_note(rows),))),
    )


def _checked(frame: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The rows in order of queue and time."""
    names = [queue.name for queue in scenario.queues]
    if "queue" not in frame.columns and len(names) == 1:
        frame = frame.assign(queue=names[0])
    missing = [name for name in ("queue", "start", "calls") if name not in frame.columns]
    if missing:
        raise TableError(
            f"the forecast lacks the column '{missing[0]}'.",
            where=Where(field="frame", column=missing[0]),
            remedy=f"It has: {', '.join(map(str, frame.columns[:20])) or 'none'}.",
        )
    if not isinstance(frame["start"].dtype, pd.DatetimeTZDtype):
        kind = "has no time zone" if frame["start"].dtype.kind == "M" else f"is {frame['start'].dtype}, not instants"
        zone = scenario.site.timezone
        raise TableError(
            f"'start' of the forecast {kind}.",
            where=Where(field="frame", column="start"),
            remedy=f"Write: frame['start'] = pd.to_datetime(frame['start']).dt.tz_localize('{zone}').",
        )
    unknown = sorted(set(frame["queue"]) - set(names))
    if unknown:
        raise TableError(
            f"the forecast names the unknown queue '{unknown[0]}'.",
            where=Where(field="frame", column="queue"),
            remedy=f"The scenario has: {', '.join(names)}.",
        )
    if "aht_s" not in frame.columns:
        frame = frame.assign(aht_s=frame["queue"].map({queue.name: queue.aht_s for queue in scenario.queues}))
    filled = frame.assign(**{name: frame["calls"] for name in QUANTILES if name not in frame})
    rows = FORECAST.check(filled.reset_index(drop=True))
    on_grid(rows, scenario.site, "forecast")
    infinite = ~np.isfinite(rows[["calls", "aht_s"]].to_numpy(dtype=float)).all(axis=1)
    if infinite.any():
        raise TableError(
            "the forecast has a figure without end.", where=Where(row=int(infinite.argmax()), column="calls")
        )
    return rows.drop(columns=[name for name in QUANTILES if name not in frame])


def _assumed_note(rows: pd.DataFrame) -> str:
    """What the planner should know where handle times were not given."""
    told = ", ".join(f"{queue} {aht_s:g} s" for queue, aht_s in rows.groupby("queue")["aht_s"].first().items())
    return f"The forecast came without handle times: those of the scenario's queues are assumed ({told})."


def _drawn(rows: pd.DataFrame, scenario: Scenario) -> dict[str, np.ndarray]:
    """Poisson paths of each queue, from the scenario's seed."""
    source = np.random.default_rng(scenario.seed)
    return {
        str(queue): source.poisson(own["calls"].to_numpy(), (scenario.sample_paths, len(own))).astype("float32")
        for queue, own in rows.groupby("queue", sort=True)
    }


def _given(rows: pd.DataFrame, paths: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    found = {}
    for queue, own in rows.groupby("queue", sort=True):
        drawn = np.asarray(paths.get(str(queue), np.empty((0, 0))), dtype="float32")
        if drawn.ndim != 2 or len(drawn) < 2 or drawn.shape[1] != len(own) or not (drawn >= 0).all():
            raise InputError(
                f"of queue '{queue}' must be at least 2 paths of {len(own)} figures ≥ 0, not {drawn.shape}.",
                where=Where(field="paths"),
            )
        found[str(queue)] = drawn
    return found


def _with_quantiles(rows: pd.DataFrame, drawn: np.ndarray) -> pd.DataFrame:
    made = np.quantile(drawn, list(QUANTILES.values()), axis=0)
    return rows.assign(**{name: values for name, values in zip(QUANTILES, made, strict=True) if name not in rows})


def path_quantiles(
    paths: Mapping[str, np.ndarray], table: pd.DataFrame, levels: Sequence[float], by: str
) -> pd.DataFrame:
    """See `Forecast.quantiles`."""
    asked = np.atleast_1d(np.asarray(levels, dtype=float))
    if not asked.size or not ((asked > 0) & (asked < 1)).all():
        raise InputError(f"must lie above 0 and below 1, not {levels!r}.", where=Where(field="levels"))
    if by not in ("interval", "day", "all"):
        raise InputError(f"must be 'interval', 'day' or 'all', not {by!r}.", where=Where(field="by"))
    parts = []
    for queue, drawn in paths.items():
        start = table.loc[(table["queue"] == queue).to_numpy(), "start"]
        cell, first = _cells(start, by)
        sums = (
            drawn
            if by == "interval"
            else np.stack([drawn[:, cell == k].sum(axis=1, dtype=float) for k in range(len(first))], axis=1)
        )
        made = np.quantile(sums, asked, axis=0)
        for level, calls in zip(asked, made, strict=True):
            parts.append(pd.DataFrame({"queue": queue, "start": first, "level": level, "calls": calls}))
    found = pd.concat(parts, ignore_index=True)
    return found.sort_values(["queue", "start", "level"], ignore_index=True)


def _cells(start: pd.Series, by: str) -> tuple[np.ndarray, pd.Series]:
    """Which cell each interval belongs to, and where each cell begins."""
    if by == "interval":
        return np.arange(len(start)), start.reset_index(drop=True)
    days = start.dt.normalize() if by == "day" else pd.Series(start.iloc[0], index=start.index)
    cell, first = pd.factorize(days)
    return cell, pd.Series(first)
