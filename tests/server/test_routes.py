"""The addresses beside the pages: health, figures, the read API with tokens, a person's own shifts."""

import datetime as dt
import json

import icalendar
import pytest
from starlette.applications import Starlette

from staffing.server import personal
from staffing.server.routes import routes
from staffing.store import links
from staffing.store.publications import Signed
from staffing.store.workspace import Workspace
from tests.roster.sites import START, shifts_of
from tests.server.asgi import ask

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture
def workspace(small_workspace):
    made = Workspace.open(small_workspace)
    shift = (MONDAY - START).days
    ada, dan = shifts_of("Ada", "Mon 08:00-17:00"), shifts_of("Dan", "Tue 09:00-18:00")
    for table in (ada, dan):
        for column in ("start", "end"):
            table[column] += dt.timedelta(days=shift)
    import pandas as pd

    table = pd.concat([ada, dan]).assign(queue="voice")
    made.rosters.publish(MONDAY, table, Signed("Bo", "the week"), dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    return made


@pytest.fixture
def site(workspace):
    return Starlette(routes=routes(lambda: {"desk": str(workspace.folder)}, lambda: True))


def with_token(token: str):
    return [("authorization", f"Bearer {token}")]


def test_health_and_figures(site):
    assert json.loads(ask(site, "/healthz").text) == {"status": "ok", "workspaces": 1}
    figures = ask(site, "/metrics")
    assert figures.headers["content-type"].startswith("text/plain")
    assert "staffing_workspaces 1.0" in figures.text


def test_it_is_not_ready_before_the_first_plan_need_not_wait(workspace):
    answer = ask(Starlette(routes=routes(dict, lambda: False)), "/healthz")
    assert (answer.status, "starting" in answer.text) == (503, True)


def test_the_read_api_answers_who_holds_a_token_of_the_workspace(site, workspace):
    token = links.make(workspace.ground, "api", "dashboard")
    told = json.loads(ask(site, "/api/v1/desk/published", headers=with_token(token), query=f"week={MONDAY}").text)
    assert (told["version"], told["who"], told["why"]) == (1, "Bo", "the week")
    assert {row["agent"] for row in told["rows"]} == {"Ada", "Dan"}
    assert told["rows"][0]["start"] == "2026-11-23T09:00:00+01:00"
    assert told["rows"][1]["queue"] in ("voice", None)
    listed = json.loads(ask(site, "/api/v1/desk/publications", headers=with_token(token)).text)
    assert [entry["week"] for entry in listed["publications"]] == [str(MONDAY)]
    need = json.loads(ask(site, "/api/v1/desk/requirements", headers=with_token(token), query=f"week={MONDAY}").text)
    assert {"queue", "start", "agents"} <= set(need["rows"][0]) or need["rows"]
    for question, query, says in (
        ("published", "week=2026-12-07", "not published"),
        ("draft", f"week={MONDAY}", "no draft"),
        ("forecast", f"week={MONDAY}", "staffing batch"),
        ("published", "week=soon", "YYYY-MM-DD"),
        ("everything", "", "Ask for published"),
    ):
        answer = ask(site, f"/api/v1/desk/{question}", headers=with_token(token), query=query)
        assert (answer.status, says in answer.text) == (404, True)


def test_without_a_token_the_api_tells_nothing_not_even_what_there_is(site, workspace):
    person = links.make(workspace.ground, "person", "Dan")
    for path in ("/api/v1/desk/published", "/api/v1/elsewhere/published"):
        for headers in ((), with_token("x"), with_token(person), [("authorization", "Basic x")]):
            answer = ask(site, path, headers=headers)
            assert (answer.status, answer.text) == (401, '{"error":"No such token for this workspace."}')


def test_the_api_is_described_without_anything_from_outside(site):
    described = json.loads(ask(site, "/api/v1/openapi.json").text)
    assert "/api/v1/{workspace}/published" in described["paths"]
    page = ask(site, "/api/v1").text
    assert "publish" in page
    assert "src=" not in page


def test_a_person_sees_their_own_shifts_and_nobody_elses(site, workspace, monkeypatch):
    secret = links.make(workspace.ground, "person", "Dan")
    today = MONDAY
    shown = personal.page(workspace, "Dan", today)
    assert ("Tuesday 24 November" in shown, "Ada" in shown, "Monday 23" in shown) == (True, False, False)
    calendar = icalendar.Calendar.from_ical(personal.feed(workspace, "Dan", today))
    (event,) = calendar.walk("VEVENT")
    assert event["dtstart"].dt == dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
    assert b"Ada" not in personal.feed(workspace, "Dan", today)
    page = ask(site, f"/me/desk/{secret}")
    assert (page.status, "Dan" in page.text, page.headers["cache-control"]) == (200, True, "no-store")
    feed = ask(site, f"/me/desk/{secret}.ics")
    assert feed.headers["content-type"].startswith("text/calendar")
    links.revoke(workspace.ground, "person", "Dan")
    for path in (f"/me/desk/{secret}", f"/me/desk/{secret}.ics", "/me/desk/x", f"/me/elsewhere/{secret}"):
        assert ask(site, path).status == 404


def test_names_are_data_on_the_personal_page(small_workspace):
    workspace = Workspace.open(small_workspace)
    assert "<script>" not in personal.page(workspace, "<script>alert(1)</script>", MONDAY)
