"""A planner's hand on the roster: edits and undo, a sick call mended, published, and known to the next week."""

import datetime as dt
import time

import pytest

from staffing.errors import Cancelled, InputError
from staffing.planner import Plan
from staffing.store.ground import FolderGround
from staffing.store.publications import Signed
from staffing.store.roster_days import same_roster
from staffing.store.roster_work import RosterWork, RosterWorks
from staffing.store.rosters import Seen
from staffing.store.workspace import Workspace
from staffing.ui import waiting, workspaces
from staffing.ui.jobs import Job
from staffing.ui.roster_desk import Shelf, Working
from tests.roster.sites import START, need, people, shifts_of, site
from tests.ui.desk import button, go, make_roster, metric, opened, settle, shown, signed_in, tab

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _fresh_workspace(small_workspace, monkeypatch):
    monkeypatch.setenv(workspaces.VARIABLE, str(small_workspace))


def test_the_grid_keeps_every_edit_and_undo_takes_back_one(small_workspace):
    inputs = site(*people(2), requirements=need(dict.fromkeys(range(8, 17), 1.0)))
    shelf = Shelf(RosterWorks(FolderGround(small_workspace), "Ada"), inputs.start, "base")
    nothing = Seen(inputs.start, None, "v0+")
    work = Working(shelf, RosterWork.on(shifts_of("p0", "Mon 08:00-17:00"), nothing), nothing)
    one = {"edited_rows": {1: {"2026-03-03": "08:00-17:00"}}}
    work.take_edits(inputs, one, ["p0", "p1"])
    both = {"edited_rows": {1: {"2026-03-03": "08:00-17:00"}, 0: {"2026-03-02": "off"}}}
    work.take_edits(inputs, both, ["p0", "p1"])
    assert (work.edits, shelf.read().at) == (2, 2)
    assert set(work.table["agent"]) == {"p1"}
    work.undo()
    assert set(work.table["agent"]) == {"p0", "p1"}
    assert (work.life, len(work.grid), shelf.read().at) == (1, len(work.table), 1)
    work.redo()
    assert set(work.table["agent"]) == {"p1"}
    work.undo()
    work.take_edits(inputs, {"edited_rows": {0: {"2026-03-02": "03:00-04:00"}}}, ["p0", "p1"])
    assert work.problem is not None
    assert work.edits == 1
    other = Working(shelf, shelf.read(), nothing, shelf.version())
    other.take_edits(inputs, one, ["p0", "p1"])
    other.undo()
    work.take_edits(inputs, {"edited_rows": {0: {"2026-03-02": "off"}}}, ["p0", "p1"])
    assert "another window" in str(work.problem)
    assert work.edits == 1


def test_an_edit_made_when_the_sign_in_has_just_ended_is_kept_and_nothing_else_is(small_workspace, monkeypatch):
    told = signed_in(monkeypatch)
    workspace, inputs = Workspace.open(small_workspace), site(*people(2))
    roster, nothing = shifts_of("p0", "Mon 08:00-17:00"), workspace.rosters.seen(inputs.start)
    shelf = Shelf(RosterWorks(workspace.ground, "ada"), inputs.start, "base")
    work = Working(shelf, RosterWork.on(roster, nothing), nothing)
    told["X-Until"] = str(time.time() - 1)
    work.take_edits(inputs, {"edited_rows": {0: {"2026-03-02": "off"}}}, ["p0", "p1"])
    work.take(shifts_of("p1", "Tue 08:00-17:00"))
    assert work.problem is None
    with pytest.raises(InputError, match="sign-in has ended"):
        workspace.rosters.keep(roster, [nothing])
    told["X-Until"] = "4e9"
    assert shelf.read().at == 2
    assert set(shelf.read().table["agent"]) == {"p1"}


def test_a_sick_call_is_mended_accepted_and_published(small_workspace):
    app = opened("roster")
    make_roster(app)
    settle(app)
    before = metric(app, "Short").value
    tab(app, "Edit")
    app.multiselect(key="roster-away-who").set_value(["Dan"])
    button(app, "Mend the roster").click().run()
    settle(app)
    changes = next(table.value for table in app.dataframe if "forced" in table.value.columns)
    assert set(changes.loc[changes["forced"], "agent"]) <= {"Dan"}
    assert "made afresh" in shown(app)
    if len(changes):
        button(app, "Accept").click().run()
        settle(app)
        assert "Nothing has been changed" not in shown(app)
        assert "no solver's bound" in shown(app)
        button(app, "Undo").click().run()
        settle(app)
        assert metric(app, "Short").value == before
    app.text_input(key="roster-who").set_value("Ada")
    app.text_input(key="roster-why").set_value("the week")
    button(app, "Publish").click().run()
    settle(app)
    assert "Published as version 1" in shown(app)
    (entry,) = Workspace.open(small_workspace).rosters.journal()
    assert (entry.who, entry.why, entry.week) == ("Ada", "the week", MONDAY)


