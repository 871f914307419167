"""Every page on a small workspace, without a browser: what it shows, and what a planner's change does to it."""

import datetime as dt
import shutil

import pytest

from staffing.planner import Planner
from staffing.store.workspace import Workspace
from staffing.ui import waiting, workspaces
from tests import small
from tests.ui.desk import button, go, make_roster, metric, number, opened, settle, shown, tab


def test_history_says_what_it_has():
    app = opened("history")
    assert app.title[0].value == "History"
    hours = [(day, hour) for day in weekdays() for hour in range(8, 18)]
    assert metric(app, "Contacts").value == f"{sum(small.calls_at(*cell) for cell in hours):,}"
    assert metric(app, "Days").value == str((small.LAST - small.FIRST).days + 1)
    assert metric(app, "Interval").value == "60 min"
    assert metric(app, "Missing").value == "0.0 %"
    assert "No gaps" in shown(app)


def weekdays() -> list[dt.date]:
    days = [small.FIRST + dt.timedelta(days=k) for k in range((small.LAST - small.FIRST).days + 1)]
    return [day for day in days if day.weekday() < 5]


def test_both_bundled_workspaces_and_the_named_one_are_offered():
    app = opened("history")
    assert app.selectbox(key="workspace").options == ["desk", "bank", "marketplace"]
    assert app.selectbox(key="scenario").options == ["base", "launch"]


def test_a_link_opens_workspace_scenario_and_week():
    app = opened("history", workspace="desk", scenario="launch", week="2026-12-07")
    assert app.selectbox(key="scenario").value == "launch"
    assert app.selectbox(key="week").value == "2026-12-07"
    assert "Mon 7 Dec – Sun 13 Dec 2026" in app.selectbox(key="week").options


def test_a_link_to_nowhere_opens_what_there_is():
    app = opened("history", workspace="../../etc", scenario="nope", week="1815-06-18")
    assert app.selectbox(key="workspace").value == "desk"
    assert app.selectbox(key="scenario").value == "base"
    assert app.selectbox(key="week").value == small.NEXT_WEEK


def test_a_moved_event_moves_the_week_and_can_be_undone():
    app = opened("events")
    before = metric(app, "Contacts").value
    assert [box.value for box in app.date_input] == [dt.date(2026, 11, 24)]
    app.date_input[0].set_value(dt.date(2026, 12, 15)).run()
    settle(app)
    after = metric(app, "Contacts")
    assert int(after.value.replace(",", "")) < int(before.replace(",", ""))
    assert after.delta.startswith("-")
    assert "base · draft" in app.selectbox(key="scenario").options
    assert "Draft" in shown(app)
    button(app, "Undo").click().run()
    settle(app)
    assert metric(app, "Contacts").value == before
    assert button(app, "Save").disabled


def test_an_event_switched_off_adds_nothing():
    app = opened("events")
    app.toggle[0].set_value(False).run()
    settle(app)
    off = metric(app, "Contacts").value
    app.toggle[0].set_value(True).run()
    settle(app)
    app.date_input[0].set_value(dt.date(2027, 3, 1)).run()
    settle(app)
    assert metric(app, "Contacts").value == off


def test_an_override_needs_its_reason_and_moves_the_week():
    app = opened("events")
    before = metric(app, "Contacts").value
    assert "past launch" in shown(app)  # where the learned effect comes from
    number(app, "Your effect, %").set_value(80.0).run()
    assert button(app, "Set").disabled
    next(box for box in app.text_input if box.label == "Reason").set_value("twice the usual offer").run()
    button(app, "Set").click().run()
    settle(app)
    assert metric(app, "Contacts").value != before
    assert "Typed by the planner" in shown(app)


