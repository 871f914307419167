"""Days as they are typed: Jalali by Persian readers of a Jalali site, picked from a calendar by others."""

import datetime as dt

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError
from staffing.language import speaking
from staffing.ui import dates

JALALI = SiteCalendar(display="jalali")
DAY = dt.date(2026, 11, 24)


def page():
    import datetime as dt

    import streamlit as st

    from staffing.domain.calendar import SiteCalendar
    from staffing.language import speaking
    from staffing.ui import dates

    with speaking("fa"):
        day = dates.field(st, "day", dt.date(2026, 11, 24), SiteCalendar(display="jalali"), key="day")
    st.markdown(str(day))


def test_a_jalali_date_is_typed_and_what_is_none_is_said_below_it():
    app = AppTest.from_function(page).run()
    assert app.text_input[0].value == "۱۴۰۵/۰۹/۰۳"
    assert app.markdown[0].value == str(DAY)
    app.text_input[0].set_value("1405/9/5").run()
    assert app.markdown[0].value == "2026-11-26"
    app.text_input[0].set_value("فردا").run()
    assert (app.markdown[0].value, app.text_input[0].value) == ("None", "فردا")
    assert "۱۴۰۵/۰۹/۰۳" in app.error[0].value


def test_a_table_shows_and_reads_the_same_days():
    table = pd.DataFrame({"start": [DAY, None], "name": ["a", "b"]})
    with speaking("fa"):
        shown = dates.cells(table, ["start"], JALALI)["start"]
    assert [*shown] == ["۱۴۰۵/۰۹/۰۳", None]
    assert dates.of_cell(shown[0]) == DAY
    english = dates.cells(table, ["start"], JALALI)["start"]
    assert dates.of_cell(english[0]) == dates.of_cell("2026-11-24T00:00:00") == DAY


def test_a_cell_that_is_no_date_is_refused():
    with pytest.raises(InputError, match="'soon' is not a date"):
        dates.of_cell("soon")
