"""Service levels of whole days and weeks at the desk: what mending is held to, and whether a roster keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.roster.case import Case
from staffing.roster.engine.search import State
from staffing.roster.given import Inputs
from staffing.roster.inputs.build import build
from staffing.roster.inputs.load import load_table
from staffing.roster.promise import Promises, promise_table, promises_of
from staffing.roster.result import promise_notes

KEPT = -1e-6  # contacts of surplus


def holding(case: Case, promises: Promises, rosters: Sequence[State]) -> Case:
    """The case in which the presence of the first roster that keeps its promises, or else of the last, is wanted.

    A day keeps its service level when as many are there as in a roster that kept it; interval by interval that is
    more than need be, since less here and more there might do as well.
    """
    keeping = (state for state in rosters if (promises.kept(state.counts) >= KEPT).all())
    wanted = next(keeping, rosters[-1]).counts
    need = np.where(promises.period >= 0, np.maximum(case.cover.need, wanted), case.cover.need)
    return replace(case, cover=case.cover._replace(need=need))


def missed(inputs: Inputs, table: pd.DataFrame) -> list[str]:
    """What a roster table misses of service levels over days or weeks, a sentence each; nothing without any."""
    if inputs.pieces is None:
        return []
    case = build(inputs)
    promises = promises_of(inputs, case)
    if promises is None:
        return []
    breaks = max(1, int(np.diff(case.options.break_ptr).max()))
    names = ", ".join(f"'{name}'" for name in dict.fromkeys(queue for queue, _ in promises.names))
    how = f"{names} keep their service level over the day or week; hours short are those below the least staff."
    return [how, *promise_notes(promise_table(promises, load_table(inputs, case, table, breaks)))]
