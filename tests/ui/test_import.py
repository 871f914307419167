"""A file is chosen on the History page: its question is asked with buttons, the answer is kept, the rows are added."""

import pytest

from staffing.history import kept_answers
from staffing.history.options import KEPT
from tests import small
from tests.ui.desk import opened, settle, shown

DOUBTFUL = "timestamp,calls\n" + "".join(f"05/03/2025 {hour:02d}:00,{hour}\n" for hour in range(9, 17))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    from staffing.ui import workspaces

    made = small.make(tmp_path / "desk")
    monkeypatch.setenv(workspaces.VARIABLE, str(made))
    return made / "history"


def chosen(app, text):
    app.file_uploader(key="history-file").set_value(("march.csv", text.encode(), "text/csv"))
    return settle(app.run())


def test_a_question_is_answered_with_a_button_and_kept(folder):
    app = chosen(opened("history"), DOUBTFUL)
    assert "could be day first or month first" in shown(app)
    assert not any(each.label == "Add to the history" for each in app.button)
    settle(app.button(key="import-date_order-dmy").click().run())
    assert "Answered: date\\_order = dmy" in shown(app) or "Answered: date_order = dmy" in shown(app)
    settle(app.checkbox(key="import-keep").check().run())
    assert kept_answers(folder) == {"date_order": "dmy"}
    assert any(each.label == "Add to the history" for each in app.button)


def test_an_answer_can_be_taken_back(folder):
    app = chosen(opened("history"), DOUBTFUL)
    settle(app.button(key="import-date_order-mdy").click().run())
    settle(app.button(key="import-again").click().run())
    assert "could be day first or month first" in shown(app)
    assert not (folder / KEPT).exists()


def test_what_is_wrong_is_said_and_nothing_can_be_added(folder):
    app = chosen(
        opened("history"), DOUBTFUL.replace(",9\n", ",nine\n").replace("05/03", "2025-03-05 ").replace("/2025", "")
    )
    assert "Problems: 1;" in shown(app)
    assert not any(each.label == "Add to the history" for each in app.button)


def test_an_added_file_is_taken_back_and_history_is_as_it_was(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rows = "".join(f"2026-11-23 {hour:02d}:00,voice,{hour}\n" for hour in range(8, 18))
    app = chosen(opened("history"), f"timestamp,queue,calls\n{rows}")
    settle(next(each for each in app.button if each.label == "Add to the history").click().run())
    (name,) = {path.name for path in folder.iterdir()} - set(before)
    assert "10 rows, 125 contacts" in shown(app)
    settle(app.button(key=f"import-{name}").click().run())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "taken back" in shown(app)
