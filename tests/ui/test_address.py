"""Choices stand in the address, stay from page to page, and an address that is followed goes before them."""

from tests.small import NEXT_WEEK
from tests.ui.desk import go, make_roster, opened, settle


def address(app, name):
    told = app.query_params.get(name)
    return told[0] if isinstance(told, list) else told


def test_a_link_opens_a_page_in_its_steps_and_the_next_page_keeps_them():
    app = opened("forecast", step="1440", queue="voice")
    assert app.session_state["forecast-step"] == 1440
    go(app, "staffing")
    assert app.session_state["staffing-step"] == 1440
    assert address(app, "step") == "1440"
    assert address(app, "queue") == "voice"


def test_a_choice_is_written_to_the_address_and_a_followed_one_goes_before_it():
    app = opened("staffing")
    app.session_state["staffing-step"] = 1440
    settle(app.run())
    assert address(app, "step") == "1440"
    app.query_params["step"] = "60"
    settle(app.run())
    assert app.session_state["staffing-step"] == 60


def test_what_is_not_offered_is_not_taken():
    app = opened("staffing", step="7", day="1815-06-18", tab="nowhere")
    assert app.session_state["staffing-step"] == 60
    assert address(app, "day") is None
    assert address(app, "tab") == "agents"


def test_a_link_opens_the_reasons_of_one_day():
    app = opened("forecast", tab="why", day=NEXT_WEEK)
    assert not app.error
    assert app.dataframe[0].value.shape[1] == 1


def test_tabs_of_one_page_do_not_choose_those_of_the_next():
    """Both have one called why; an address that is followed goes before what was open."""
    app = opened("forecast", tab="why")
    del app.query_params["tab"]  # as the browser does on the way to another page
    go(app, "roster")
    make_roster(app)
    settle(app)
    assert address(app, "tab") == "board"
    app.query_params["tab"] = "week"
    settle(app.run())
    assert address(app, "tab") == "week"
