"""What a chart says, its reader hears: titles, tooltips and dates are looked up."""

import ast
import json
from pathlib import Path

import pandas as pd
import pytest

import staffing.charts
from staffing.charts import demand, staff
from staffing.language import speaking
from tests.evaluation.two_people import scenario

ROOM = Path(staffing.charts.__file__).parent
PAGES = [path for path in sorted(ROOM.glob("*.py")) if path.name != "notebook.py"]  # notebooks speak English


def faults(tree):
    """Tooltips without a title, words that no look-up holds, dates that the browser would write itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Tooltip":
            given = {word.arg for word in node.keywords}
            if "title" not in given:
                yield f"{node.lineno}: a tooltip without a title"
        for word in node.keywords if isinstance(node, ast.Call) else ():
            if word.arg == "title" and isinstance(word.value, ast.Constant | ast.JoinedStr) and _words(word.value):
                yield f"{node.lineno}: a title past the catalogue"
            if word.arg == "format" and isinstance(word.value, ast.Constant) and "%b" in str(word.value.value):
                yield f"{node.lineno}: a date of no calendar"
            listed = word.value.elts if word.arg == "tooltip" and isinstance(word.value, ast.List) else ()
            if any(isinstance(one, ast.Constant) for one in listed):
                yield f"{node.lineno}: a column's own name for a reader"


def _words(node):
    return not isinstance(node, ast.Constant) or bool(node.value)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_charts_say_nothing_past_the_reader(path):
    assert list(faults(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_what_goes_past_the_reader_is_found():
    wrong = 'alt.X("a:T", title="day", axis=alt.Axis(format="%d %b")); a.encode(tooltip=["day", alt.Tooltip("b")])'
    assert len(list(faults(ast.parse(wrong)))) == 4


def test_time_lines_and_drifts_are_dated_as_the_site_is():
    site = scenario(site={"display": "jalali"}).site
    day = pd.Timestamp("2026-11-22")
    events = pd.DataFrame([{"name": "a", "kind": "launch", "start": day, "until": day + pd.Timedelta(days=3),
                            "on": True, "state": "on", "label": ""}])  # fmt: skip
    week = pd.DataFrame([{"start": day, "until": day + pd.Timedelta(days=7)}])
    rows = pd.DataFrame([{"week": "2026-11-22", "label": "x", "spread": 1, "above": 0.5, "agent": "Ada"}])
    with speaking("fa"):
        drawn = demand.timeline(events, week, site), staff.drift(rows, site)
        told = [json.dumps(one.to_dict(), ensure_ascii=False, default=str) for one in drawn]
    assert all("۱ آذر" in line for line in told)
