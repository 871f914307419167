"""The calculator: a planner's rows in, measures out, one bad row never spoils the others."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from staffing.errors import InputError
from staffing.queueing import measures
from staffing.queueing.calculator import OUTPUTS, calculate, calculate_file

GOOD = {
    "model": "erlang_a", "calls_per_hour": "2880", "aht_s": "60", "patience_s": "120", "threshold_s": "20",
    "agents": "50",
}  # fmt: skip


def one(**changes: str) -> dict[str, str]:
    results, problems = calculate([GOOD | changes])
    assert problems == []
    return results[0]


def problem(**changes: str) -> InputError:
    results, problems = calculate([GOOD, GOOD | changes])
    assert len(problems) == 1
    assert results[0]["service_level"] != ""
    assert all(results[1][name] == "" for name in OUTPUTS)
    return problems[0]


def test_published_erlang_a_case():
    found = one()
    assert float(found["service_level"]) == pytest.approx(0.94302, abs=5e-6)
    assert float(found["abandonment"]) == pytest.approx(0.03091, abs=5e-6)
    assert float(found["asa_s"]) == pytest.approx(3.616, abs=5e-4)


def test_every_output_is_the_measure_of_its_name():
    expected = measures(calls_per_hour=2880, aht_s=60, agents=50, threshold_s=20, patience_s=120)
    found = one()
    assert {name: float(found[name]) for name in OUTPUTS} == pytest.approx(
        {name: getattr(expected, name) for name in OUTPUTS}, rel=1e-13
    )


def test_smallest_agents_for_targets_given():
    empty = {"agents": "", "model": "erlang_c", "patience_s": "", "calls_per_hour": "200", "aht_s": "180"}
    assert one(**empty, target_service_level="0.8")["agents"] == "14"
    assert one(**empty, target_asa_s="20")["agents"] == "13"
    assert one(**empty, max_occupancy="0.5")["agents"] == "20"


def test_the_number_found_keeps_the_target_and_one_fewer_does_not():
    impatient = {"calls_per_hour": "200", "aht_s": "180", "patience_s": "60"}
    found = one(**impatient, agents="", target_abandonment="0.05")
    assert float(found["abandonment"]) <= 0.05
    assert float(one(**impatient, agents=str(int(found["agents"]) - 1))["abandonment"]) > 0.05


@pytest.mark.parametrize("patience", ["", "inf", "Inf"])
def test_patience_may_be_endless(patience):
    assert one(patience_s=patience)["service_level"] == one(model="erlang_c")["service_level"]


def test_erlang_b_loses_what_it_cannot_take():
    found = one(model="erlang_b", calls_per_hour="3600", aht_s="1", agents="1")
    assert (found["wait_probability"], found["abandonment"], found["service_level"]) == ("0.5", "0.5", "0.5")


def test_decimal_load_is_taken_as_written():
    """At 99.99998 % of capacity the nearest float is already wrong in the tenth digit."""
    found = one(model="erlang_c", calls_per_hour="59.999988", aht_s="300", agents="5")
    assert float(found["asa_s"]) == pytest.approx(299999849.3760156252991, rel=1e-13)


def test_no_calls_have_no_service_level():
    found = one(calls_per_hour="0")
    assert (found["service_level"], found["asa_s"], found["queue_length"]) == ("", "", "0")
    assert one(calls_per_hour="0", agents="", target_service_level="0.8")["agents"] == "0"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "erlang_z"}, ["row 3", "model", "erlang_z"]),
        ({"aht_s": "0"}, ["row 3", "aht_s", "above 0"]),
        ({"aht_s": ""}, ["row 3", "aht_s", "empty"]),
        ({"calls_per_hour": "-3"}, ["row 3", "calls_per_hour"]),
        ({"calls_per_hour": "nan"}, ["row 3", "calls_per_hour"]),
        ({"calls_per_hour": "inf"}, ["row 3", "calls_per_hour"]),
        ({"calls_per_hour": "1e400"}, ["row 3", "calls_per_hour"]),
        ({"calls_per_hour": "1e12", "agents": "", "max_occupancy": "0.9"}, ["'calls_per_hour'", "aht_s", "the load"]),
        ({"calls_per_hour": "1/2"}, ["row 3", "calls_per_hour"]),
        ({"calls_per_hour": "many"}, ["row 3", "calls_per_hour", "many"]),
        ({"patience_s": "0"}, ["row 3", "patience_s"]),
        ({"threshold_s": "-1"}, ["row 3", "threshold_s"]),
        ({"agents": ""}, ["row 3", "agents", "target"]),
        ({"agents": "", "target_service_level": "1"}, ["row 3", "service_level"]),
        ({"agents": "", "target_abandonment": "0"}, ["row 3", "patience_s"]),
        ({"agents": "", "max_occupancy": "85"}, ["row 3", "max_occupancy"]),
    ],
)
def test_a_bad_row_is_named_and_the_others_computed(changes, words):
    message = str(problem(**changes))
    assert all(word in message for word in words), message


def test_from_file_to_file(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("\ufeffmodel,calls_per_hour,aht_s,threshold_s,agents\nerlang_c,200,180,20,14\nerlang_c,x,1,1,1\n")
    problems = calculate_file(source, target)
    rows = list(csv.DictReader(target.read_text().splitlines()))
    assert float(rows[0]["service_level"]) == pytest.approx(0.8884, abs=5e-5)
    assert [p.where.row for p in problems] == [3]
    assert rows[1]["service_level"] == ""


def test_file_without_a_column_is_refused(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("model,calls_per_hour\n")
    with pytest.raises(InputError, match="aht_s"):
        calculate_file(source, tmp_path / "out.csv")


def test_works_without_a_writable_cache(tmp_path):
    """A cache folder that is a file can be neither made nor written, even by the superuser."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    code = "from staffing import compiled, queueing; print(compiled.kernels_folder(), queueing.erlang_b(1, 1))"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(blocked / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    assert done.stdout.split() == ["None", "0.5"], done.stderr


@pytest.mark.parametrize(
    ("column", "value"),
    [("target_service_level", "1.5"), ("target_asa_s", "0"), ("target_abandonment", "1"), ("max_occupancy", "2")],
)
def test_a_bad_target_is_named_as_the_file_names_it(column, value):
    row = {"model": "erlang_a", "calls_per_hour": "200", "aht_s": "180", "patience_s": "60", "threshold_s": "20"}
    _, problems = calculate([{**row, column: value}])
    assert [problem.where.column for problem in problems] == [column]
    assert "service_level must" not in str(problems[0])
