"""Of which calls the notes of a plan tell."""

import pytest

from staffing.domain.demand import Queue
from staffing.domain.scenario import Scenario
from staffing.language import heard, speaking
from staffing.planner import Planner
from staffing.planner.notes import counted_in
from staffing.store.workspace import Workspace

SCENARIO = Scenario(name="base", queues=(Queue(name="voice"), Queue(name="chat")))
TOLD = ("voice: the level changed on 2026-11-18. If it lasts, about 53,298 a day.",)
SHARE = "Notes tell the calls of history, of which the plan counts 20%."


@pytest.mark.parametrize(
    ("notes", "factor", "expected"),
    [(TOLD, 1.0, ()), ((), 0.2, ()), (("voice: only 3 days of history.",), 0.2, ()), (TOLD, 0.2, (SHARE,))],
)
def test_the_share_that_counts_is_said_where_notes_tell_calls(notes, factor, expected):
    assert counted_in(notes, SCENARIO.with_changes(volume_factor=factor)) == expected


def test_queues_of_their_own_share_are_named():
    queues = [{"name": "voice", "contained": 0.25}, {"name": "chat"}]
    (said,) = counted_in(TOLD, SCENARIO.patched({"queues": queues}))
    assert said == "voice: notes tell the calls of history, of which the plan counts 75%."
    with speaking("fa"):
        assert "۷۵" in heard(said)
        assert "۲۰" in heard(SHARE)


def test_a_forecast_says_it_after_its_notes(small_workspace):
    path = small_workspace / "history" / "calls.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if not ("2026-10-26" <= line < "a" and line[11:13] >= "15")))
    workspace = Workspace.open(small_workspace)
    notes = Planner.open(workspace).forecast(workspace.base.with_changes(volume_factor=0.2)).notes
    assert any("calls a day" in note for note in notes)
    assert notes.count(SHARE) == 1