def test_a_kept_roster_is_opened_and_the_next_week_knows_it(small_workspace):
    app = opened("roster")
    make_roster(app)
    settle(app)
    tab(app, "Edit")
    button(app, "Keep as draft").click().run()
    settle(app)
    assert Workspace.open(small_workspace).rosters.draft(MONDAY) is not None

    started_again()
    again = opened("roster")
    assert "no solver's bound" in shown(again)
    assert metric(again, "Paid hours").value == metric(app, "Paid hours").value

    later = opened("roster", week="2026-11-30")
    make_roster(later)
    settle(later)
    tab(later, "Fairness")
    assert any("Over 2 weeks" in heading.value for heading in later.subheader)


def test_what_a_stopped_solve_had_reached_is_offered(small_workspace):
    started_again()  # plans that other tests made are none of this one
    app = opened("roster")
    make_roster(app)
    settle(app)
    made = {key: job for key, job in waiting.jobs()._jobs.items() if isinstance(job.result, Plan)}
    ((key, job),) = made.items()
    reached = job.result.roster
    started_again()
    stopped = Job(job.work, "Ada")
    stopped.error = Cancelled()
    stopped.error.best = reached
    stopped._done.set()
    again = opened("roster")
    waiting.jobs()._jobs[key] = stopped
    settle(again.run())
    assert "A whole roster had been found by then" in shown(again)
    button(again, "Use what was reached").click().run()
    settle(again)
    assert same_roster(next(iter(again.session_state["rosters"].values())).table, reached.table)
    assert "no solver's bound" in shown(again)


def test_a_publication_is_taken_back_on_the_page(small_workspace):
    book = Workspace.open(small_workspace).rosters
    first, second = (shifts_of("Ada", f"Mon {span}") for span in ("08:00-17:00", "09:00-18:00"))
    for table in (first, second):
        for column in ("start", "end"):
            table[column] += MONDAY - START
        book.publish(MONDAY, table.assign(queue="voice"), Signed("Bo", "a week"), dt.datetime.now(dt.UTC))
    app = opened("roster")
    tab(app, "Edit")
    button(app, "Open it").click().run()
    settle(app)
    assert same_roster(next(iter(app.session_state["rosters"].values())).table, book.table(book.journal()[0]))
    app.checkbox(key="roster-anyway").check()
    publish(app, "a mistake")
    assert [entry.why for entry in book.journal()] == ["a week", "a week", "a mistake"]
    assert same_roster(book.published(MONDAY), book.table(book.journal()[0]))


def test_edits_outlive_the_server_and_another_planner_is_not_written_over(small_workspace, monkeypatch):
    app = opened("roster")
    make_roster(app)
    settle(app)
    desk, work = app.session_state["desk"], next(iter(app.session_state["rosters"].values()))
    names = [agent.name for agent in desk.scenario.agents]
    day = work.table["start"].dt.tz_convert("Europe/Berlin").dt.date.min()
    who = work.table.loc[work.table["activity"] == "shift", "agent"].iloc[0]
    inputs = desk.planner.roster_inputs(desk.planner.workload(desk.scenario, start=desk.week))
    work.take_edits(inputs, {"edited_rows": {names.index(who): {str(day): "off"}}}, names)
    assert work.edits == 1

    started_again()
    again = opened("roster")
    kept = next(iter(again.session_state["rosters"].values()))
    assert (kept.edits, same_roster(kept.table, work.table)) == (1, True)
    tab(again, "Edit")
    assert "1 change" in shown(again)

    book = Workspace.open(small_workspace).rosters
    theirs = kept.first[kept.first["agent"] != who]
    book.publish(MONDAY, theirs, Signed("Bo", "quicker"), dt.datetime.now(dt.UTC))
    publish(again, "mine")
    assert "Somebody else changed this week" in shown(again)
    assert [entry.who for entry in book.journal()] == ["Bo"]
    again.button(key="roster-both").click().run()
    settle(again)
    publish(again, "both")
    assert [entry.why for entry in book.journal()] == ["quicker", "both"]
    assert book.by_hand(MONDAY) == {(who, day)}


def test_a_publication_after_which_the_server_died_is_known_to_its_planner(small_workspace):
    app = opened("roster")
    make_roster(app)
    settle(app)
    work = next(iter(app.session_state["rosters"].values()))
    assert work.work.unsaved
    book = Workspace.open(small_workspace).rosters
    book.publish(MONDAY, work.table, Signed("Ada", "mine"), dt.datetime.now(dt.UTC), seen=work.seen)

    started_again()
    again = opened("roster")
    kept = next(iter(again.session_state["rosters"].values()))
    assert (kept.work.unsaved, kept.seen.version) == (False, book.seen(MONDAY).version)
    tab(again, "Edit")
    publish(again, "once more")
    assert "Somebody else changed this week" not in shown(again)
    assert [entry.why for entry in book.journal()][:1] == ["mine"]


def started_again() -> None:
    """As a server that knows nothing of the one before."""
    waiting.jobs().end()
    waiting.jobs.cache_clear()


def publish(app, why: str) -> None:
    app.text_input(key="roster-why").set_value(why)
    app.checkbox(key="roster-anyway").set_value(True)
    button(app, "Publish").click().run()
    settle(app)


def test_ways_out_are_found_on_request():
    app = opened("roster")
    make_roster(app)
    settle(app)
    tab(app, "Why")
    button(app, "Find ways out").click().run()
    settle(app)
    go(app, "roster")
    assert "is short" in shown(app) or "short " in shown(app) or "Nothing is short" in shown(app)
