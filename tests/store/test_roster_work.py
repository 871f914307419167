"""A planner's roster edits: every version comes back as it was, for its user alone, both files or none."""

import datetime as dt

import pandas as pd
import pytest

from staffing.errors import InputError
from staffing.store.absences import Absence
from staffing.store.ground import FolderGround
from staffing.store.roster_work import RosterWork, RosterWorks, _spans
from staffing.tables import ROSTER
from tests.roster.sites import START, shifts_of
from tests.store.faults import killed_at

ILL = Absence("Dan", dt.date(2026, 3, 3), dt.date(2026, 3, 4), "flu")
TABLES = tuple(
    ROSTER.check(pd.concat([shifts_of("p0", first), shifts_of("p1", second)], ignore_index=True))
    for first, second in (
        ("Mon 08:00-17:00", "Tue 08:00-17:00"),
        ("Mon 09:00-18:00", "Tue 08:00-17:00"),
        ("Mon 08:00-17:00", "Tue 08:00-17:00"),
        ("Mon 08:00-17:00", "Tue 22:00-06:00"),
    )
)
WORK = RosterWork(TABLES, ((), (), (ILL,), (ILL,)), 2, "v1+", "plan-1")


@pytest.fixture
def works(tmp_path):
    return RosterWorks(FolderGround(tmp_path), "Ada")


def test_every_version_comes_back(works):
    assert works.read(START, "base") is None
    works.keep(START, "base", WORK)
    again = works.read(START, "base")
    assert (again.away, again.at, again.seen, again.plan) == (WORK.away, 2, "v1+", "plan-1")
    for before, after in zip(WORK.tables, again.tables, strict=True):
        pd.testing.assert_frame_equal(before, after)
    assert RosterWorks(works.ground, "Bo").read(START, "base") is None
    assert RosterWorks(works.ground, "Bo").others(START) == ["Ada"]
    assert RosterWorks(works.ground, "Bo").others(START + dt.timedelta(days=7)) == []
    works.keep(START, "base", None)
    assert works.read(START, "base") is None


def test_what_stays_is_kept_once():
    assert len(_spans(TABLES)) == len(TABLES[0]) + 2 + 2 + 1  # a shift with lunch moved, and moved back; a night


def test_what_cannot_be_read_is_said(works):
    works.keep(START, "base", WORK)
    (path,) = works.ground.root.rglob("*.roster.parquet")
    path.write_bytes(b"PAR1 cut off")
    with pytest.raises(InputError, match="Begin again"):
        works.read(START, "base")


def test_a_kill_at_any_file_operation_leaves_one_version_or_the_other(works):
    later = RosterWork((*TABLES, TABLES[0]), (*WORK.away, ()), 4, "v1+", "plan-1")
    for operation in range(60):
        works.keep(START, "base", WORK)
        died = killed_at(operation, lambda: works.keep(START, "base", later), works.ground.root)
        kept = works.read(START, "base")
        assert (len(kept.tables), kept.at) in ((4, 2), (5, 4))
        if not died:
            break
    assert not died
    assert operation > 5
