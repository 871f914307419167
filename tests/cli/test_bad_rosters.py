"""Each sort of bad roster input, written into the files of a workspace: one clear error, or a note; never silence."""

import json

import pandas as pd
import pytest

RULES = "\n[rules]\n{}\n"
PIN = '\n[[pins]]\nagent = "{}"\nday = 2026-11-24\nshift = "{}"\n'
CHANGES = """
[[rule_changes]]
name = "agreement"
start = 2026-11-01
teams = ["north"]
rules = { min_rest_h = 12.0 }

[[rule_changes]]
name = "late summer"
end = 2026-12-01
rules = { min_rest_h = 10.0 }
"""
REFUSED = {
    "an unknown skill": ("agents.csv", "Ada,north,full,voice", "Ada,north,full,fax", "unknown skill 'fax'"),
    "a contract without hours": ("shifts.toml", "max_hours = 40\n", "", "'contracts.0.max_hours': is missing"),
    "a shift longer than the opening hours": (
        "shifts.toml", "length_min = 540", "length_min = 720", "of 12 h fits into the opening hours on no day",
    ),
    "a break past the shift's end": ("shifts.toml", "latest_min = 300", "latest_min = 520", "past the shift's end"),
    "a break before the shift": ("shifts.toml", "earliest_min = 180", "earliest_min = -10", "breaks.0.earliest_min"),
    "a shift for an unknown team": ("shifts.toml", 'name = "day"', 'name = "day"\nteams = ["blue"]', "team 'blue'"),
    "a limit on an unknown shift": (
        "workspace.toml", "", RULES.format("max_shifts_of = { dya = 2 }"), "unknown shift 'dya'; known: day",
    ),
    "a succession of an unknown shift": (
        "workspace.toml", "", RULES.format('forbidden_next = [["day", "dya"]]'), "unknown shift 'dya'; known: day",
    ),
    "an unknown rule": ("workspace.toml", "", RULES.format("min_rest = 9"), "'rules.min_rest': is not a known field"),
    "a pin of an unknown person": (
        "workspace.toml", "", PIN.format("Eve", "off"), "the pin of 2026-11-24 names the unknown agent 'Eve'",
    ),
    "two pins of one day": (
        "workspace.toml", "", PIN.format("Ada", "off") + PIN.format("Ada", "08:00-17:00"),
        "2026-11-24 of 'Ada' is pinned to off and to 08:00-17:00",
    ),
    "a pin to a shift that no contract has": (
        "workspace.toml", "", PIN.format("Ada", "03:00-04:00"), "'Ada' on 2026-11-24 is no shift that the contract",
    ),
    "a pin to a shift on a closed day": (
        "workspace.toml", "", PIN.format("Ada", "09:00-17:00").replace("11-24", "11-29"), "a day without any shift",
    ),
    "a pin on granted time off": (
        "workspace.toml", "", PIN.format("Cyd", "08:00-17:00"),
        "the pin of 'Cyd' on 2026-11-24 breaks a rule: works on a granted day off (time off). Take the pin off",
    ),
    "pins of a later week too close to each other": (
        "workspace.toml", "",
        PIN.format("Ada", "08:00-17:00").replace("11-24", "12-08")
        + PIN.format("Ada", "09:00-18:00").replace("11-24", "12-09") + RULES.format("min_rest_h = 20"),
        "the pin of 'Ada' on 2026-12-09 breaks a rule: 16 h rest before 09:00, at least 20 (rest). "
        "Take the pin off or move it, or give min_rest_h a price in [rules]",
    ),
    "a pin that is no shift": ("workspace.toml", "", PIN.format("Ada", "09-17"), "pins.0.shift"),
    "a wish for an unknown shift": ("agents.csv", "voice,,,day", "voice,,,dya", "unknown shift or weekday 'dya'"),
}  # fmt: skip


def put(workspace, file, old, new):
    path = workspace / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")


@pytest.mark.parametrize("sort", REFUSED)
def test_what_cannot_be_meant_is_one_clear_error(run, small_workspace, sort):
    file, old, new, said = REFUSED[sort]
    put(small_workspace, file, old, new)
    code, out, err = run("check", small_workspace)
    assert (code, said in err) == (2, True), err
    assert "Traceback" not in out + err


def test_nobody_to_roster_is_said(run, small_workspace, tmp_path):
    header = (small_workspace / "agents.csv").read_text(encoding="utf-8").splitlines()[0]
    (small_workspace / "agents.csv").write_text(header + "\n", encoding="utf-8")
    code, _, err = run("roster", small_workspace, "--out", tmp_path)
    assert (code, "there are no agents (agents.csv) to roster" in err) == (1, True)


