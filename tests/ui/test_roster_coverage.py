"""What the Roster page says of promises over a day and of minimums that are not met."""

import pytest

from tests.ui.desk import make_roster, opened, settle, shown, tab

MINIMUM = """
[[minimums]]
name = "three at nine"
team = "south"
agents = 3
earliest = "09:00"
latest = "11:00"
weekdays = ["monday"]
"""


@pytest.fixture
def app(small_workspace, monkeypatch):
    from staffing.ui import workspaces

    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))
    main = small_workspace / "workspace.toml"
    text = main.read_text(encoding="utf-8").replace("seconds = 10.0", "seconds = 2.0")
    text = text.replace("service_level = 0.8", 'service_level = 0.8\nover = "day"')
    main.write_text(text + MINIMUM, encoding="utf-8")
    page = opened("roster")
    make_roster(page)
    return tab(settle(page), "Coverage")


def test_promises_and_minimums_are_told_in_words_and_figures(app):
    promises = next(table.value for table in app.dataframe if "wanted" in table.value)
    assert len(promises) == 5  # open days
    assert (promises["wanted"] - promises["kept"]).clip(lower=0).tolist() == pytest.approx(promises["lacking"].tolist())
    assert promises["planned"].notna().all()
    broken = int((promises["lacking"] > 1e-6).sum())
    said = f"{broken} of 5 promises are missed" if broken else "Every promise is kept"
    assert said in shown(app)
    assert "Promises over a day or week" in shown(app)

    lacking = next(table.value for table in app.dataframe if "minimum" in table.value)
    assert lacking["minimum"].unique().tolist() == ["three at nine"]
    assert lacking["short_hours"].sum() >= 2  # two people of the kind, three wanted for two hours
    assert "'three at nine' lacks" in shown(app)
