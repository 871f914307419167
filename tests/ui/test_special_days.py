"""What the grid of special days makes of its rows."""

from staffing.domain.calendar import SiteCalendar
from staffing.ui.setting_up.special_days import _days_of


def test_a_half_day_keeps_its_hours():
    row = {"name": "Town fair", "kind": "holiday", "start": "2026-11-27", "open": "08:00-12:00, 13:00-15:00"}
    site = SiteCalendar(**_days_of([row, {"name": "closed", "kind": "closed", "start": "2026-12-24"}]))
    assert [str(span) for span in site.special_days[0].opening] == ["08:00-12:00", "13:00-15:00"]
    assert [str(day) for day in site.closed_dates] == ["2026-12-24"]