def test_two_changes_of_one_rule_say_which_wins(run, small_workspace):
    put(small_workspace, "workspace.toml", "", CHANGES)
    code, out, _ = run("check", small_workspace)
    assert code == 0
    assert "'agreement' and 'late summer' both set min_rest_h: 'late summer', the later, wins." in out


def test_prices_of_rules_that_are_not_set_and_changes_without_rules_are_told(run, small_workspace):
    change = '\n[[rule_changes]]\nname = "agreement"\nrules = {}\n'
    put(small_workspace, "workspace.toml", "", RULES.format("prices = { max_weekends = 9, min_rest_h = 5 }") + change)
    out = run("check", small_workspace)[1]
    assert "[rules] prices max_weekends, which no rule sets: set it, or take its price out." in out
    assert "The rule change 'agreement' sets nothing: name its rules, or take it out." in out
    put(small_workspace, "workspace.toml", "rules = {}", "rules = { max_weekends = 2 }")
    out = run("check", small_workspace)[1]
    assert "which no rule sets" not in out
    assert "sets nothing" not in out


def test_needs_that_nobody_can_meet_and_people_who_can_work_nothing_are_stated(run, small_workspace, tmp_path):
    put(small_workspace, "agents.csv", "monday;tuesday;wednesday;thursday;friday", "saturday;sunday")
    put(small_workspace, "agents.csv", "Dan", "<b>@Dan</b>")
    words = ("roster", small_workspace, "--seconds", 2, "--out", tmp_path)
    code, out, _ = run(*words, "--json")
    made = json.loads(out)
    assert code == 0
    assert made["short_hours"] > 20
    assert any(note.startswith("No shift can be worked by Cyd: mind") for note in made["notes"])
    assert set(pd.read_parquet(tmp_path / "roster.parquet")["agent"]) == {"Ada", "=Bob()", "<b>@Dan</b>"}
    code, out, _ = run(*words)
    assert (code, "Note: No shift can be worked by Cyd" in out) == (0, True)


def test_days_away_lie_in_the_week_and_not_over_years(run, small_workspace, tmp_path):
    assert run("roster", small_workspace, "--seconds", 2, "--draft", "--out", tmp_path)[0] == 0
    wrong = {
        "Dan=2026-11-23..2028-11-24": "is more than a year. Mind the year",
        "Dan=2026-12-23": "lies outside the week of 2026-11-23. Say which week to mend with --week.",
    }
    for away, said in wrong.items():
        code, _, err = run("replan", small_workspace, "--away", away)
        assert (code, said in err) == (2, True), err
    assert not (small_workspace / "absences.csv").exists()


def test_days_kept_lie_in_the_week_and_are_not_days_away(run, small_workspace, tmp_path):
    assert run("roster", small_workspace, "--seconds", 2, "--draft", "--out", tmp_path)[0] == 0
    code, _, err = run("replan", small_workspace, "--keep", "Dan=2026-12-23")
    assert (code, "'--keep': 2026-12-23 lies outside the week of 2026-11-23" in err) == (2, True), err
    for keep in ("Dan", "Dan=2026-11-24"):
        code, _, err = run("replan", small_workspace, "--away", "Dan=2026-11-24", "--keep", keep)
        assert (code, "'--keep': Dan is away on 2026-11-24" in err) == (2, True), err
    assert not (small_workspace / "absences.csv").exists()


def test_a_pinned_day_is_in_the_roster_and_stays_when_it_is_mended(run, small_workspace, tmp_path):
    put(small_workspace, "workspace.toml", "", PIN.format("Ada", "off"))
    assert run("roster", small_workspace, "--seconds", 2, "--draft", "--out", tmp_path)[0] == 0
    words = ("replan", small_workspace, "--away", "Dan=2026-11-24", "--seconds", 2, "--most-changed", 1, "--json")
    code, out, _ = run(*words, "--keep", "=Bob()", "--keep", "Cyd=2026-11-25")
    assert code == 0
    changed = {(row["agent"], row["date"]) for row in json.loads(out)["changes"]}
    assert "=Bob()" not in {agent for agent, _ in changed}
    assert not {("Cyd", "2026-11-25"), ("Ada", "2026-11-24")} & changed
    code, _, err = run("replan", small_workspace, "--keep", "Eve=2026-11-24")
    assert (code, "'--keep': there is no agent 'Eve'" in err) == (2, True), err
