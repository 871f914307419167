"""Rotations as rows of weeks: read, refused, and shown again as they were."""

import datetime as dt

import pytest

from staffing.errors import InputError
from staffing.history import read_history
from staffing.language import speaking
from staffing.store.base import Base
from staffing.store.workspace import Workspace
from staffing.ui.setting_up import rotations
from staffing.ui.setting_up.setting import Setting
from tests import small

START = dt.date(2026, 3, 2)
ROWS = [
    {"name": "three", "start": "2026-03-02", "week": "day", "teams": ["north"]},
    {"week": "off"},
    {"monday": "day", "wednesday": "day|off", "teams": ["south"]},
]
WEEKS = [["day"], ["off"], ["day", "any", "day|off", "any", "any", "any", "any"]]


@pytest.fixture
def setting(tmp_path):
    workspace = Workspace.open(small.make(tmp_path / "desk"))
    return Setting(Base(workspace, "ada"), read_history(workspace.history_folder, workspace.base.site))


def test_a_row_is_a_week_and_goes_on_with_the_name_above(setting):
    (found,) = rotations._rotations(setting, ROWS)
    assert found == {"name": "three", "start": START, "weeks": WEEKS, "teams": {"north": 0, "south": 2}}
    setting.replace(rotations=[found])
    (kept,) = Setting(setting.base, setting.history).scenario.rotations
    assert [list(week) for week in kept.weeks] == WEEKS


def test_what_is_kept_is_shown_and_read_again_as_it_is(setting):
    setting.replace(rotations=rotations._rotations(setting, ROWS))
    days = rotations._days(setting)
    shown = [row for one in setting.scenario.rotations for row in rotations._rows(one, days)]
    rows = [{name: cell for name, cell in row.items() if cell not in (None, "", [])} for row in shown]
    assert rotations._rotations(setting, rows)[0]["weeks"] == WEEKS


def test_off_is_written_in_the_readers_word(setting):
    with speaking("fa"):
        (found,) = rotations._rotations(setting, [{"name": "a", "start": "۱۴۰۴/۱۲/۱۱", "week": "تعطیل"}])
    assert found["weeks"] == [["off"]]
    assert found["start"] == START


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([{"week": "day"}], "no name"),
        ([{"name": "a", "week": "day", "friday": "off"}], "for all of it beside"),
        ([{"name": "a", "week": "day", "teams": ["north"]}, {"week": "off", "teams": ["north"]}], "two weeks"),
        ([{"name": "a", "week": "day", "start": "soon"}], "not a date"),
    ],
)
def test_what_cannot_be_meant_is_refused(setting, rows, what):
    with pytest.raises(InputError, match=what):
        rotations._rotations(setting, rows)
