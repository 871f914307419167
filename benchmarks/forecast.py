"""The planner's forecast against its peers on real series: same cutoffs, same days, one run.

    make bench-peers       # once: the peers' environment
    make bench-forecast    # everything below; --quick uses every other cutoff

Peers are computed in their own environment and kept beside it; our forecasts are made here through the public
call, each from the history before its cutoff. Prints and writes docs/forecast-results.md and the chart.
"""

import argparse
import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import forecast_ranges as ranges
from benchmarks import series as visible
from benchmarks.forecast_speed import speed
from staffing.domain.calendar import WEEKDAYS, SiteCalendar
from staffing.forecast import Forecast, ForecastOptions, forecast

REPOSITORY = Path(__file__).resolve().parents[1]
SPANS = {"1 day": (0, 1), "1-7": (0, 7), "8-28": (7, 28), "29-90": (28, 90)}
PEERS = Path(__file__).parents[1] / ".peers"
OURS = "staffing"
INTERVALS = "Prophet on intervals"
BANK_TARGETS = {"1": "4.9", "1-5": "5.2", "6-20": "5.6"}
LEAST_DAYS = 24  # fewer scored days hardly tell who is better
EXPECTED_CALLS = 1.0  # coverage counts intervals where at least this many calls are expected


@dataclass(frozen=True)
class Origin:
    """One cutoff of one series: actual days × slots, and our forecast; ``drawn`` are sample paths × days × slots."""

    dates: np.ndarray
    actual: np.ndarray
    calls: np.ndarray
    drawn: np.ndarray
    covered: dict[str, np.ndarray]
    seconds: float


def history_of(name: str, grid: pd.DataFrame, interval_min: int) -> pd.DataFrame:
    """The history table of a days × slots grid; local time is taken as UTC, as the files carry no zone."""
    days = grid.index.to_numpy().astype("datetime64[m]")
    starts = (days[:, None] + np.arange(grid.shape[1]) * np.timedelta64(interval_min, "m")).ravel()
    stamps = pd.DatetimeIndex(starts).tz_localize("UTC")
    return pd.DataFrame({"queue": name, "start": stamps, "calls": grid.to_numpy(float).ravel(), "aht_s": np.nan})


def ours(series: visible.Series, cutoff: pd.Timestamp, horizon: int, options: ForecastOptions) -> Origin:
    calendar = SiteCalendar(country=series.country, interval_min=series.interval_min)
    past, future = (series.grid[mask] for mask in (series.grid.index < cutoff, series.grid.index >= cutoff))
    history = history_of(series.name, past, series.interval_min)
    clock = time.process_time()
    made = forecast(history, calendar, start=cutoff.date(), days=horizon, options=options)
    seconds = time.process_time() - clock
    actual = future[:horizon].to_numpy(float)
    shape = (horizon, series.grid.shape[1])
    calls = made.table.calls.to_numpy().reshape(shape)
    drawn = made.paths[series.name].reshape(-1, *shape)
    return Origin(future.index[:horizon].to_numpy(), actual, calls, drawn, covered(made, series.name, actual), seconds)


def covered(made: Forecast, name: str, actual: np.ndarray) -> dict[str, np.ndarray]:
    """Whether the 10–90 % range held, for intervals, days and weeks with enough calls and nothing missing."""
    paths = made.paths[name].reshape(-1, *actual.shape)
    weeks = actual.shape[0] // 7
    by_day, by_week = paths.sum(axis=2), paths.sum(axis=2)[:, : weeks * 7].reshape(len(paths), weeks, 7).sum(axis=2)
    day, week = actual.sum(axis=1), actual.sum(axis=1)[: weeks * 7].reshape(weeks, 7).sum(axis=1)
    out = {}
    if actual.shape[1] > 1:
        low, high, mean = (made.table[name].to_numpy().reshape(actual.shape) for name in ("p10", "p90", "calls"))
        out["interval"] = _inside((low, high), mean, actual)
    for level, sums, came in (("day", by_day, day), ("week", by_week, week)):
        low, high = np.quantile(sums, (0.1, 0.9), axis=0)
        out[level] = _inside((low, high), sums.mean(axis=0), came)
    return out


def _inside(limits: tuple[np.ndarray, np.ndarray], mean: np.ndarray, actual: np.ndarray) -> np.ndarray:
    counts = np.isfinite(actual) & (mean >= EXPECTED_CALLS)
    return ((actual >= limits[0]) & (actual <= limits[1]))[counts]


def wape(pairs: list[tuple[np.ndarray, np.ndarray]], span: tuple[int, int]) -> float:
    """Per cent, pooled over cutoffs; missing actuals do not count."""
    error = sum(np.nansum(np.abs(f[slice(*span)] - a[slice(*span)])) for f, a in pairs)
    return 100 * error / sum(np.nansum(a[slice(*span)]) for _, a in pairs)


