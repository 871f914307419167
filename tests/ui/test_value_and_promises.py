"""The roster in money, the price of certainty, and promises held against what came."""

from __future__ import annotations

from tests.ui.desk import button, make_roster, metric, number, opened, settle, shown, tab


def test_the_roster_in_money_and_the_price_of_certainty():
    app = opened("roster")
    make_roster(app)
    tab(settle(app), "Value")
    whole, money = metric(app, "In all, a week").value.split()
    assert float(whole.replace(",", "")) > 0
    assert money == "EUR"
    assert metric(app, "One person fewer").value[0] in "+−"
    assert "What protects people and quality" in shown(app)
    app = opened("staffing")
    assert number(app, "Days that hold, %").value is None
    next(toggle for toggle in app.toggle if toggle.label == "Work it out").set_value(True)
    settle(app.run())
    assert any("95 %" in str(table.value) for table in app.dataframe)


def test_corrections_show_every_round_and_what_is_accepted_can_be_undone():
    app = opened("roster")
    make_roster(app)
    tab(settle(app), "Corrections")
    button(app, "Correct by simulation").click().run()
    rounds = next(table.value for table in settle(app).dataframe if "lacking" in table.value)
    assert rounds["round"].tolist() == list(range(len(rounds)))
    assert rounds["kept"].iloc[0]
    lacking = rounds["lacking"][rounds["kept"]]
    assert lacking.is_monotonic_decreasing  # what is kept is never worse
    if rounds["kept"].sum() == 1:
        assert "No round is better" in shown(app)
        return
    button(app, "Accept").click().run()
    tab(settle(app), "Edit")
    assert not button(app, "Undo").disabled


def test_before_a_week_is_published_nothing_is_promised():
    app = opened("forecast")
    app.session_state["forecast-tab"] = "Promises"
    assert "No week has been published with its chances yet" in shown(settle(app.run()))
