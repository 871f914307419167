"""A person's name erased from the command line: first told where it stands, then done."""

import json


def test_the_command_tells_before_it_does(run, small_workspace):
    people = small_workspace / "agents.csv"
    code, out, _ = run("erase", small_workspace, "--agent", "Dan")
    assert (code, "agents.csv" in out, "To erase it: --yes" in out) == (0, True, True)
    assert "Dan" in people.read_text()
    code, out, _ = run("erase", small_workspace, "--agent", "Dan", "--yes", "--json")
    assert (code, json.loads(out)["stands_for"]) == (0, "former-1")
    assert "Dan" not in people.read_text()
    assert run("check", small_workspace)[0] == 0
    assert run("erase", small_workspace, "--agent", "Dan")[0] == 2
