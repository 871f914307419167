import json
import shutil

import pytest


@pytest.fixture(scope="module")
def drafted(planned_workspace, tmp_path_factory):
    from staffing.cli import main

    folder = tmp_path_factory.mktemp("bids") / "desk"
    shutil.copytree(planned_workspace, folder)
    with pytest.raises(SystemExit) as ended:
        main(["roster", str(folder), "--draft", "--out", str(folder.parent / "out")])
    assert ended.value.code == 0
    return folder


def test_lines_are_told_and_given_and_kept(run, drafted, tmp_path):
    desk = tmp_path / "desk"
    shutil.copytree(drafted, desk)
    code, out, _ = run("bids", "lines", desk, "--json")
    assert code == 0
    lines = json.loads(out)
    owners = {owner: one["line"] for one in lines for owner in one["owners"]}
    wished = next(line for owner, line in owners.items() if line != owners["Ada"])
    (desk / "bids.csv").write_text(f"agent,line,rank,points\nAda,{wished},1,5\n")
    code, out, _ = run("bids", "assign", desk, "--by", "points", "--keep", "--json")
    assert code == 0
    awards = {award["agent"]: award for award in json.loads(out)["awards"]}
    assert awards["Ada"]["rank"] in (0, 1)
    assert sorted(award["line"] for award in awards.values()) == sorted(owners.values())
    code, out, _ = run("bids", "lines", desk, "--json")
    now = {owner: one["line"] for one in json.loads(out) for owner in one["owners"]}
    assert now["Ada"] == awards["Ada"]["line"]
    code, out, _ = run("bids", "assign", desk, "--by", "seniority")
    assert "of 1 who bid got a wish" in out


def test_no_bids_and_strange_bids_are_refused(run, drafted, tmp_path):
    desk = tmp_path / "desk"
    shutil.copytree(drafted, desk)
    code, _, err = run("bids", "assign", desk, "--by", "points")
    assert (code, "there are no bids" in err) == (2, True)
    (desk / "bids.csv").write_text("agent,line,rank\nAda,Lnone,1\n")
    code, _, err = run("bids", "assign", desk, "--by", "points")
    assert (code, "which does not exist" in err) == (2, True)
    after = {path.name: path.read_bytes() for path in (desk / "rosters").iterdir()}
    assert after == {path.name: path.read_bytes() for path in (drafted / "rosters").iterdir()}