def test_a_found_event_is_offered_and_a_best_date_is_ranked():
    app = opened("events")
    app.session_state["events-tab"] = "Found in history"
    app.run()
    next(toggle for toggle in app.toggle if toggle.label == "Look for them").set_value(True).run()
    settle(app)
    app.session_state["events-tab"] = "Best date"
    app.run()
    number(app, "Days to try").set_value(3).run()
    button(app, "Try every day").click().run()
    settle(app)
    assert "is best" in shown(app)
    assert any("extra agent-hours" in table.value.columns for table in app.dataframe)


def test_the_forecast_gives_reasons_and_takes_corrections():
    app = opened("forecast")
    causes = next(table.value for table in app.dataframe if "contacts of the day" in table.value.index)
    assert {"level", "app-2.0"} <= set(causes.index)
    before = metric(app, "Contacts").value
    number(app, "Contacts, %").set_value(100.0)
    app.text_input[0].set_value("trade fair")
    button(app, "Add the correction").click().run()
    settle(app)
    assert int(metric(app, "Contacts").value.replace(",", "")) > int(before.replace(",", ""))
    assert "trade fair" in shown(app)
    button(app, "Remove").click().run()
    settle(app)
    assert metric(app, "Contacts").value == before


def test_the_forecast_page_says_whether_it_is_worse_than_it_was(planned_workspace):
    known = Planner.open(Workspace.open(planned_workspace)).history.frame
    last = known["start"].max().date()
    promised = known[known["start"].dt.date > last - dt.timedelta(days=7)][["queue", "start", "calls"]]
    manifest = {"history_until": str(last - dt.timedelta(days=7)), "scenario": "base", "horizon_days": 7}
    shelf = Workspace.open(planned_workspace).forecasts
    shelf.keep(
        "last-week", manifest, {"forecast": promised.assign(**dict.fromkeys(("p10", "p50", "p90"), promised["calls"]))}
    )
    try:
        assert "Too few promised days have come" in shown(opened("forecast"))
    finally:
        shutil.rmtree(shelf.folder)


def test_a_correction_without_a_reason_is_refused_in_words_and_what_was_typed_stays():
    app = opened("forecast")
    number(app, "Contacts, %").set_value(10.0)
    button(app, "Add the correction").click().run()
    assert any("reason" in error.value and "at least 1 character" in error.value for error in app.error)
    assert number(app, "Contacts, %").value == 10.0


def test_longer_calls_need_more_hours():
    app = opened("forecast")
    before = metric(app, "Hours to roster").value
    number(app, "Handle time ×").set_value(1.5).run()
    settle(app)
    assert hours(metric(app, "Hours to roster").value) > hours(before)
    assert metric(app, "Handle time").delta.startswith("+")


def hours(text: str) -> float:
    return float(text.removesuffix(" h").replace(",", ""))


@pytest.mark.parametrize(
    ("label", "value"),
    [("Target, %", 99.0), ("Planned shrinkage, %", 30.0), ("Abandonment, %", 1.0), ("Mean wait (ASA), s", 0.5)],
)
def test_a_stricter_lever_needs_more_hours(label, value):
    app = opened("staffing")
    before = metric(app, "Hours to roster").value
    number(app, label).set_value(value).run()
    settle(app)
    assert hours(metric(app, "Hours to roster").value) > hours(before)
    assert metric(app, "Hours to roster").delta.startswith("+")


def test_a_promise_over_the_week_needs_fewer_hours_and_a_floor_more():
    app = opened("staffing")
    number(app, "Abandonment, %").set_value(60.0).run()
    before = metric(settle(app), "Hours to roster").value
    box = next(box for box in app.selectbox if box.label == "Service level kept")
    box.set_value("week").run()
    week = metric(settle(app), "Hours to roster").value
    assert hours(week) < hours(before)
    tab(app, "Service", "staffing")
    assert "over the week" in shown(app)
    assert 80.0 <= float(metric(app, "Service level shown").value.removesuffix(" %")) < 84.0
    number(app, "In every interval, %").set_value(79.0).run()
    assert hours(week) < hours(metric(settle(app), "Hours to roster").value) <= hours(before)


