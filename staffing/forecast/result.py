"""A forecast: the table, its sample paths, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from staffing.domain.scenario import Scenario

QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True)
class Forecast:
    """Calls and handle time per open interval.

    Attributes
    ----------
    table : ``queue, start, calls, aht_s, p10, p50, p90``, the forecast table of ``staffing.tables``.
    paths : per queue, sample paths × intervals of calls (float32 ≥ 0), columns in the order of the queue's rows. Path
        ``k`` of all queues, and of ``aht_paths``, is one world: what struck queues on the same past days strikes them
        together in it.
    aht_paths : per queue, sample paths × intervals of the mean handle time in seconds (float32 > 0) that the calls of
        the interval have in that world: its day strays as past days did, together with the calls. What single calls
        differ by is not in it. A forecast made elsewhere has none; `handle_times` stands in.
    days : ``queue, day, cause, calls``: what each cause adds to the day; the causes of a day sum to its calls.
    models : ``queue, day, model, calls``: what each model of the mix says of the day by itself, under the same events
        and corrections.
    weights : ``queue, horizon, model, weight, prior, past_error``: the mix; ``prior`` is the model's weight before its
        past says anything, ``past_error`` its past error over that of the calendar regression (of the first model,
        where that takes no part).
    notes : what a planner should know: short history, closed days, level shifts, guards.
    sums : the queues that each total adds up.
    """

    table: pd.DataFrame
    paths: Mapping[str, np.ndarray]
    days: pd.DataFrame
    models: pd.DataFrame
    weights: pd.DataFrame
    notes: tuple[str, ...] = ()
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aht_paths: Mapping[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, scenario: Scenario, *, paths: Mapping[str, np.ndarray] | None = None
    ) -> Self:
        """A forecast of your own.

        Parameters
        ----------
        frame : ``queue, start, calls, aht_s``, contacts and seconds per interval of the scenario's site, ``start`` with
            a time zone; ``p10, p50, p90`` where known. A queue column may be missing where the scenario has one queue;
            without ``aht_s`` the handle times of the scenario's queues are assumed, and a note says so.
        scenario : site and queues that it is for.
        paths : per queue, sample paths × intervals in order of time (≥ 0). Without them the only doubt is that of
            counting: contacts are Poisson around their mean, and a note says so.

        Raises TableError naming the column and row, InputError for paths of another shape.
        """
        from staffing.forecast.own import own_forecast

        return own_forecast(cls, frame, scenario, paths)

    def __repr__(self) -> str:
        if self.table.empty:
            return "<Forecast: nothing>"
        days, queues = self.table["start"].dt.date, list(dict.fromkeys(self.table["queue"]))
        return (
            f"<Forecast: {', '.join(map(str, queues[:4]))}{' …' if len(queues) > 4 else ''}; {days.min()} to "
            f"{days.max()}, {self.table['calls'].sum():,.0f} contacts>"
        )

    def quantiles(self, levels: Sequence[float] = (0.1, 0.5, 0.9), *, by: str = "interval") -> pd.DataFrame:
        """Quantiles of the sample paths, at any ``levels`` in (0, 1).

        Returns ``queue, start, level, calls``, in long form; with ``by="day"`` ``start`` is the local midnight and the
        calls those of the day, with ``by="all"`` those of all days together. Days are quantiles of the paths' sums, not
        sums of quantiles. Raises InputError naming the argument.
        """
        from staffing.forecast.own import path_quantiles

        return path_quantiles(self.paths, self.table, levels, by)

    def handle_times(self, queue: str) -> np.ndarray:
        """Sample paths × intervals of the queue's mean handle time, seconds; the expected one where it has no paths."""
        if queue in self.aht_paths:
            return self.aht_paths[queue]
        expected = self.queue(queue)["aht_s"].to_numpy(dtype="float32")
        return np.broadcast_to(expected, np.shape(self.paths[queue]))

    def queue(self, name: str) -> pd.DataFrame:
        """The table's rows of one queue or total."""
        if name in self.sums:
            return self._added(name)
        return self.table[self.table["queue"] == name].reset_index(drop=True)

    @property
    def totals(self) -> pd.DataFrame:
        """The totals' rows, in the table's columns: in every interval and sample path the sum of their queues."""
        return pd.concat([self.table[:0], *(self._added(name) for name in self.sums)], ignore_index=True)

    def why(self, name: str) -> pd.DataFrame:
        """``queue, day, cause, calls`` of one queue or total."""
        if name not in self.sums:
            return self.days[self.days["queue"] == name]
        rows = self.days[self.days["queue"].isin(self.sums[name])]
        added = rows.groupby(["day", "cause"], sort=False, as_index=False)["calls"].sum()
        return added.assign(queue=name)[list(self.days.columns)]

    def alone(self, name: str) -> pd.DataFrame:
        """``queue, day, model, calls`` of one queue or total; of a total, those models that all its queues have."""
        queues = self.sums.get(name, (name,))
        rows = self.models[self.models["queue"].isin(queues)]
        added = rows.groupby(["day", "model"], sort=False, as_index=False).agg(
            calls=("calls", "sum"), queues=("queue", "nunique")
        )
        return added[added["queues"] == len(queues)].assign(queue=name)[list(self.models.columns)]

    def by_model(self, name: str) -> dict[str, float]:
        """Calls of all days together: of the ``mix``, and of each model by itself."""
        said = self.alone(name).groupby("model", sort=False)["calls"].sum()
        return {"mix": float(self.queue(name)["calls"].sum()), **said.to_dict()}

    def departure(self, name: str) -> str:
        """In words, what Prophet alone says of all days together, and what say it has in the mix: what it begins with,
        and what past errors made of that; "" where Prophet takes no part, or nothing else does."""
        said = self.by_model(name)
        weights = self.weights[self.weights["queue"].isin(self.sums.get(name, (name,)))]
        means = weights.groupby("model")[["weight", "prior"]].mean()
        if "prophet" not in said or len(means) < 2 or said["prophet"] <= 0:
            return ""
        own, others = means.loc["prophet"], means.drop("prophet")
        heaviest = others["weight"].idxmax()
        most = others.loc[heaviest]
        first, now = f"{own['prior']:.0%}", f"{own['weight']:.0%}"
        if first == now:
            moved = f"Prophet begins with {first} of the say; the errors of all models so far left it there."
        elif own["weight"] > own["prior"]:
            moved = f"Prophet begins with {first} of the say; the errors of all models so far raised that to {now}."
        else:
            moved = f"Prophet begins with {first} of the say; the errors of all models so far lowered that to {now}."
        alone = (
            f"Prophet alone says {said['prophet']:,.0f}, the mix {said['mix']:,.0f} "
            f"({said['mix'] / said['prophet'] - 1:+.1%})."
        )
        name = str(heaviest).replace("_", " ")
        others_most = f"Of the others {name} has the most: {most['weight']:.0%}, from {most['prior']:.0%}."
        return f"{alone} {moved} {others_most}"

    def _added(self, name: str) -> pd.DataFrame:
        queues = self.sums[name]
        rows = self.table[self.table["queue"].isin(queues)]
        rows = rows.assign(work_s=rows["calls"] * rows["aht_s"], plain_s=rows["aht_s"] / len(queues))
        sums = rows.groupby("start", as_index=False)[["calls", "work_s", "plain_s"]].sum()
        aht_s = (sums["work_s"] / sums["calls"]).where(sums["calls"] > 0, sums["plain_s"])
        drawn = np.sum([self.paths[queue] for queue in queues], axis=0)
        ranges = dict(zip(QUANTILES, np.quantile(drawn, list(QUANTILES.values()), axis=0), strict=True))
        made = pd.DataFrame({"queue": name, "start": sums["start"], "calls": sums["calls"], "aht_s": aht_s, **ranges})
        return made.reindex(columns=self.table.columns)
