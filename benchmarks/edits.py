"""How long one change of a roster takes to judge: `python -m benchmarks.edits --agents 100 --weeks 4`."""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace

import numpy as np
import pandas as pd

from staffing.roster.desk.board import Board, judge
from tests.roster.desk import test_board as sites
from tests.roster.desk.verdicts import random_edit


def main() -> None:
    """Print CPU milliseconds: an edit made and judged on a roster at hand, two tables compared, the first look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--edits", type=int, default=100)
    asked = parser.parse_args()
    rng = np.random.default_rng(1)
    inputs = sites._site(asked.agents, 7 * asked.weeks)
    inputs = replace(inputs, past=sites._past(inputs))
    table = _filled(inputs)
    first, board = _timed(lambda: _warm(Board(inputs, table)))
    at_hand, compared = [], []
    for _ in range(asked.edits):
        edit = random_edit(rng, inputs)
        ms, rows = _timed(lambda edit=edit: _judged(board, edit))
        at_hand.append(ms)
        after = board.with_rows(rows)
        compared.append(_timed(lambda after=after: judge(inputs, table, after))[0])
    print(f"{len(table)} rows; the first look {first:.0f} ms")
    for what, ms in (("edited and judged at hand", at_hand), ("two tables compared", compared)):
        print(f"{what}: median {statistics.median(ms):.1f} ms, worst {max(ms):.1f} ms")


def _filled(inputs):
    """Everybody on five day shifts a week."""
    rows = []
    for agent in inputs.agents:
        kind, hours = ("half", 4.0) if agent.contract == "half" else ("day", 8.5)
        for day in range(inputs.days):
            if day % 7 < 5:
                begin = pd.Timestamp(inputs.date(day), tz="UTC") + pd.Timedelta(hours=9)
                rows.append((agent.name, begin, begin + pd.Timedelta(hours=hours), "shift", "a", kind))
                if kind == "day":
                    lunch = begin + pd.Timedelta(hours=4)
                    rows.append((agent.name, lunch, lunch + pd.Timedelta(minutes=30), "lunch", None, None))
    return pd.DataFrame(rows, columns=["agent", "start", "end", "activity", "queue", "kind"])


def _warm(board):
    _ = board.rows, board.cover
    return board


def _judged(board, edit):
    rows = board.edited([edit])
    board.effect(rows)
    return rows


def _timed(task):
    begun = time.process_time()
    made = task()
    return 1000 * (time.process_time() - begun), made


if __name__ == "__main__":
    main()
