"""Learning from events, measured: planted effects on real series, against Prophet and a typed-in average.

    python -m benchmarks.events [seeds] [first seed]

Every method is told the same past events (kind, days, size) and asked for the effect of one future event per
kind and series, day by day. Prophet is told them as holidays (windows −1 … +7 days) and as regressors (size on
the event's days), multiplicative seasonality both times; a typed-in average is the mean past uplift of the kind
over the four weeks before. Our day models run without their Prophet member, which takes no part in effects.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.planted_events import KINDS, LATE, SERIES, TEST_DAYS, UNASSUMED, Case, Kind, cases
from staffing.forecast import Baseline, ForecastOptions, fit
from staffing.forecast.events.effects import Z_80

OPTIONS = ForecastOptions(models=("regression", "smoothing", "weekday_mean"), paths=50)
FRESH = 500  # none of these seeds was looked at while learning was built
IDLE_SEEDS = 8  # chance moves a single draw of idle events by a per cent or two
FELT = 0.005  # log units: days on which an event truly moves contacts
WINDOW = (-1, 7)
Answer = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]  # event → log effect, low, high by test day


def ours(case: Case) -> tuple[Answer, np.ndarray]:
    baseline = fit(case.history, case.calendar, case.past, OPTIONS)
    effects = baseline.queues["voice"].effects
    answer = {}
    for event in case.future:
        mean, sd = effects.log_effect(event, case.dates)
        answer[event.name] = (mean, mean - Z_80 * sd, mean + Z_80 * sd)
    return answer, day_calls(baseline, case, (*case.past, *case.future))


def without_events(case: Case) -> np.ndarray:
    return day_calls(fit(case.history, case.calendar, (), OPTIONS), case, ())


def day_calls(baseline: Baseline, case: Case, events) -> np.ndarray:
    days = baseline.predict(case.calendar, events, case.start, len(case.actual)).days
    return days.groupby("day")["calls"].sum().to_numpy()


def prophet_holidays(case: Case) -> tuple[Answer, np.ndarray]:
    days = [
        {"holiday": event.kind, "ds": pd.Timestamp(event.start) + pd.Timedelta(days=k)}
        for event in (*case.past, *case.future)
        for k in range(event.days)
    ]
    holidays = pd.DataFrame(days).drop_duplicates().assign(lower_window=WINDOW[0], upper_window=WINDOW[1])
    model = _prophet(holidays=holidays)
    model.add_country_holidays(case.calendar.country)
    model.fit(_told(case))
    table = model.predict(_future(case))
    return _answers(case, table), table["yhat"].to_numpy()


def prophet_regressors(case: Case) -> tuple[Answer, np.ndarray]:
    model = _prophet()
    model.add_country_holidays(case.calendar.country)
    kinds = sorted({event.kind for event in case.past})
    for kind in kinds:
        model.add_regressor(kind)
    model.fit(_with_sizes(_told(case), case, kinds))
    table = model.predict(_with_sizes(_future(case), case, kinds))
    return _answers(case, table), table["yhat"].to_numpy()


def typed_average(case: Case) -> tuple[Answer, np.ndarray]:
    """The planner's spreadsheet: past uplift over the four weeks before, averaged by kind."""
    calls = pd.Series(case.history["calls"].to_numpy(), case.history["start"].dt.tz_localize(None))
    uplift: dict[str, list[float]] = {}
    for event in case.past:
        during = calls[pd.Timestamp(event.start) : pd.Timestamp(event.last)]
        usual = [calls.reindex(during.index - pd.Timedelta(weeks=w)).to_numpy() for w in (1, 2, 3, 4)]
        ratio = np.nanmean(during.to_numpy() / np.nanmean(usual, axis=0)) if len(during) else np.nan
        if np.isfinite(ratio) and ratio > 0:
            uplift.setdefault(event.kind, []).append(float(np.log(ratio)))
    answer, total = {}, np.zeros(len(case.actual))
    for event in case.future:
        inside = (case.dates >= np.datetime64(event.start)) & (case.dates <= np.datetime64(event.last))
        mean, spread = np.mean(uplift[event.kind]), np.std(uplift[event.kind], ddof=1)
        answer[event.name] = tuple(inside * level for level in (mean, mean - Z_80 * spread, mean + Z_80 * spread))
        total += inside * mean
    return answer, without_events(case) * np.exp(total)


def _prophet(**options):
    logging.getLogger("prophet").setLevel(logging.ERROR)
    logging.getLogger("cmdstanpy").disabled = True
    from prophet import Prophet

    return Prophet(seasonality_mode="multiplicative", uncertainty_samples=100, interval_width=0.8, **options)


