import csv

import pytest

from staffing.cli import main

HEADER = "model,calls_per_hour,aht_s,patience_s,threshold_s,agents,target_service_level,max_occupancy\n"


def erlang(tmp_path, text):
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["erlang", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv")])
    if not (tmp_path / "out.csv").exists():
        return ended.value.code, []
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        return ended.value.code, list(csv.DictReader(file))


def test_published_values(tmp_path):
    """200 calls an hour of 180 s: 13 agents answer 79.56 % within 20 s, 14 answer 88.84 %; 80/20 takes 14."""
    code, rows = erlang(
        tmp_path, HEADER + "erlang_c,200,180,,20,13,,\nerlang_c,200,180,inf,20,14,,\nerlang_c,200,180,,20,,0.8,\n"
    )
    assert code == 0
    assert [round(float(row["service_level"]), 4) for row in rows] == [0.7956, 0.8884, 0.8884]
    assert round(float(rows[0]["asa_s"]), 2) == 17.12
    assert rows[2]["agents"] == "14"


def test_a_bad_row_is_named_and_the_others_are_computed(tmp_path, capsys):
    text = HEADER + "erlang_c,200,180,,20,13,,\nerlang_c,-5,180,,20,13,,\nerlang_x,1,1,,1,1,,\nerlang_b,60,60,,0,1,,\n"
    code, rows = erlang(tmp_path, text)
    assert code == 3
    assert [bool(row["wait_probability"] or row["occupancy"]) for row in rows] == [True, False, False, True]
    problems = capsys.readouterr().err
    assert "row 3" in problems
    assert "row 4" in problems
    assert "row 2" not in problems


@pytest.mark.parametrize("text", ["", "model\n", "not,a,calculator\n1,2,3\n"])
def test_a_file_that_is_no_input_is_named(tmp_path, capsys, text):
    code, rows = erlang(tmp_path, text)
    assert (code, rows) == (2, [])
    assert "in.csv" in capsys.readouterr().err
