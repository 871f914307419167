"""The Staffing page takes shrinkage off as the requirement does: past attendance, less what the roster places."""

import csv

import pytest

from staffing.ui import workspaces
from tests.small import NEXT_WEEK
from tests.ui.desk import go, opened, shown, tab

SESSION = f"""
[[sessions]]
name = "new product"
minutes = 60
start = {NEXT_WEEK}
end = 2026-11-27
"""
PLANNED, UNPLANNED, PLACED_H = (
    0.2,
    0.125,
    4.0,
)  # of ten agents eight are left, of these seven; four people, an hour each


@pytest.fixture
def folder(small_workspace):
    main, file = small_workspace / "workspace.toml", small_workspace / "history" / "calls.csv"
    text = main.read_text(encoding="utf-8").replace("unplanned = 0.05", "unplanned = 0.05\nfrom_history = true")
    main.write_text(text + SESSION, encoding="utf-8")
    head, *rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([[*head, "scheduled", "planned_off", "present"], *([*row, 10, 2, 7] for row in rows)])
    return small_workspace


def test_hours_to_roster_count_history_and_sessions_once(folder, monkeypatch):
    from staffing.ui import workspaces

    monkeypatch.setenv(workspaces.VARIABLE, str(folder))
    app = opened("staffing")
    told = shown(app)
    app = tab(app, "Figures", "staffing")
    rows = next(table.value for table in app.dataframe if "to_roster" in table.value)
    rows = rows[rows["agents"] > 0]
    planned_h = float(rows["agents"].sum()) / ((1 - PLANNED) * (1 - UNPLANNED)) * PLANNED
    left = (1 - PLANNED * (1 - PLACED_H / planned_h)) * (1 - UNPLANNED)
    assert rows["to_roster"].tolist() == pytest.approx((rows["agents"] / left).tolist())
    assert f"shrinkage, here {1 - left:.1%}".replace("%", " %") in told


def test_what_comes_from_history_is_switched_on_the_page(small_workspace, monkeypatch):
    """History that cannot tell is said on the Forecast page; the given shares and patience stand in."""

    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))
    app = opened("staffing")
    for label in ("From past attendance", "Patience from history"):
        next(toggle for toggle in app.toggle if toggle.label == label).set_value(True).run()
    app = go(app, "forecast")
    notes = [box.value for box in (*app.info, *app.markdown)]
    assert any("shrinkage is the given shares" in note for note in notes)
    assert any("patience is the given one" in note for note in notes)
