"""The same-day reforecast against the product's own morning forecast, on every visible series with hours.

    python -m benchmarks.reforecast --out docs/reforecast-results.md

For each day tried, the morning forecast is fitted to the days before it; the reforecast is given the calls until the
cut. Both are held against the rest of the day that came, with the error that counting noise alone would leave (mean
absolute deviation of a Poisson count about the updated forecast). Each fit is made anew: no day is judged by a fit
that saw it. Settings were chosen mainly on every second day tried; the column "of the other half" holds the days
in between.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import series as visible
from benchmarks.forecast import history_of
from staffing.domain.calendar import SiteCalendar
from staffing.forecast import Baseline, Forecast, ForecastOptions, fit, reforecast

CUTS = ("09:00", "12:00", "15:00")
NOON = "12:00"
TARGETS = {"bank 30 min": 0.12, "card A 30 min": 0.08}
NEVER_WORSE = -0.02
SPAN_DAYS = 4  # reaches the next open day over a weekend
MOST = 80  # days tried of a series


@dataclass(frozen=True)
class Part:
    """Intervals of one day after one cut, or of the day after: what came, both forecasts, both hits of p10-p90."""

    actual: np.ndarray
    before: np.ndarray
    after: np.ndarray
    held: tuple[np.ndarray, np.ndarray]


def tried_days(grid: pd.DataFrame, most: int) -> list[pd.Timestamp]:
    """Days with calls, spread over the later 45 % of the series."""
    busy = grid.index[grid.sum(axis=1) > 0]
    later = busy[int(len(busy) * 0.55) : -1]
    return list(later[np.linspace(0, len(later) - 1, min(most, len(later))).astype(int)])


def morning_of(
    history: pd.DataFrame, calendar: SiteCalendar, day: pd.Timestamp, options: ForecastOptions
) -> tuple[Baseline, Forecast]:
    past = history[history["start"] < calendar.midnight(day.date())]
    baseline = fit(past, calendar, options=options)
    return baseline, baseline.predict(calendar, (), day.date(), SPAN_DAYS)


def parts(before: Forecast, after: Forecast, history: pd.DataFrame, now: pd.Timestamp) -> dict[str, Part]:
    """The rest of the day, and the next open day."""
    actual = history.set_index("start")["calls"].reindex(before.table["start"]).to_numpy()
    start, calls = before.table["start"], before.table["calls"]
    today = (start.dt.date == now.date()) & (start >= now)
    later = start[(start.dt.date > now.date()) & (calls > 0)]
    following = start.dt.date == (later.min().date() if len(later) else None)
    made = {}
    for name, mask in (("rest", today), ("next day", following)):
        mask = mask.to_numpy() & np.isfinite(actual)
        held = tuple(
            ((f.table["p10"] <= actual) & (actual <= f.table["p90"]))[mask & (calls >= 1)] for f in (before, after)
        )
        made[name] = Part(actual[mask], calls[mask], after.table["calls"][mask], held)
    return made


def noise_floor(mean: np.ndarray) -> np.ndarray:
    """Mean absolute deviation of a Poisson count about its mean (De Moivre's formula)."""
    from scipy.special import gammaln

    mean = np.maximum(mean, 1e-12)
    whole = np.floor(mean)
    return 2 * np.exp((whole + 1) * np.log(mean) - mean - gammaln(whole + 1))


def measure(name: str, series: visible.Series, most: int) -> pd.DataFrame:
    """One row per cut and part: WAPE of both, the floor, coverage of both, days tried, what the other half says."""
    calendar = SiteCalendar(country=series.country, interval_min=series.interval_min)
    history = history_of(name, series.grid, series.interval_min)
    found: dict[tuple[str, str], list[Part]] = {}
    for day in tried_days(series.grid, most):
        baseline, before = morning_of(history, calendar, day, ForecastOptions())
        for cut in CUTS:
            now = pd.Timestamp(f"{day.date()} {cut}", tz="UTC")
            after = reforecast(baseline, before, history, calendar, now=now)
            for part, made in parts(before, after, history, now).items():
                found.setdefault((cut, part), []).append(made)
    rows = [{"series": name, "now": cut, "part": part, **figures(made)} for (cut, part), made in found.items()]
    return pd.DataFrame(rows)


def figures(made: list[Part]) -> dict[str, float]:
    actual, before, after = (np.concatenate([getattr(p, key) for p in made]) for key in ("actual", "before", "after"))
    held = [np.concatenate([p.held[k] for p in made]).mean() for k in (0, 1)]
    error = [np.abs(f - actual).sum() for f in (before, after)]
    total = actual.sum()
    return {
        "days": len(made),
        "morning": 100 * error[0] / total,
        "updated": 100 * error[1] / total,
        "floor": 100 * noise_floor(after).sum() / total,
        "cut": 1 - error[1] / error[0],
        "other_half": _cut_of(made[1::2]),
        "held_before": held[0],
        "held_after": held[1],
    }


def _cut_of(made: list[Part]) -> float:
    errors = [sum(np.abs(getattr(p, key) - p.actual).sum() for p in made) for key in ("before", "after")]
    return float(1 - errors[1] / errors[0])


def report(table: pd.DataFrame) -> str:
    lines = [
        "| series | now | what | days | morning WAPE, % | updated, % | counting noise, % | change "
        "| of the other half | 80 % range held | updated | at most |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in table.itertuples():
        aim = TARGETS.get(row.series, NEVER_WORSE) if row.part == "rest" and row.now == NOON else NEVER_WORSE
        verdict = f"{-aim:+.0%}{'' if row.cut >= aim else ' **missed**'}"
        wape = f"{row.morning:.2f} | {row.updated:.2f} | {row.floor:.2f} | {-row.cut:+.1%} | {-row.other_half:+.1%}"
        held = f"{row.held_before:.0%} | {row.held_after:.0%}"
        lines.append(f"| {row.series} | {row.now} | {row.part} | {row.days} | {wape} | {held} | {verdict} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=MOST, help="days tried of each series")
    parser.add_argument("--only", nargs="*", default=[], help="series whose name contains one of these")
    parser.add_argument("--out", type=Path, help="write the table here too")
    choice = parser.parse_args()
    found = []
    for name, series in visible.load().items():
        if series.interval_min < 1440 and (not choice.only or any(part in name for part in choice.only)):
            found.append(measure(name, series, choice.most))
            print(report(found[-1]), flush=True)
    text = report(pd.concat(found))
    print(text)
    if choice.out:
        choice.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