def peer_forecasts(folder: Path, python: Path, without: Sequence[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Forecasts of every peer at every cutoff, and deciles of day totals, computed once in the peers' environment.

    Peers ``without`` are not computed; those that were stay.
    """
    out = folder / "peers.parquet"
    if not out.exists():
        folder.mkdir(parents=True, exist_ok=True)
        tasks, frames = {}, []
        for name, series in visible.load().items():
            dates, horizon = visible.cutoffs(series.grid)
            cutoffs = [str(day.date()) for day in dates]
            tasks[name] = {"country": series.country, "cutoffs": cutoffs, "horizon": horizon}
            cells = series.grid.stack(future_stack=True).rename("calls").reset_index()
            frames.append(cells.assign(series=name))
        pd.concat(frames).to_parquet(folder / "series.parquet")
        (folder / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
        script = REPOSITORY / "benchmarks" / "peers" / "forecasts.py"
        files = [str(folder / name) for name in ("series.parquet", "tasks.json", "peers.parquet")]
        subprocess.run([str(python), str(script), *files, *without], check=True)
    return pd.read_parquet(out), pd.read_parquet(out.with_suffix(".ranges.parquet"))


def measure(
    peers: tuple[pd.DataFrame, pd.DataFrame], every: int, only: list[str]
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """WAPE per series, span and method, with the days scored; and how ranges and paths held, per series."""
    rows, holds = [], []
    options = ForecastOptions()
    for name, series in visible.load().items():
        if only and not any(part in name for part in only):
            continue
        dates, horizon = visible.cutoffs(series.grid)
        dates = dates[::every]
        origins = [ours(series, day, horizon, options) for day in dates]
        pairs = {OURS: [(o.calls, o.actual) for o in origins]}
        for method, table in peers[0][peers[0].series == name].groupby("method"):
            table = table.sort_values(["cutoff", "day", "slot"])
            made = [table[table.cutoff == day].calls.to_numpy().reshape(origins[0].actual.shape) for day in dates]
            pairs[method] = [(f, o.actual) for f, o in zip(made, origins, strict=True)]
        for span, days in SPANS.items():
            if days[0] < horizon:
                scored = sum(int(np.isfinite(o.actual[slice(*days)]).any(axis=1).sum()) for o in origins)
                rows += [(name, span, method, wape(p, days), scored) for method, p in pairs.items()]
        own = peers[1][(peers[1].series == name) & peers[1].cutoff.isin(dates)]
        holds.append({"series": name, **held(origins, own, series.grid.sum(axis=1, min_count=1))})
        print(name, holds[-1], flush=True)
    return pd.DataFrame(rows, columns=["series", "span", "method", "wape", "scored"]), holds


def held(origins: list[Origin], peers: pd.DataFrame, totals: pd.Series) -> dict[str, Any]:
    """How one series' ranges and paths held: shares inside with what they stray by chance, scores, raggedness."""
    out: dict[str, Any] = {"seconds": float(np.mean([o.seconds for o in origins]))}
    for level in origins[0].covered:
        inside = [o.covered[level] for o in origins]
        out[level] = float(np.concatenate(inside).mean())
        out[f"{level} by chance"] = ranges.strays(inside)
    deciles = [np.quantile(o.drawn.sum(axis=2), ranges.DECILES, axis=0).T for o in origins]
    lost, calls = ranges.interval_score(np.vstack(deciles), np.concatenate([o.actual.sum(axis=1) for o in origins]))
    out["scores"] = {OURS: 100 * lost / calls, **ranges.peer_scores(peers, totals)}
    if origins[0].actual.shape[1] > 1:
        out["ragged"] = ranges.raggedness([(o.dates, o.drawn, o.calls, o.actual) for o in origins])
    return out


def summary(errors: pd.DataFrame) -> dict[str, float]:
    """The ratios of the targets, all of geometric means over series and spans."""
    table = errors.pivot(index=["series", "span"], columns="method", values="wape").clip(lower=0.1)
    peers = table.drop(columns=OURS)
    many = errors.groupby(["series", "span"])["scored"].first().reindex(table.index) >= LEAST_DAYS
    means = np.exp(np.log(table).mean())
    return {
        "best single peer": means[OURS] / means.drop(OURS).min(),
        INTERVALS: means[OURS] / means[INTERVALS],
        "best peer picked afterwards": means[OURS] / np.exp(np.log(peers.min(axis=1)).mean()),
        "worst case against the best peer there": (table[OURS] / peers.min(axis=1)).max(),
        f"the same, of cells with {LEAST_DAYS} scored days or more": (table[OURS] / peers.min(axis=1))[many].max(),
    }


def report(errors: pd.DataFrame, holds: list[dict[str, Any]]) -> str:
    """Everything as markdown."""
    table = errors.pivot(index=["series", "span"], columns="method", values="wape")
    table = table.loc[errors[["series", "span"]].drop_duplicates().itertuples(index=False, name=None)]
    best = table.drop(columns=OURS).min(axis=1)
    shown = table[[OURS]].assign(ratio=table[OURS] / best, best=table.drop(columns=OURS).idxmin(axis=1))
    means = np.exp(np.log(table.clip(lower=0.1)).mean()).sort_values()
    lines = ["| method | geometric mean of WAPE, % |", "|---|---|"]
    lines += [f"| {method} | {value:.2f} |" for method, value in means.items()]
    ratios = summary(errors)
    better = [min(v for k, v in hold["scores"].items() if k != OURS) / hold["scores"][OURS] for hold in holds]
    ratios["interval score of day totals (nine quantiles), against the best peer's there"] = 1 / _mean(better)
    lines += ["", "| against | ratio |", "|---|---|"]
    lines += [f"| {name} | {value:.3f} |" for name, value in ratios.items()]
    lines += ["", "| series | days ahead | staffing, % | best peer, % | which | ratio |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {series} | {span} | {row[OURS]:.2f} | {best[(series, span)]:.2f} | {row.best} | {row.ratio:.2f} |"
        for (series, span), row in shown.iterrows()
    ]
    return "\n".join([*lines, "", ranges.report(holds, OURS)])


def _mean(values: list[float]) -> float:
    return float(np.exp(np.log(values).mean()))


def bank_protocol() -> str:
    """The bank at 30 minutes: rolling origins every 5 working days from day 75; 1, 1–5 and 6–20 working days."""
    series = visible.load()["bank 30 min"]
    opening = dict.fromkeys(WEEKDAYS[:5], "07:00-21:00")
    calendar = SiteCalendar(country="US", interval_min=30, opening=opening)
    working = series.grid[series.grid.sum(axis=1) > 0]
    spans = {"1": (0, 1), "1-5": (0, 5), "6-20": (5, 20)}
    pairs, seconds = [], []
    for position in range(75, len(working) - 20 + 1, 5):
        cutoff, ahead = working.index[position], working.index[position : position + 20]
        history = history_of("bank", series.grid[series.grid.index < cutoff], 30)
        clock = time.process_time()
        made = forecast(history, calendar, start=cutoff.date(), days=(ahead[-1] - cutoff).days + 1)
        seconds.append(time.process_time() - clock)
        starts = made.table.start.dt.tz_localize(None)
        cells = made.table.assign(day=starts.dt.normalize(), slot=starts.dt.hour * 2 + starts.dt.minute // 30)
        grid = cells.pivot(index="day", columns="slot", values="calls").reindex(ahead, columns=working.columns)
        pairs.append((grid.fillna(0.0).to_numpy(), working.loc[ahead].to_numpy()))
    rows = [f"| {name} | {wape(pairs, span):.2f} | {BANK_TARGETS[name]} |" for name, span in spans.items()]
    head = ["| working days ahead | WAPE, % | target |", "|---|---|---|"]
    return "\n".join([*head, *rows, f"| origins, s a fit | {len(pairs)}, {np.mean(seconds):.2f} | |"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["peers", "bank", "speed"], help="peers, bank, speed")
    parser.add_argument("--peers", type=Path, default=PEERS, help="the peers' environment")
    parser.add_argument("--without", nargs="*", default=[], help="peers that are not computed, such as TBATS")
    parser.add_argument("--quick", action="store_true", help="every other cutoff")
    parser.add_argument("--only", nargs="*", default=[], help="series whose name contains one of these")
    parser.add_argument("--out", type=Path, help="write the report here too")
    choice = parser.parse_args()
    texts = []
    if "bank" in choice.parts:
        texts.append(bank_protocol())
    if "speed" in choice.parts:
        texts.append(speed())
    if "peers" in choice.parts:
        peers = peer_forecasts(choice.peers / "cache", choice.peers / "venv" / "bin" / "python", choice.without)
        errors, holds = measure(peers, 2 if choice.quick else 1, choice.only)
        texts.append(report(errors, holds))
        if choice.out:
            chart(errors, choice.out.with_suffix(".svg"))
    text = "\n\n".join(texts)
    print(text)
    if choice.out:
        choice.out.write_text(text + "\n", encoding="utf-8")


def chart(errors: pd.DataFrame, path: Path) -> None:
    """Each series and span: our error over the best peer's, as dots on a log axis."""
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "staffing"
    table = errors.pivot(index=["series", "span"], columns="method", values="wape").clip(lower=0.1)
    best = table.drop(columns=OURS).min(axis=1)
    names = list(dict.fromkeys(errors.series))[::-1]
    figure, axes = plt.subplots(figsize=(8, 0.32 * len(names) + 1.2))
    for span, colour in zip(SPANS, ("#0072b2", "#56b4e9", "#e69f00", "#d55e00"), strict=True):
        shown = [(table[OURS] / best).get((name, span), np.nan) for name in names]
        axes.scatter(shown, range(len(names)), color=colour, label=f"{span} ahead", s=28)
    axes.axvline(1, color="#444444", linewidth=1)
    axes.set_xscale("log")
    axes.set_xticks([0.4, 0.6, 0.8, 1.0, 1.25, 1.6], ["0.4", "0.6", "0.8", "1", "1.25", "1.6"])
    axes.minorticks_off()
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("error of staffing ÷ error of the best peer there (left of 1 is better)")
    axes.legend(frameon=False, fontsize=8, loc="lower left")
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


if __name__ == "__main__":
    main()
