"""Places of breaks and sessions against trying every one."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.roster.desk.today.seats import Stop
from staffing.roster.desk.today.stops import Places, Stops, best_stops

SLOTS = 14


def allowed(stops: Stops, gap: int) -> bool:
    """No two stops meet, breaks keep their order and the work between them."""
    breaks = [stop for stop in stops if stop.is_break]
    apart = all(one.end + gap <= two.first for one, two in itertools.pairwise(breaks))
    return apart and all(one.end <= two.first or two.end <= one.first for one, two in itertools.combinations(stops, 2))


def every(stops: Stops) -> itertools.product:
    return itertools.product(*(range(s.low, s.high + 1) if s.moves else (s.first,) for s in stops))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 2), st.booleans())
def test_breaks_and_a_session_lie_where_trying_every_place_puts_them(seed: int, gap: int, session: bool) -> None:
    rng = np.random.default_rng(seed)
    worth = rng.integers(0, 9, SLOTS).astype(float)
    stops = [Stop("break", 1, 1, 0, 4), Stop("lunch", 6, 2, 4, 8), Stop("break", 12, 1, 10, 13)]
    if rng.random() < 0.3:
        stops[0] = replace(stops[0], low=1, high=1)
    if session:
        stops.append(Stop("training", 9, 1, 2, 12, session=0))
    before = tuple(stops)
    assert allowed(before, gap)
    places = Places.of(worth, before, gap, move_price=0.5)
    found = best_stops(before, places)
    assert allowed(found, gap)
    tried = (tuple(replace(s, first=f) for s, f in zip(before, firsts, strict=True)) for firsts in every(before))
    least = min(places.cost(one) for one in tried if allowed(one, gap))
    assert places.cost(found) == pytest.approx(least)


def test_what_a_move_must_save_keeps_a_break_where_it_is() -> None:
    before = (Stop("lunch", 3, 1, 0, 6),)
    worth = np.array([5.0, 5, 5, 5, 4.6, 5, 5])
    assert best_stops(before, Places.of(worth, before, 0, 0.5)) == before
    assert best_stops(before, Places.of(worth, before, 0, 0.3))[0].first == 4
