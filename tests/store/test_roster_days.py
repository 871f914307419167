"""Two people's changes of one week: laid over each other day by day, what both changed is named."""

import datetime as dt

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.domain.calendar import SiteCalendar
from staffing.store.roster_days import by_person_day, differences, merged
from tests.roster.sites import START, shifts_of

SITE = SiteCalendar(timezone="UTC")
SHIFTS = ("", "07:00-16:00", "08:00-17:00", "22:00-06:00")
WEEK = st.lists(st.sampled_from(SHIFTS), min_size=4, max_size=4)  # two people, two days


def roster(cells) -> pd.DataFrame:
    days = [("p0", "Mon"), ("p0", "Tue"), ("p1", "Mon"), ("p1", "Tue")]
    parts = [shifts_of(who, f"{day} {span}") for (who, day), span in zip(days, cells, strict=True) if span]
    return pd.concat(parts, ignore_index=True) if parts else shifts_of("p0")


def cells_of(table) -> list[str]:
    days = by_person_day(table, SITE)
    keys = [(who, START + dt.timedelta(days=k)) for who in ("p0", "p1") for k in (0, 1)]
    return [
        f"{days[key]['start'].iloc[0]:%H:%M}-{days[key]['end'].iloc[0]:%H:%M}" if key in days else "" for key in keys
    ]


@settings(max_examples=40, deadline=None)
@given(WEEK, WEEK, WEEK)
def test_every_change_survives_or_is_named(base, mine, theirs):
    made = merged(roster(base), roster(mine), roster(theirs), SITE)
    wanted, clashes = [], []
    for number, (old, own, other) in enumerate(zip(base, mine, theirs, strict=True)):
        clash = own != old and other != old and own != other
        wanted.append(other if clash or own == old else own)
        clashes += [(f"p{number // 2}", START + dt.timedelta(days=number % 2))] if clash else []
    assert cells_of(made.table) == wanted
    assert list(made.clashes) == clashes


def test_differences_name_person_day_and_both_shifts():
    before, after = roster(["07:00-16:00", "", "", "22:00-06:00"]), roster(["08:00-17:00", "", "", ""])
    assert differences(before, after, SITE) == (
        "p0, Mon 2026-03-02: 07:00-16:00 → 08:00-17:00",
        "p1, Tue 2026-03-03: 22:00-06:00 → off",
    )
    assert differences(before, before, SITE) == ()
