"""Two rosters of a Monday, and what each person is told."""

from __future__ import annotations

from staffing.export import changes, messages
from tests.evaluation.two_people import roster, scenario

SITE = scenario().site
BEFORE = roster("""
Ann 09:00 12:00 shift voice
Ann 10:15 10:45 lunch -
Bo 10:00 12:00 shift voice
Cy 09:00 10:00 shift voice
""")
AFTER = roster("""
Ann 09:00 12:00 shift voice
Ann 10:30 11:00 lunch -
Bo 09:30 12:00 shift voice
Di 09:00 10:00 shift voice
""")


def test_each_change_is_told_in_words() -> None:
    told = dict(messages(changes(BEFORE, AFTER, SITE), SITE))
    day = "Monday 2026-11-23"
    assert {name: text.splitlines()[1:] for name, text in told.items()} == {
        "Ann": [f"- {day}: 09:00–12:00, other breaks"],
        "Bo": [f"- {day}: 09:30–12:00 instead of 10:00–12:00"],
        "Cy": [f"- {day}: off, 09:00–10:00 no longer holds"],
        "Di": [f"- {day}: 09:00–10:00, new"],
    }


def test_the_same_roster_tells_nothing() -> None:
    assert changes(BEFORE, BEFORE.sample(frac=1, random_state=1), SITE) == ()
