"""From a roster to a published one, sick calls and edits included, on the command line."""

import json

import pandas as pd

from staffing.version import VERSION
from tests.small import NEXT_WEEK


def test_the_road_of_a_roster(run, small_workspace, tmp_path):
    code, out, _ = run("publish", small_workspace, "--why", "too early")
    assert code == 2
    code, out, _ = run("roster", small_workspace, "--seconds", 5, "--draft", "--out", tmp_path, "--json")
    assert code == 0
    names = ("paid_hours", "short_hours", "excess_hours", "objective", "bound", "gap", "seconds", "status")
    assert set(names) <= set(json.loads(out))

    code, out, _ = run("publish", small_workspace, "--why", "the week", "--by", "Ada", "--json")
    assert code == 0
    first = json.loads(out)
    assert (first["version"], first["who"], first["why"], first["week"]) == (1, "Ada", "the week", NEXT_WEEK)

    code, out, err = run("replan", small_workspace, "--away", f"Dan={NEXT_WEEK}..2026-11-27", "--seconds", 4, "--json")
    assert code == 0, err
    made = json.loads(out)
    assert {row["agent"] for row in made["changes"] if row["forced"]} == {"Dan"}
    assert made["short_hours"] >= 0
    assert "Dan,2026-11-23,2026-11-27" in (small_workspace / "absences.csv").read_text(encoding="utf-8")

    code, out, _ = run("edit", small_workspace, "--agent", "Ada", "--day", "2026-11-28", "--shift", "08:00-17:00")
    assert code == 1
    assert "opening hours" in out
    code, out, _ = run("why", small_workspace)
    assert code == 0
    assert "is short" in out

    code, out, _ = run("offers", small_workspace, "--most", 3, "--json")
    assert code == 0
    assert {offer["kind"] for offer in json.loads(out)["offers"]} == {"longer shift"}  # no contract has more

    code, out, _ = run("publish", small_workspace, "--why", "Dan is ill", "--json")
    assert code == 0
    assert json.loads(out)["version"] == 2
    code, out, _ = run("published", small_workspace)
    assert code == 0
    assert "the week" in out
    assert "Dan is ill" in out


def test_who_is_away_must_be_known_and_the_days_in_order(run, small_workspace):
    wrong = {
        "Eve=2026-11-23": "no agent 'Eve'",
        "Dan=2026-11-25..2026-11-23": "ends before it begins",
        "Dan": "'Dan' names no day. Write 'Dan=YYYY-MM-DD'.",
    }
    for away, said in wrong.items():
        code, _, err = run("replan", small_workspace, "--away", away)
        assert code == 2
        assert said in err


def test_without_a_roster_nobody_is_noted_as_away(run, small_workspace):
    code, _, err = run("replan", small_workspace, "--away", f"Dan={NEXT_WEEK}")
    assert (code, "there is no roster of the week" in err) == (2, True)
    assert not (small_workspace / "absences.csv").exists()


def test_a_file_that_is_no_roster_is_not_published(run, small_workspace, tmp_path):
    (tmp_path / "junk.parquet").write_text("junk")
    pd.DataFrame({"queue": ["voice"]}).to_parquet(tmp_path / "other.parquet")
    for name in ("none.parquet", "junk.parquet", "other.parquet"):
        code, _, err = run("publish", small_workspace, "--why", "x", "--roster", tmp_path / name)
        assert (code, "is no roster that can be read" in err) == (2, True)


def test_a_wrong_day_of_an_edit_is_blamed_on_its_own_option(run, small_workspace):
    code, _, err = run("edit", small_workspace, "--agent", "Ada", "--day", "soon", "--shift", "off")
    assert (code, "field '--day': 'soon' is not a date" in err) == (2, True)


def test_the_next_week_knows_the_week_before(run, small_workspace, tmp_path):
    words = ("roster", small_workspace, "--seconds", 4, "--out", tmp_path, "--json")
    assert run(*words, "--draft")[0] == 0
    code, out, _ = run(*words, "--week", "2026-11-30", "--weeks", 2)
    assert code == 0
    assert json.loads(out)["shifts"] > 0


def test_the_version_is_told(run):
    assert run("--version")[:2] == (0, f"staffing {VERSION}\n")


