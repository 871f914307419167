"""Leave is asked for, granted, declined and opened again; what is granted is days off."""

import datetime as dt

import pytest

from staffing.errors import InputError
from staffing.store.erasing import erase
from staffing.store.leave import LeaveRequest
from staffing.store.leave_book import ask, decide, requests
from staffing.store.workspace import Workspace

ASKED = LeaveRequest("Dan", dt.date(2026, 11, 25), dt.date(2026, 11, 26), 'to a wedding, "far"')


def off(workspace, name="Dan"):
    (agent,) = (one for one in Workspace.open(workspace.folder).base.agents if one.name == name)
    return {day for day in (dt.date(2026, 11, 24 + k) for k in range(4)) if any(day in span for span in agent.time_off)}


def test_granted_days_are_days_off_and_declined_ones_are_not(small_workspace):
    workspace = Workspace.open(small_workspace)
    ask(workspace, ASKED, "Sara")
    (request,) = requests(workspace)
    assert (request.reason, request.state) == (ASKED.reason, "open")
    assert off(workspace) == set()
    decide(workspace, request, "granted", "Sara")
    assert off(workspace) == {dt.date(2026, 11, 25), dt.date(2026, 11, 26)}
    assert not any(span for agent in workspace.told().agents if agent.name == "Dan" for span in agent.time_off)
    (request,) = requests(workspace)
    decide(workspace, request, "declined", "Sara", "the launch")
    assert off(workspace) == set()
    assert requests(workspace)[0].decided.endswith("Sara the launch")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (LeaveRequest("Nobody", ASKED.first, ASKED.last), "no agent"),
        (LeaveRequest("Dan", ASKED.last, ASKED.first), "do not fit"),
        (LeaveRequest("Dan", ASKED.last, ASKED.last), "asked for already"),
    ],
)
def test_what_cannot_be_meant_is_refused(small_workspace, request_, words):
    workspace = Workspace.open(small_workspace)
    ask(workspace, ASKED, "Sara")
    with pytest.raises(InputError, match=words):
        ask(workspace, request_, "Sara")
    assert len(requests(workspace)) == 1


def test_a_request_decided_by_somebody_else_meanwhile_is_not_decided_again(small_workspace):
    workspace = Workspace.open(small_workspace)
    ask(workspace, ASKED, "Sara")
    (seen,) = requests(workspace)
    decide(workspace, seen, "declined", "Omid")
    with pytest.raises(InputError, match="meanwhile"):
        decide(workspace, seen, "granted", "Sara")


def test_a_name_that_is_erased_goes_from_requests_too(small_workspace):
    workspace = Workspace.open(small_workspace)
    ask(workspace, ASKED, "Sara")
    erase(workspace, "Dan")
    assert "Dan" not in requests(workspace)[0].agent
