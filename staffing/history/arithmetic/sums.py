"""Queues that are the sum of others: left out where name or figures leave no doubt, else asked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from staffing.history.arithmetic.total_names import is_total_name
from staffing.history.options import ImportOptions
from staffing.history.report import Findings, Question, Reading
from staffing.history.shown import shown

MOST_STARTS = 600
FEWEST_STARTS = 2  # of an unnamed sum; where they are few, it is asked
TOLERANCE = 1e-6
ENOUGH_STARTS = 4  # for each queue, to tell a sum from chance
MOST_QUEUES = 400
EXACT = 1e-3


def without_sums(
    queues: list[pd.DataFrame], options: ImportOptions, findings: Findings, *, wide: bool
) -> list[pd.DataFrame]:
    """The queues without those that are sums of others.

    ``wide`` tells that queues stood side by side, where their headings would name a total.
    """
    if not 1 < len(queues) <= MOST_QUEUES or options.answer("sums") == "keep":
        return queues
    names = [str(rows["queue"].iloc[0]) for rows in queues]
    calls = _side_by_side(queues)
    left: set[int] = set()
    for at in sorted(range(len(queues)), key=lambda k: (not is_total_name(names[k]), -np.nansum(calls[k]))):
        others = [k for k in range(len(queues)) if k != at and k not in left]
        members = _members(calls, at, others, 1 if is_total_name(names[at]) else FEWEST_STARTS)
        if members is None and is_total_name(names[at]) and len(others) == 1 and _equal(calls[others[0]], calls[at]):
            members = others
        if members is None:
            if is_total_name(names[at]) and len(others) > 1:
                findings.note(
                    f"Queue '{shown(names[at])}' is named like a sum of others, yet is not their sum: it is kept."
                )
            continue
        surely = is_total_name(names[at]) or options.answer("sums") == "out"
        if surely or (not wide and _independent(calls[members])):
            left.add(at)
            findings.note(
                f"Queue '{shown(names[at])}' is the sum of {_listed(names, members)} in every interval and is left out."
            )
        elif wide and not _independent(calls[members]):
            findings.note(
                f"Queue '{shown(names[at])}' equals {_listed(names, members)} together; if it is their total, "
                f"answer sums=out."
            )
        else:
            _ask(names, at, members, findings)
    return [rows for k, rows in enumerate(queues) if k not in left]


def _side_by_side(queues: list[pd.DataFrame]) -> np.ndarray:
    """Calls of each queue (rows) at up to 600 starts of all; none where a queue has no row."""
    longest = max(queues, key=len)["start"]
    starts = longest.iloc[np.linspace(0, len(longest) - 1, min(len(longest), MOST_STARTS)).astype(int)]
    return np.array([rows.set_index("start")["calls"].reindex(starts).fillna(0.0).to_numpy() for rows in queues])


def _members(calls: np.ndarray, at: int, others: list[int], fewest: int) -> list[int] | None:
    """The other queues whose sum queue ``at`` is, at ``fewest`` starts or more; None where it is no such sum."""
    target = calls[at]
    if len(others) < 1 or (target > 0).sum() < fewest:
        return None
    there = [k for k in others if calls[k].any() and (calls[k] <= target + TOLERANCE).all()]
    if len(there) < 2:
        return None
    if _equal(calls[there].sum(axis=0), target):
        return there
    from scipy.optimize import nnls

    shares, _ = nnls(calls[there].T, target, maxiter=50 * len(there))
    if (np.abs(shares - np.round(shares)) > EXACT).any() or shares.max() > 1 + EXACT:
        return None
    chosen = [k for k, share in zip(there, shares, strict=True) if share > 0.5]
    return chosen if len(chosen) > 1 and _equal(calls[chosen].sum(axis=0), target) else None


def _equal(one: np.ndarray, other: np.ndarray) -> bool:
    return bool((np.abs(one - other) <= TOLERANCE * (1 + np.abs(other))).all())


def _independent(calls: np.ndarray) -> bool:
    """Whether the queues vary apart from each other, so that an equal sum is no coincidence of their shape."""
    if calls.shape[1] < ENOUGH_STARTS * len(calls):
        return False
    return int(np.linalg.matrix_rank(calls, tol=1e-6 * max(1.0, float(np.abs(calls).max())))) > 1


def _listed(names: list[str], members: list[int]) -> str:
    told = [f"'{shown(names[k])}'" for k in members[:5]]
    return ", ".join(told) + (f" and {len(members) - 5} more" if len(members) > 5 else "")


def _ask(names: list[str], at: int, members: list[int], findings: Findings) -> None:
    name = shown(names[at])
    findings.ask(
        Question(
            "sums",
            "",
            f"queue '{name}' equals {_listed(names, members)} together in every interval.",
            (
                Reading("out", f"'{name}' is their total and is left out"),
                Reading("keep", f"'{name}' is a queue of its own"),
            ),
        )
    )
