"""A planner's roster edits: every version comes back as it was, for its user alone, both files or none."""

import datetime as dt
from functools import partial

import pandas as pd
import pytest

from staffing.errors import Conflict, InputError
from staffing.store import roster_work
from staffing.store.absences import Absence
from staffing.store.ground import FolderGround
from staffing.store.roster_work import RosterWork, RosterWorks, _spans
from staffing.store.rosters import Seen
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
NOBODY: frozenset[tuple[str, dt.date]] = frozenset()
MOVED = frozenset({("p0", START)})
WORK = RosterWork(TABLES, ((), (), (ILL,), (ILL,)), 2, "v1+", -1, (NOBODY, MOVED, MOVED, MOVED))


@pytest.fixture
def works(tmp_path):
    return RosterWorks(FolderGround(tmp_path), "Ada")


def test_every_version_comes_back(works):
    assert works.read(START, "base") is None
    version = works.keep(START, "base", WORK, "")
    again = works.read(START, "base")
    assert (again.away, again.at, again.seen, again.by_hand) == (WORK.away, 2, "v1+", WORK.by_hand)
    for before, after in zip(WORK.tables, again.tables, strict=True):
        pd.testing.assert_frame_equal(before, after)
    assert RosterWorks(works.ground, "Bo").read(START, "base") is None
    assert RosterWorks(works.ground, "Bo").others(START) == ["Ada"]
    assert RosterWorks(works.ground, "Bo").others(START + dt.timedelta(days=7)) == []
    assert works.version(START, "base") == version != ""
    with pytest.raises(Conflict, match="another window"):
        works.keep(START, "base", WORK, "")
    assert works.keep(START, "base", None, version) == ""
    assert works.read(START, "base") is None


def test_a_version_without_anybody_comes_back_and_so_do_rows_that_were_gone(works):
    tables = (TABLES[0], TABLES[0].iloc[:0], TABLES[0], TABLES[3])
    work = RosterWork(tables, ((),) * 4, 3, "v1+", -1, (NOBODY,) * 4)
    works.keep(START, "base", work, "")
    for before, after in zip(tables, works.read(START, "base").tables, strict=True):
        pd.testing.assert_frame_equal(before, after)
    spans = _spans(tables)
    assert spans.groupby(["since", "until"]).size().to_dict()[0, 1] == len(TABLES[0])
    assert _spans(tables[1:2]).empty


def test_steps_go_back_and_forth(monkeypatch):
    work = (
        RosterWork.on(TABLES[0], Seen(START, TABLES[0], "v1+"))
        .with_version(TABLES[1], ())
        .with_version(TABLES[3], (ILL,))
    )
    assert work.table is TABLES[3]
    assert (work.unsaved, work.undone().undone().unsaved) == (True, False)
    assert not work.kept_as(Seen(START, TABLES[3], "v2+")).unsaved
    assert work.kept_as(Seen(START, TABLES[0], "v2+")).unsaved
    assert work.undone().table is TABLES[1]
    assert work.undone().undone().undone().table is TABLES[0]
    assert work.undone().redone().redone().table is TABLES[3]
    assert [len(work.undone().with_version(TABLES[2], ()).tables), work.undone().redone().away[2]] == [3, (ILL,)]
    monkeypatch.setattr(roster_work, "MOST_VERSIONS", 3)
    later = work.with_version(TABLES[1], ()).with_version(TABLES[2], ())
    assert [id(table) for table in later.tables] == [id(TABLES[k]) for k in (0, 3, 1, 2)]
    assert (later.at, len(later.away)) == (3, 4)


def test_days_edited_by_hand_are_known_and_released_when_undone():
    work = RosterWork.on(TABLES[0], Seen(START, TABLES[0], "v1+")).with_version(TABLES[1], (), MOVED)
    mended = work.with_version(TABLES[3], (ILL,))
    assert (mended.edited, mended.released) == (MOVED, NOBODY)
    assert (work.undone().edited, work.undone().released) == (NOBODY, MOVED)
    assert work.undone().with_version(TABLES[2], (), [("p1", START)]).released == NOBODY


def test_what_stays_is_kept_once():
    assert len(_spans(TABLES)) == len(TABLES[0]) + 2 + 2 + 1  # a shift with lunch moved, and moved back; a night


def test_what_cannot_be_read_is_said(works):
    works.keep(START, "base", WORK, "")
    (path,) = works.ground.root.rglob("*.roster.parquet")
    path.write_bytes(b"PAR1 cut off")
    with pytest.raises(InputError, match="Begin again"):
        works.read(START, "base")


def test_a_kill_at_any_file_operation_leaves_one_version_or_the_other(works):
    later = RosterWork((*TABLES, TABLES[0]), (*WORK.away, ()), 4, "v1+", -1, (*WORK.by_hand, MOVED))
    for operation in range(60):
        version = works.keep(START, "base", WORK, works.version(START, "base"))
        died = killed_at(operation, partial(works.keep, START, "base", later, version), works.ground.root)
        kept = works.read(START, "base")
        assert (len(kept.tables), kept.at) in ((4, 2), (5, 4))
        if not died:
            break
    assert not died
    assert operation > 5