def test_staffing_shows_the_price_of_one_agent():
    app = tab(opened("staffing"), "One agent more or fewer", "staffing")
    steps = next(table.value for table in app.dataframe if "extra" in table.value.columns)
    assert list(steps["extra"]) == ["−3", "−2", "−1", "0", "+1", "+2", "+3"]
    assert steps["service_level"].is_monotonic_increasing
    assert steps["lost"].is_monotonic_decreasing


def test_the_roster_is_made_on_request_and_compared():
    waiting.jobs().end()  # another file's tests may have made the very roster in this process
    waiting.jobs.cache_clear()
    app = opened("roster")
    assert "No roster yet" in shown(app)
    make_roster(app)
    settle(app)
    assert metric(app, "Paid hours").value.endswith(" h")
    assert "gap" in shown(app)
    tab(app, "Week")
    grid = next(table.value for table in app.dataframe if "Mon 23 Nov" in table.value.columns)
    assert list(grid.index) == ["Ada", "=Bob()", "Cyd", "Dan"]
    assert grid.loc["Cyd", "Tue 24 Nov"] == "·"
    tab(app, "Hand on")
    kinds = {"Excel workbook", "CSV table", "Calendar (iCal)", "PDF"}
    labels = {button.label for button in app.get("download_button")}
    assert labels == kinds | {f"{kind}, each" for kind in kinds}
    assert "Draft, not published" in shown(app)
    go(app, "staffing")
    assert metric(app, "Short of agents").value != "–"
    number(app, "Planned shrinkage, %").set_value(50.0).run()
    settle(app)
    assert metric(app, "Short of agents").delta.startswith("+")
    go(app, "roster")
    assert "changed since this roster was made" in shown(app)
    go(app, "compare")
    assert app.multiselect[0].value == ["base", "base.draft"]
    button(app, "Plan and compare").click().run()
    settle(app)
    figures = next(table.value for table in app.dataframe if "Paid hours" in set(table.value.iloc[:, 0]))
    assert figures.shape[1] == 5
    differs = next(
        table.value for table in app.dataframe if "what" in table.value.columns and "scenario" in table.value
    )
    assert differs["what"].tolist() == ["shrinkage · planned"]


def test_compare_asks_for_two_scenarios():
    app = opened("compare")
    app.multiselect[0].set_value(["base"]).run()
    assert "at least two" in shown(app)


def test_the_calculator_agrees_with_the_published_case():
    """100 calls in 30 minutes of 180 s, 80 % within 20 s: 14 agents, 88.8 % (the textbook Erlang C case)."""
    app = opened("erlang")
    app.selectbox(key="erlang-model").set_value("erlang_c").run()
    assert metric(app, "Agents").value == "14"
    assert metric(app, "Service level").value == "88.84 %"
    assert metric(app, "ASA").value == "7.8 s"


def test_the_calculator_needs_no_workspace(tmp_path, monkeypatch):

    monkeypatch.setattr(workspaces, "BUNDLED", tmp_path)
    monkeypatch.delenv(workspaces.VARIABLE)
    assert metric(opened("erlang"), "Agents").value
    app = opened("history")
    assert "no workspace to open" in app.error[0].value


def test_a_broken_workspace_says_what_to_mend(small_workspace, monkeypatch):

    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))
    (small_workspace / "events.csv").write_text("name,kind,start\nx,launch,yesterday\n", encoding="utf-8")
    app = opened("history")
    assert "events\\.csv, row 2" in app.error[0].value
    assert "Traceback" not in shown(app)


def test_names_that_look_like_markup_stay_text(small_workspace, monkeypatch):

    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))
    text = (small_workspace / "workspace.toml").read_text(encoding="utf-8")
    loud = text.replace("A small desk.", "![x](http://evil.example/p.png) **loud**")
    (small_workspace / "workspace.toml").write_text(loud, encoding="utf-8")
    assert r"\!\[x\]\(http\://evil\.example/p\.png\)" in shown(opened("history"))
