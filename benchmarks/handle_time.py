"""Handle time four weeks ahead on ten real queues: error by day and bias, beside means of eight weeks.

    python -m benchmarks.handle_time [choosing|reported] [queue ...]

Origins lie four weeks apart, so that no two test the same days: those reported at the end of history and before, those
for choosing a method halfway between them. A day's handle time is what its intervals' would come to with the contacts
that came; days count by their contacts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.series import DATA
from staffing.domain.calendar import SiteCalendar
from staffing.forecast.counts import QueueCounts, lay_out
from staffing.forecast.day_level.days import describe
from staffing.forecast.handle_time import by_weekday_and_slot, fit_handle_time

AHEAD_DAYS, LEAST_KNOWN_DAYS, MOST_ORIGINS = 28, 42, 8
EIGHT_WEEKS = 56
BANK = ("NW", "PS", "NE", "TT", "IN")


def queues() -> Iterator[tuple[str, pd.DataFrame, SiteCalendar]]:
    """Name, rows (``start, calls, aht_s``) and calendar of each queue that tells handle times."""
    bank = pd.read_parquet(DATA / "anonbank_1999_30min_by_type_9months.parquet")
    cards, daily = (pd.read_parquet(DATA / f"card_issuer_{grain}.parquet") for grain in ("30min", "daily"))
    desk = pd.read_parquet(DATA / "kaggle_callcenter_daily.parquet")
    told = [(name, bank[(bank.queue == name) & (bank.timestamp < "1999-08-01")], 30) for name in BANK]
    told += [(f"card {name}", cards[cards.queue == name], 30) for name in "AC"]
    told += [(f"card {name} daily", daily[daily.queue == name], 1440) for name in "AC"]
    for name, frame, interval_min in (*told, ("support desk", desk, 1440)):
        start = pd.to_datetime(frame["timestamp" if "timestamp" in frame else "date"]).dt.tz_localize("UTC")
        seconds = frame["aht_seconds"].where(frame["aht_seconds"] > 0)
        rows = pd.DataFrame({"start": start, "calls": frame["calls"].astype(float), "aht_s": seconds})
        yield name, rows.dropna(subset=["calls"]), SiteCalendar(interval_min=interval_min)


def blocks(counts: QueueCounts, back_days: int) -> Iterator[int]:
    """Known days at each origin, the last ``AHEAD_DAYS + back_days`` before the end, oldest last."""
    last = len(counts.dates) - AHEAD_DAYS - back_days
    for number in range(MOST_ORIGINS):
        if (known := last - number * AHEAD_DAYS) >= LEAST_KNOWN_DAYS:
            yield known


def weighed(counts: QueueCounts, days: slice) -> tuple[np.ndarray, np.ndarray]:
    """Contacts with a known handle time, and the seconds they took; days × slots."""
    weight = np.where(np.isfinite(counts.aht_s[days]), np.nan_to_num(counts.calls[days]), 0.0)
    return weight, weight * np.nan_to_num(counts.aht_s[days])


def judged(counts: QueueCounts, calendar: SiteCalendar, known: int) -> list[tuple[float, float, float]]:
    """Contacts' seconds that came, absolute error by day and error, of ours and of the eight weeks' means."""
    facts, came = describe(counts.dates, calendar), slice(known, known + AHEAD_DAYS)
    told = QueueCounts(
        counts.queue, counts.dates[:known], counts.calls[:known], counts.aht_s[:known], counts.open[:known]
    )
    made = fit_handle_time(told, facts[:known])
    weight, seconds = weighed(told, slice(max(known - EIGHT_WEEKS, 0), known))
    plain = by_weekday_and_slot(seconds, weight, told.dates[-len(weight) :], half_life_days=1e6)
    calls, seconds = weighed(counts, came)
    days, out = seconds.sum(axis=1), []
    assert made is not None
    assert plain is not None
    for aht_s in (made.seconds(facts[came]), plain[facts.weekday[came]]):
        apart = (calls * aht_s).sum(axis=1) - days
        out.append((float(days.sum()), float(np.abs(apart).sum()), float(apart.sum())))
    return out


def main() -> None:
    which = sys.argv[1] if len(sys.argv) > 1 else "reported"
    back_days, began, ratios = {"reported": 0, "choosing": AHEAD_DAYS // 2}[which], time.process_time(), []
    print("| queue | blocks | error by day, % | of eight weeks' means, % | ratio | bias, % | of those means, % |")
    print("|---|---|---|---|---|---|---|")
    for name, rows, calendar in queues():
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        counts = lay_out(name, rows, calendar)
        told = np.array([judged(counts, calendar, known) for known in blocks(counts, back_days)])
        came, error, lean = told.sum(axis=0).T
        share = told[:, 0, 2] / told[:, 0, 0]
        stray = 100 * share.std(ddof=1) / np.sqrt(len(share)) if len(share) > 1 else np.nan
        ratios.append(error[0] / error[1])
        error, lean = 100 * error / came, 100 * lean / came
        errors = f"{error[0]:.2f} | {error[1]:.2f} | {ratios[-1]:.3f}"
        print(f"| {name} | {len(told)} | {errors} | {lean[0]:+.1f} ± {stray:.1f} | {lean[1]:+.1f} |", flush=True)
    print(f"\nerror ÷ that of the means, queues alike: {np.exp(np.mean(np.log(ratios))):.3f}", end="")
    print(f"; CPU {time.process_time() - began:.0f} s")


if __name__ == "__main__":
    main()
