"""Presence against counting minutes one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.errors import TableError
from staffing.evaluation.timeline import cut, epoch_s, lay_out, presence, shift_numbers

from .two_people import roster

ORIGIN = pd.Timestamp("2026-11-23", tz="UTC")


def table(rows: list[tuple[str, int, int, str]]) -> pd.DataFrame:
    cells = [(a, ORIGIN + pd.Timedelta(minutes=s), ORIGIN + pd.Timedelta(minutes=e), x, "voice") for a, s, e, x in rows]
    return pd.DataFrame(cells, columns=["agent", "start", "end", "activity", "queue"])


@st.composite
def rosters(draw: st.DrawFn) -> list[tuple[str, int, int, str]]:
    """Shifts apart from each other, and so is work on another queue; breaks anywhere, over each other too."""
    rows = []
    for agent in "AB"[: draw(st.integers(1, 2))]:
        edges = sorted(draw(st.lists(st.integers(0, 300), min_size=2, max_size=6, unique=True)))
        rows += [(agent, s, e, "shift") for s, e in zip(edges[::2], edges[1::2], strict=False)]
        for start in draw(st.lists(st.integers(0, 300), max_size=4)):
            rows.append((agent, start, start + draw(st.integers(1, 60)), draw(st.sampled_from(["break", "lunch"]))))
        edges = sorted(draw(st.lists(st.integers(0, 300), max_size=4, unique=True)))
        rows += [(agent, s, e, "work") for s, e in zip(edges[::2], edges[1::2], strict=False)]
    return draw(st.permutations(rows))


@settings(max_examples=100, deadline=None)
@given(rosters())
def test_presence_equals_counting_minutes(rows: list[tuple[str, int, int, str]]) -> None:
    here, other = np.zeros(400), np.zeros(400)
    paid_min = 0
    for agent in {row[0] for row in rows}:
        minutes = {m for a, s, e, x in rows if a == agent and x == "shift" for m in range(s, e)}
        lunch = {m for a, s, e, x in rows if a == agent and x == "lunch" for m in range(s, e)}
        away = {m for a, s, e, x in rows if a == agent and x in ("break", "lunch") for m in range(s, e)}
        work = {m for a, s, e, x in rows if a == agent and x == "work" for m in range(s, e)}
        here[sorted(minutes - away - work)] += 1
        other[sorted((minutes - away) & work)] += 1
        paid_min += len(minutes - lunch)
    people = table(rows)
    pieces = cut(lay_out(people), people, (people["activity"] == "lunch").to_numpy())
    edges_s = epoch_s(pd.DatetimeIndex([ORIGIN])) + 60 * np.arange(0, 401, 20)
    served = people["activity"].to_numpy()[pieces["row"]]
    for activity, minutes in (("shift", here), ("work", other)):
        found = presence(pieces[pieces["on_phone"] & (served == activity)], edges_s, np.ones(len(pieces), int))
        assert found == pytest.approx(minutes.reshape(20, 20).mean(axis=1), abs=1e-12)
    assert (pieces["end_s"] - pieces["start_s"])[pieces["paid"]].sum() == 60 * paid_min


def test_a_break_of_fifteen_minutes_takes_half_of_a_half_hour() -> None:
    people = table([("A", 0, 120, "shift"), ("A", 15, 30, "break"), ("B", 30, 120, "shift")])
    pieces = cut(lay_out(people), people, np.zeros(3, dtype=bool))
    edges_s = epoch_s(pd.DatetimeIndex([ORIGIN])) + 1800 * np.arange(5)
    on_phone = pieces[pieces["on_phone"]]
    assert presence(on_phone, edges_s, np.ones(len(on_phone), int)).tolist() == [0.5, 2, 2, 2]


def test_rows_of_one_shift_share_its_number() -> None:
    people = table(
        [
            ("A", 0, 60, "shift"),
            ("A", 60, 90, "shift"),
            ("A", 30, 40, "break"),
            ("A", 90, 95, "break"),
            ("A", 100, 110, "shift"),
        ]
    )
    assert shift_numbers(lay_out(people)).tolist() == [0, 0, 0, -1, 1]


def test_nobody_is_in_two_shifts_at_once() -> None:
    with pytest.raises(TableError, match=r"'Ann' has two shifts at once, 2026-11-23 11:00"):
        lay_out(roster("Ann 09:00 12:00 shift voice\nAnn 11:00 13:00 shift voice"))


def test_nobody_works_on_two_queues_at_once() -> None:
    with pytest.raises(TableError, match=r"'Ann' works on two queues at once, 2026-11-23 09:30"):
        lay_out(roster("Ann 09:00 10:00 work voice\nAnn 09:30 11:00 work chat"))


def test_a_row_must_end_after_it_starts() -> None:
    with pytest.raises(TableError, match=r"'Ann' has a row that does not end after its start, 2026-11-23 09:00"):
        lay_out(roster("Ann 09:00 09:00 shift voice"))