def test_ctrl_c_ends_a_roster_in_words(run, small_workspace, tmp_path, monkeypatch):
    def pressed(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("staffing.roster.roster", pressed)
    code, out, err = run("roster", small_workspace, "--out", tmp_path)
    assert code == 130
    assert err.strip().splitlines()[-1] == "staffing: Stopped; nothing more was written."
    assert "Traceback" not in out + err
    assert not (tmp_path / "roster.parquet").exists()


def test_what_has_begun_and_what_was_edited_by_hand_stay(run, small_workspace, tmp_path):
    run("roster", small_workspace, "--seconds", 3, "--draft", "--out", tmp_path)
    code, out, err = run("edit", small_workspace, "--agent", "Ada", "--day", "2026-11-27", "--shift", "off", "--anyway")
    assert code == 0, err
    code, _, err = run("roster", small_workspace, "--seconds", 3, "--draft", "--out", tmp_path)
    assert code == 2
    assert "was edited by hand (Ada on 2026-11-27)" in err
    assert run("publish", small_workspace, "--why", "the week", "--anyway")[0] == 0

    code, _, err = run(
        "edit", small_workspace, "--agent", "Ada", "--day", NEXT_WEEK, "--shift", "off", "--now", "2026-11-25T12:00"
    )
    assert code == 2
    assert f"{NEXT_WEEK} is over: it is 2026-11-25 12:00. What has begun stays as it is." in err

    before = pd.read_parquet(next((small_workspace / "rosters").glob("*.v1.parquet")))
    code, out, err = run(
        "replan", small_workspace, "--away", "Dan=2026-11-26", "--now", "2026-11-25T12:00", "--seconds", 2, "--json"
    )
    assert code == 0, err
    made = json.loads(out)
    assert "What began before 2026-11-25 12:00 stays as it is." in made["stayed"]
    assert "Edited by hand, so it stays: Ada on 2026-11-27." in made["stayed"]
    assert all(row["date"] >= "2026-11-25" for row in made["changes"] + made["moved_breaks"])
    after = pd.read_parquet(next((small_workspace / "rosters").glob("*.draft.parquet")))
    noon = pd.Timestamp("2026-11-25 12:00", tz="Europe/Berlin")
    for table in (before, after):
        assert not table[table["start"] < noon].empty
    pd.testing.assert_frame_equal(
        before[before["start"] < noon].reset_index(drop=True), after[after["start"] < noon].reset_index(drop=True)
    )
    assert run("publish", small_workspace, "--why", "Dan", "--now", "2026-11-25T12:00", "--anyway")[0] == 0
    code, out, _ = run("replan", small_workspace, "--release", "Ada", "--seconds", 2, "--json")
    assert code == 0
    assert "Edited by hand, no longer: Ada on 2026-11-27." in json.loads(out)["stayed"]


def test_several_edits_are_taken_whole_or_not_at_all(run, small_workspace, tmp_path):
    run("roster", small_workspace, "--seconds", 3, "--draft", "--out", tmp_path)
    draft = next((small_workspace / "rosters").glob("*.draft.parquet"))
    code, out, err = run("starts", small_workspace, "--agent", "Ada", "--day", "2026-11-26", "--json")
    assert code == 0, err
    assert all({"shift", "saves", "short_hours"} <= set(one) for one in json.loads(out)["choices"])
    before = pd.read_parquet(draft)
    code, out, err = run("copy", small_workspace, "--agent", "Ada", "--to", "Cyd")
    assert code in (0, 1), err
    if code == 1:
        pd.testing.assert_frame_equal(pd.read_parquet(draft), before)
    code, out, err = run(
        "swap", small_workspace, "--agents", "Ada", "Dan", "--days", "2026-11-26..2026-11-27", "--anyway"
    )
    assert code == 0, err
    code, out, err = run(
        "fill", small_workspace, "--queue", "voice", "--from", "2026-11-26T09:00", "--to", "2026-11-26T12:00"
    )
    assert code == 0, err
    code, _, err = run("edit", small_workspace, "--agent", "Ada", "--day", "2026-11-26", "--shift", "off", "--weeks", 2)
    assert code == 2
    assert "there is no roster of the week of 2026-11-30" in err


def test_a_week_that_has_begun_is_drafted_once_and_never_made_anew_when_published(run, small_workspace):
    begun = "2026-11-16"  # history ends on that week's Friday
    roster = ("roster", small_workspace, "--week", begun, "--draft", "--seconds", 1)
    assert run(*roster)[0] == 0
    draft = next((small_workspace / "rosters").rglob(f"*{begun}*"))
    held = draft.read_bytes()
    code, _, err = run(*roster)
    assert code == 2
    assert f"the week of {begun} is drafted and has begun: it is 2026-11-20" in err
    assert "staffing replan, which leaves what has begun; --replace makes it anew" in err
    assert draft.read_bytes() == held
    assert run("publish", small_workspace, "--week", begun, "--why", "as worked")[0] == 0
    code, _, err = run(*roster, "--replace")
    assert code == 2
    assert f"the week of {begun} is published and has begun" in err
    assert "--replace" not in err
