"""Names as they are typed on two keyboards."""

from __future__ import annotations

import pytest

from staffing.domain.names import folded, known_name
from staffing.errors import InputError

TEAM = ["Ann Lee", "علی کریمی", "نیک‌نام", "Bo", "bo"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ann  LEE", "Ann Lee"), ("علي كريمي", "علی کریمی"), ("نیک نام", "نیک‌نام"), ("Bo", "Bo")],
)
def test_one_person_however_typed(typed: str, meant: str) -> None:
    assert known_name(typed, TEAM) == meant


def test_the_nearest_is_named_and_doubt_is_asked() -> None:
    with pytest.raises(InputError, match=r"there is no agent 'An Lee'\. Did you mean 'Ann Lee'\?"):
        known_name("An Lee", TEAM)
    with pytest.raises(InputError, match=r"'BO' may be 2 of the agents\. Write it exactly: Bo or bo"):
        known_name("BO", TEAM)
    with pytest.raises(InputError, match=r"there is no agent 'xyz'\. Name one of the 5"):
        known_name("xyz", TEAM)


def test_folding_keeps_what_tells_names_apart() -> None:
    assert len({folded(name) for name in ("Ann", "Anna", "An n")}) == 3
