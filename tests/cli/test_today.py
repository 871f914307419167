import json
import shutil

import pytest

NOON = "2026-11-18 12:00"


@pytest.fixture(scope="module")
def published(planned_workspace, tmp_path_factory):
    """The small desk with a published week that history reaches into."""
    from staffing.cli import main

    folder = tmp_path_factory.mktemp("day") / "desk"
    shutil.copytree(planned_workspace, folder)
    week = ["--week", "2026-11-18"]
    for words in (["roster", folder, *week, "--draft", "--out", folder.parent / "out"],
                  ["publish", folder, *week, "--why", "first"]):  # fmt: skip
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        assert ended.value.code == 0
    return folder


def test_proposals_are_told_and_accepted_as_a_new_version_with_its_reason(run, published, tmp_path):
    desk = tmp_path / "desk"
    shutil.copytree(published, desk)
    code, out, _ = run("today", desk, "--now", NOON, "--sick", "Ada", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["published"] is None
    assert told["absent"][0].startswith("Ada 12:00")
    assert set(told["before"]["in_time"]) == {"voice"}
    numbers = [one["number"] for one in told["proposals"]]
    assert numbers == list(range(1, len(numbers) + 1))
    code, out, _ = run("today", desk, "--now", NOON, "--sick", "Ada", "--accept", "all", "--of", told["list"],
                       "--why", "flu", "--by", "Mo", "--json")  # fmt: skip
    assert code == 0
    entry = json.loads(out)["published"]
    assert (entry["version"], entry["who"]) == (2, "Mo")
    assert entry["why"].startswith("flu: the rest of 2026-11-18 from 12:00: ")
    assert entry["why"].endswith("Ada sick")
    code, out, _ = run("today", desk, "--now", NOON, "--json")
    assert json.loads(out)["absent"] == []  # known already
    code, _, err = run("today", desk, "--now", NOON, "--accept", "all", "--of", told["list"])
    assert code == 2
    assert "the list is no longer" in err


def test_it_prints_the_day_as_it_is_and_as_it_could_be(run, published):
    code, out, _ = run("today", published, "--now", NOON, "--notice", "30")
    assert code == 0
    assert "Wednesday 2026-11-18 12:00" in out
    assert "voice: in time" in out
    assert "contacts came so far" in out
    assert "what came after 2026-11-18 12:00 is not looked at" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--now", "2026-11-11 12:00"], "no roster of the week of 2026-11-09 is published"),
        (["--now", "2026-11-18 22:00"], "no shift left"),
        (["--now", "2026-11-18 03:00:00+01:00"], "is not a time of the site"),
        (["--now", NOON, "--sick", "Zed"], "there is no agent 'Zed'"),
        (["--now", NOON, "--late", "Ada"], "'Ada' names no time"),
        (["--now", NOON, "--late", "Ada=soon"], "is not a time of the site"),
        (["--now", NOON, "--late", "Ada=11:00"], "cannot come late"),
        (["--now", NOON, "--accept", "first"], "is no list of proposals"),
        (["--now", NOON, "--accept", "77"], "there is no proposal 77"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_published(run, published, words, says):
    code, _, err = run("today", published, *words)
    assert code == 2
    assert says in err
    assert len((published / "rosters" / "journal.jsonl").read_text().splitlines()) == 1


def test_a_draft_is_not_left_behind(run, published, tmp_path):
    desk = tmp_path / "desk"
    shutil.copytree(published, desk)
    draft = next((desk / "rosters").glob("*.v1.parquet"))
    shutil.copy(draft, draft.with_name("2026-11-16.draft.parquet"))
    code, _, err = run("today", desk, "--now", NOON)
    assert code == 2
    assert "has a draft that is not published" in err
