"""Answers: checked, kept per folder, and the same everywhere."""

import pytest

from staffing.errors import InputError, InputErrors
from staffing.history import ImportOptions, keep_answers, kept_answers, preview, read_history, settings
from tests.history.samples import UTC, lines

DOUBTFUL = lines("timestamp,calls", "05/03/2025 08:00,5", "05/03/2025 08:30,6")


def test_pairs_of_the_command_line_become_answers():
    assert settings(["date_order=dmy", " unit.aht = min"]) == {"date_order": "dmy", "unit.aht": "min"}


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("date_order", "field 'set': 'date_order' is not an answer. Write KEY=VALUE"),
        ("colour=red", "field 'colour': is no question of an import. Answer one of absent, calls"),
        ("absent=never", "field 'absent': 'never' is not known. Choose 'missing' or 'zero'."),
        ("queue=", "field 'queue': is empty."),
        ("timezone=Mars/Base", "field 'timezone': 'Mars/Base' is not a known time zone. Write one as Asia/Tehran."),
        ("column.weather=x", "field 'column.weather': is no question of an import."),
    ],
)
def test_wrong_answers_are_named(pair, said):
    with pytest.raises(InputError) as caught:
        settings([pair])
    assert str(caught.value).startswith(said)


def test_kept_answers_hold_for_every_file_of_the_folder(tmp_path):
    (tmp_path / "monday.csv").write_bytes(DOUBTFUL)
    assert preview(tmp_path, UTC).status == "question"
    keep_answers(tmp_path, {"date_order": "mdy"})
    keep_answers(tmp_path, {"unit.aht": "min"})
    assert kept_answers(tmp_path) == {"date_order": "mdy", "unit.aht": "min"}
    assert f"{read_history(tmp_path, UTC).frame['start'].iloc[0]:%Y-%m-%d}" == "2025-05-03"
    assert f"{read_history(tmp_path / 'monday.csv', UTC).frame['start'].iloc[0]:%Y-%m-%d}" == "2025-05-03"


def test_an_answer_given_wins_over_one_that_is_kept(tmp_path):
    (tmp_path / "monday.csv").write_bytes(DOUBTFUL)
    keep_answers(tmp_path, {"date_order": "mdy"})
    history = preview(tmp_path, UTC, ImportOptions({"date_order": "dmy"})).history
    assert f"{history.frame['start'].iloc[0]:%Y-%m-%d}" == "2025-03-05"


@pytest.mark.parametrize("text", ["date_order = [", "date_order = 'year'", "colour = 'red'", "\x00"])
def test_kept_answers_that_are_wrong_are_a_problem_of_that_file(tmp_path, text):
    (tmp_path / "monday.csv").write_bytes(DOUBTFUL)
    (tmp_path / "reading.toml").write_text(text)
    with pytest.raises(InputErrors, match=r"reading.toml"):
        read_history(tmp_path, UTC)


def test_a_question_is_an_error_that_says_how_to_answer_it(tmp_path):
    (tmp_path / "monday.csv").write_bytes(DOUBTFUL)
    with pytest.raises(InputErrors, match=r"Answer date_order=dmy: day first .* or date_order=mdy: month first"):
        read_history(tmp_path, UTC)