def _told(case: Case) -> pd.DataFrame:
    return pd.DataFrame({"ds": case.history["start"].dt.tz_localize(None), "y": case.history["calls"]}).dropna()


def _future(case: Case) -> pd.DataFrame:
    return pd.DataFrame({"ds": case.dates.astype("datetime64[s]")})


def _with_sizes(table: pd.DataFrame, case: Case, kinds: list[str]) -> pd.DataFrame:
    columns = {kind: np.zeros(len(table)) for kind in kinds}
    for event in (*case.past, *case.future):
        if event.kind in columns:
            inside = (table["ds"] >= pd.Timestamp(event.start)) & (table["ds"] <= pd.Timestamp(event.last))
            columns[event.kind] += inside.to_numpy() * event.size
    return table.assign(**columns)


def _answers(case: Case, table: pd.DataFrame) -> Answer:
    """Prophet's component of each kind, in logs."""
    zero = np.zeros(len(table))
    answer = {}
    for event in case.future:
        names = [event.kind, f"{event.kind}_lower", f"{event.kind}_upper"]
        shares = [table[name].to_numpy() if name in table else zero for name in names]
        answer[event.name] = tuple(np.log1p(np.maximum(share, -0.95)) for share in shares)
    return answer


METHODS = {
    "staffing": ours,
    "Prophet, holidays": prophet_holidays,
    "Prophet, regressors": prophet_regressors,
    "typed-in average": typed_average,
}


def measure(seeds: int, first: int, kinds: tuple[Kind, ...] = KINDS) -> pd.DataFrame:
    """One row per case, method and future event, plus the day-level errors of the case."""
    rows = []
    for seed in range(first, first + seeds):
        for case in cases(seed, SERIES, kinds=kinds):
            felt = np.any([np.abs(case.truth[event.name]) > FELT for event in case.future], axis=0)
            plain = without_events(case)
            for name, method in {**METHODS, "no events": lambda _case, known=plain: ({}, known)}.items():
                answer, calls = method(case)
                errors = _errors(case, calls, felt)
                rows += [{"seed": seed, "series": case.name, "method": name, **errors}]
                rows += [{"seed": seed, "series": case.name, "method": name, **row} for row in _effects(case, answer)]
            print(f"seed {seed}, {case.name} done", file=sys.stderr, flush=True)
    return pd.DataFrame(rows)


def _errors(case: Case, calls: np.ndarray, felt: np.ndarray) -> dict:
    known = np.isfinite(case.actual)
    miss = np.abs(calls - np.nan_to_num(case.actual))
    return {
        f"{name}_{what}": float(value)
        for name, days in (("event", felt & known), ("other", ~felt & known))
        for what, value in (("miss", miss[days].sum()), ("calls", case.actual[days].sum()))
    }


def _effects(case: Case, answer: Answer) -> list[dict]:
    out = []
    for event in case.future:
        if event.name in answer:
            truth = case.truth[event.name]
            days = np.abs(truth) > FELT
            effect, low, high = (part[days] for part in answer[event.name])
            inside = (low <= truth[days]) & (truth[days] <= high) & (high > low)
            out.append(
                {"kind": event.kind, "error": np.abs(effect - truth[days]).mean(), "inside": inside[:TEST_DAYS].mean()}
            )
    return out


def placebo(seeds: int) -> pd.DataFrame:
    """WAPE where no event does anything: told of none, and told of as many events as were planted.

    Of all days, and of those that lie near none of the events that are told.
    """
    rows = []
    for seed in range(FRESH, FRESH + seeds):
        for case in cases(seed, SERIES, strength=0.0):
            told = day_calls(fit(case.history, case.calendar, case.past, OPTIONS), case, (*case.past, *case.future))
            none, near = without_events(case), _near(case)
            wapes = {
                f"{name}{days}": _wape(calls, case.actual, mask)
                for name, calls in (("none", none), ("told", told))
                for days, mask in (("", ~np.zeros_like(near)), (" apart", ~near))
            }
            rows.append({"series": case.name, **wapes})
            print(f"idle events, seed {seed}, {case.name} done", file=sys.stderr, flush=True)
    return pd.DataFrame(rows)


def _near(case: Case) -> np.ndarray:
    """Days from three before an event that is told to ten after it."""
    near = np.zeros(len(case.dates), dtype=bool)
    for event in (*case.past, *case.future):
        since = (case.dates - np.datetime64(event.start)).astype(int)
        near |= (since >= -3) & (since < event.days + 10)
    return near


def _wape(calls: np.ndarray, actual: np.ndarray, days: np.ndarray) -> float:
    known = np.isfinite(actual) & days
    return float(100 * np.abs(calls - np.nan_to_num(actual))[known].sum() / actual[known].sum())


