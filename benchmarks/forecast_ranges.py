"""Whether ranges and sample paths are as wide and as ragged as reality: of one series, from forecasts at its cutoffs.

Days and weeks of overlapping cutoffs are not independent, so a share of them that lay inside comes with the range in
which it strays by chance: cutoffs drawn again in pairs of neighbours (block bootstrap), 95 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

DECILES = np.arange(1, 10) / 10
DRAWS, NEIGHBOURS = 2000, 2
RAGGED_DAYS = 28
LARGEST_RAGGED = 6.0  # medians that a day counts as at most: outages and rushes have no end


def strays(inside: Sequence[np.ndarray]) -> tuple[float, float]:
    """2.5 and 97.5 % of the share of what lay ``inside`` (one array per cutoff, in order of time), by chance."""
    counts = np.array([(own.sum(), own.size) for own in inside], dtype=float)
    blocks = np.array([counts[k : k + NEIGHBOURS].sum(axis=0) for k in range(len(counts) - NEIGHBOURS + 1)])
    drawn = np.random.default_rng(1).integers(0, len(blocks), (DRAWS, max(len(counts) // NEIGHBOURS, 1)))
    sums = blocks[drawn].sum(axis=1)
    low, high = np.quantile(sums[:, 0] / np.maximum(sums[:, 1], 1.0), (0.025, 0.975))
    return float(low), float(high)


def interval_score(deciles: np.ndarray, actual: np.ndarray) -> tuple[float, float]:
    """Twice the mean loss over nine deciles (days × 9) against the day totals that came, summed; and their calls."""
    known = np.isfinite(actual)
    off = actual[known, None] - deciles[known]
    return float(2 * np.maximum(DECILES * off, (DECILES - 1) * off).mean(axis=1).sum()), float(actual[known].sum())


def ragged(calls: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Per day, variance about the shape ``expected`` (days × slots) over the mean; ``calls``: … × days × slots."""
    shares = expected / np.maximum(expected.sum(axis=1, keepdims=True), 1e-9)
    total = calls.sum(axis=-1)
    free = np.maximum(1.0 - (shares**2).sum(axis=-1), 1e-9)  # shares of a given total vary by so much less
    return np.asarray(((calls - shares * total[..., None]) ** 2).sum(axis=-1) / np.maximum(total * free, 1e-9))


def raggedness(made: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Means over dates, each counting once however many cutoffs forecast it: of ``paths``, of ``real`` days, and of
    real days with their few wildest ``capped``; and where paths ÷ real lies by chance, dates drawn again (95 %).

    ``made`` holds per cutoff the dates, sample paths (paths × days × slots), expected and actual calls (days × slots).
    """
    seen = []
    for dates, drawn, expected, actual in made:
        near = slice(0, RAGGED_DAYS)
        known = (
            (expected[near].sum(axis=1) > 0) & np.isfinite(actual[near]).all(axis=1) & (actual[near].sum(axis=1) > 0)
        )
        paths = ragged(drawn[:, near], expected[near])[:, known].mean(axis=0)
        seen.append(
            pd.DataFrame({"paths": paths, "real": ragged(actual[near], expected[near])[known]}, dates[near][known])
        )
    days = pd.concat(seen).groupby(level=0).mean()
    days["capped"] = np.minimum(days["real"], LARGEST_RAGGED * days["real"].median())
    again = days.to_numpy()[np.random.default_rng(1).integers(0, len(days), (DRAWS, len(days)))].mean(axis=1)
    low, high = np.quantile(again[:, 0] / again[:, 1], (0.025, 0.975))
    return {**days.mean().to_dict(), "low": float(low), "high": float(high)}


def peer_scores(ranges: pd.DataFrame, totals: pd.Series) -> dict[str, float]:
    """Interval score of each peer with ranges of its own, in per cent of calls; ``totals`` by day."""
    columns = [f"{level:g}" for level in DECILES]
    scores = {}
    for method, own in ranges.groupby("method"):
        lost, calls = interval_score(own[columns].to_numpy(), totals.reindex(own["day"]).to_numpy())
        scores[str(method)] = 100 * lost / calls
    return scores


def report(holds: list[dict[str, Any]], ours: str) -> str:
    """Ranges with what they stray by chance, scores, and raggedness, as markdown."""
    peers = [name for name in holds[0]["scores"] if name != ours]
    lines = [
        "Ranges that should hold 80 %; in brackets where 95 % of such shares lie by chance (cutoffs drawn again in",
        "neighbouring pairs).",
        "Scores are interval scores of day totals (nine quantiles) in per cent of calls.",
        "",
        f"| series | interval | day | week | score | {' | '.join(peers)} | s a fit |",
        f"|{'---|' * (6 + len(peers))}",
    ]
    for hold in holds:
        levels = [_inside(hold, level) for level in ("interval", "day", "week")]
        scores = [f"{hold['scores'][name]:.2f}" for name in (ours, *peers)]
        lines.append(f"| {' | '.join([hold['series'], *levels, *scores, format(hold['seconds'], '.2f')])} |")
    means = [np.mean([hold[level] for hold in holds if level in hold]) for level in ("interval", "day", "week")]
    seconds = np.mean([hold["seconds"] for hold in holds])
    lines.append(
        f"| **mean** | {' | '.join(f'**{100 * m:.0f} %**' for m in means)} |{' |' * (1 + len(peers))} {seconds:.2f} |"
    )
    lines += [
        "",
        f"Variance within the day over the mean, paths and real days ({RAGGED_DAYS} days ahead, each date once); with",
        f"real days beyond {LARGEST_RAGGED:g} medians, outages and rushes, counted as {LARGEST_RAGGED:g}, and as they",
        "are; in brackets where 95 % of such ratios lie by chance (dates drawn again).",
        "",
        "| series | paths | real | ratio | real as it is | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for hold in (one for one in holds if "ragged" in one):
        own = hold["ragged"]
        figures = (own["paths"], own["capped"], own["paths"] / own["capped"], own["real"], own["paths"] / own["real"])
        shown = " | ".join(f"{one:.2f}" for one in figures)
        lines.append(f"| {hold['series']} | {shown} ({own['low']:.2f}–{own['high']:.2f}) |")
    return "\n".join(lines)


def _inside(hold: dict[str, Any], level: str) -> str:
    if level not in hold:
        return "–"
    low, high = hold[f"{level} by chance"]
    return f"{100 * hold[level]:.0f} % ({100 * low:.0f}–{100 * high:.0f})"
