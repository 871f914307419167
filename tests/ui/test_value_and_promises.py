"""The roster in money, the price of certainty, and promises held against what came."""

from __future__ import annotations

from tests.ui.desk import button, metric, number, opened, settle, shown, tab


def test_the_roster_in_money_and_the_price_of_certainty():
    app = opened("roster")
    if any(each.label == "Make the roster" for each in app.button):  # else it was made before in this process
        button(app, "Make the roster").click().run()
    tab(settle(app), "Value")
    whole = float(metric(app, "In all, a week").value.replace(",", ""))
    assert whole > 0
    assert metric(app, "One person fewer").value[0] in "+-"
    assert "What protects people and quality" in shown(app)
    app = opened("staffing")
    assert number(app, "Days that hold, %").value is None
    next(toggle for toggle in app.toggle if toggle.label == "Work it out").set_value(True)
    settle(app.run())
    assert any("95%" in str(table.value) for table in app.dataframe)


def test_before_a_week_is_published_nothing_is_promised():
    app = opened("forecast")
    app.session_state["forecast-tab"] = "Promises"
    assert "No week has been published with its chances yet" in shown(settle(app.run()))
