import json
import tomllib

from staffing.domain.workforce import ShiftTemplate


def test_kinds_are_suggested_beside_todays_and_written_as_a_library(run, planned_workspace, tmp_path):
    out = tmp_path / "new.toml"
    words = ["--kinds", "2", "--weeks", "1", "--step", "60", "--seconds", "6", "--out", out]
    code, said, _ = run("shifts", "suggest", planned_workspace, *words, "--json")
    assert code == 0
    told = json.loads(said)
    assert len(told["suggested"]["kinds"]) == 2
    assert len(told["today"]["kinds"]) == 2  # eight and nine o'clock
    assert told["more"]["price"] <= told["suggested"]["price"] + 1e-6
    assert set(told["rosters"]) == {"suggested", "today"}
    shifts = [ShiftTemplate.parse(one) for one in tomllib.loads(out.read_text())["shifts"]]
    assert sum(len(one.starts_min) for one in shifts) == 2
    code, said, _ = run("shifts", "suggest", planned_workspace, *words[:-2], "--no-rosters")
    assert code == 0
    assert "today's library" in said


def test_lengths_that_are_none_are_refused(run, planned_workspace):
    code, _, err = run("shifts", "suggest", planned_workspace, "--kinds", "2", "--lengths", "long")
    assert code == 2
    assert "'long' are no lengths" in err