def placebo_text(rows: pd.DataFrame) -> str:
    table = np.exp(np.log(rows.set_index("series")).groupby("series", sort=False).mean())
    table.loc["geometric mean"] = np.exp(np.log(table).mean())
    lines = [
        "| no event acts | told of none, WAPE % | told of 43 idle events | change | days near none of them |",
        "|---|---|---|---|---|",
    ]
    for name, row in table.iterrows():
        change = row["told"] / row["none"] - 1, row["told apart"] / row["none apart"] - 1
        lines.append(f"| {name} | {row['none']:.2f} | {row['told']:.2f} | {change[0]:+.1%} | {change[1]:+.1%} |")
    return "\n".join(lines)


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Per method: effect error (log points × 100), coverage of the 80 % interval, WAPE on event and other days.

    WAPEs are geometric means over the cases, so that no series dominates.
    """
    cases_only = rows[rows["kind"].isna()].copy()
    for days in ("event", "other"):
        cases_only[days] = np.log(cases_only[f"{days}_miss"] / cases_only[f"{days}_calls"])
    table = np.exp(cases_only.groupby("method")[["event", "other"]].mean()) * 100
    effects = rows.dropna(subset=["kind"]).groupby("method")[["error", "inside"]].mean() * 100
    order = [*METHODS, "no events"]
    return effects.join(table, how="outer").reindex(order)


def markdown(table: pd.DataFrame, by_kind: pd.DataFrame) -> str:
    head = "| method | effect error, log points | 80 % range covers, % | WAPE on event days, % | on other days, % |"
    lines = [head, "|---|---|---|---|---|"]
    for name, row in table.iterrows():
        cells = ["–" if np.isnan(value) else f"{value:.1f}" for value in row]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += [
        "",
        "| effect error by kind | " + " | ".join(by_kind.columns) + " |",
        "|---" * (len(by_kind.columns) + 1) + "|",
    ]
    lines += [f"| {name} | " + " | ".join(f"{value:.1f}" for value in row) + " |" for name, row in by_kind.iterrows()]
    return "\n".join(lines)


def shapes_text(rows: pd.DataFrame) -> str:
    """Error of each kind's effect by method, and what our range covers."""
    effects = rows.dropna(subset=["kind"])
    error = effects.pivot_table(index="kind", columns="method", values="error", sort=False)[list(METHODS)] * 100
    covers = effects[effects["method"] == "staffing"].groupby("kind")["inside"].mean() * 100
    head = ["effect error, log points", *METHODS, "80 % range of staffing covers, %"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    lines += [
        f"| {kind} | " + " | ".join(f"{value:.1f}" for value in row) + f" | {covers[kind]:.0f} |"
        for kind, row in error.iterrows()
    ]
    return "\n".join(lines)


def bars(table: pd.Series, title: str) -> str:
    """A bar chart as SVG, one bar per method."""
    known = table.dropna()
    parts = [
        f'<text x="8" y="20" font-weight="bold">{title}</text>',
        *(
            f'<text x="8" y="{48 + 28 * k}">{name}</text>'
            f'<rect x="190" y="{34 + 28 * k}" width="{300 * value / known.max():.0f}" height="18" fill="{color}"/>'
            f'<text x="{198 + 300 * value / known.max():.0f}" y="{48 + 28 * k}">{value:.1f}</text>'
            for k, ((name, value), color) in enumerate(zip(known.items(), ["#2166ac"] + ["#999999"] * 9, strict=False))
        ),
    ]
    size = f'width="560" height="{48 + 28 * len(known)}"'
    style = 'font-family="sans-serif" font-size="13"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n' + "\n".join(parts) + "\n</svg>\n"


def main() -> None:
    seeds, first = (*map(int, sys.argv[1:]), *(3, FRESH)[len(sys.argv) - 1 :])
    rows = measure(seeds, first)
    table = summary(rows)
    effects = rows.dropna(subset=["kind"])
    by_kind = effects.pivot_table(index="method", columns="kind", values="error").reindex(list(METHODS)) * 100
    print(f"{seeds} seeds × {len(SERIES)} series, {len(effects) // len(METHODS)} future events\n")
    print(markdown(table, by_kind))
    for kinds in (UNASSUMED, LATE):
        print("\n" + shapes_text(measure(seeds, first, kinds)))
    print("\n" + placebo_text(placebo(IDLE_SEEDS)))
    docs = Path(__file__).resolve().parents[1] / "docs"
    (docs / "events-effect-error.svg").write_text(bars(table["error"], "Error of the learned effect, log points"))
    (docs / "events-day-wape.svg").write_text(bars(table["event"], "WAPE on event days, %"))


if __name__ == "__main__":
    main()
