"""Work beside the page: begun by a button or by the page itself, shown until it ends, stopped on request."""

from __future__ import annotations

import datetime as dt
import logging
import time
from functools import cache
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from staffing.errors import Cancelled, StaffingError
from staffing.language import heard
from staffing.language import text as said
from staffing.ui import tasks, text, turns
from staffing.ui.jobs import Job, Jobs, PoolName, Work
from staffing.ui.messages import show_error
from staffing.ui.who import user
from staffing.work import WorkerTask

#: Work shorter than this ends before the page is drawn: no progress bar flashes by.
QUICK_S = 0.6
#: A page waits for work that it needs itself for so long; what takes longer is asked after time and again.
WAITS_HERE_S = 20.0
STEP_S = 0.5
WORTH_A_RECORD_S = 1.0
log = logging.getLogger("staffing.ui")


def begin(key: str, work: Work) -> None:
    """Begin a job when a button is pressed."""
    jobs().start(key, work, user())


@cache
def jobs() -> Jobs:
    """The work of all sessions of this server."""
    return Jobs(recorded)


def recorded(job: Job) -> None:
    """Keep a record of what took long or failed, where there is a database; a record that cannot be kept is logged."""
    if job.took_s < WORTH_A_RECORD_S and job.error is None:
        return
    from staffing.store.sql.jobs import JobRecord, record

    outcome = "done" if job.error is None else "stopped" if isinstance(job.error, Cancelled) else "failed"
    told = str(job.error) if outcome == "failed" else ""
    what, place = tasks.named(job.work.task)
    try:
        now = dt.datetime.now(dt.UTC)
        record(JobRecord(place, now, job.user, what, round(job.waited_s, 3), round(job.took_s, 3), outcome, told))
    except StaffingError as error:
        log.warning("no record of %s: %s", what, error)


def warmed_up() -> bool:
    """Whether all is compiled, and the processes have loaded what pages need; it is begun when first asked.

    Each pool loads what it does first. What rosters need is not waited for where it has only to be loaded: a first
    solve, which takes longer, does so.
    """
    if not jobs().warm:
        first: dict[PoolName, WorkerTask] = {"contacts": tasks.warm_contacts, "rosters": tasks.warm_rosters}
        pages, solves = (jobs().start(f"warm-up-{pool}", Work(task, pool)) for pool, task in first.items())
        jobs().warm = pages.done and (bool(pages.result) or solves.done)
    return jobs().warm


def finished(key: str, title: str, work: Work) -> Any:
    """The result of a job, begun if need be; until it is there, this page shows its progress and ends here."""
    job = jobs().start(key, work, user())
    if soon(job) or _ends_here(key, title, job):
        return outcome(key, job)
    show_progress(key, title)
    return st.stop()


def soon(job: Job, seconds: float = QUICK_S) -> bool:
    """Whether a job ends within so many seconds; other pages are drawn meanwhile."""
    if job.done:
        return True
    with turns.stood_aside():
        return job.wait(seconds)


def _ends_here(key: str, title: str, job: Job) -> bool:
    """Whether the job ends while this run waits for it, showing its progress.

    A run that waits and goes on costs the server half of what one costs that ends, asks time and again and is begun
    anew: what twenty planners wait for must not be held up by their waiting. Whatever is pressed meanwhile ends it.
    """
    place, until = st.empty(), time.monotonic() + WAITS_HERE_S
    with place.container():
        bar = _bar(f"{key}-here", title, job)
    while not soon(job, STEP_S) and time.monotonic() < until:
        bar.progress(job.state[1], text=_stage(title, job))
    place.empty()
    return job.done


def outcome(key: str, job: Job) -> Any:
    """The result of an ended job; a failed one shows why, offers another try and ends the page."""
    if job.error is None:
        return job.result
    if isinstance(job.error, Cancelled):
        st.info(said("Stopped. Nothing was changed."), icon=":material/stop_circle:")
    else:
        show_error(job.error)
    st.button(said("Try again"), key=f"again-{key}", on_click=jobs().forget, args=(key,), icon=":material/refresh:")
    return st.stop()


@st.fragment(run_every=1.0)
def show_progress(key: str, title: str) -> None:
    """A progress bar that polls its job, with a way to stop it; reruns the page at the end."""
    job = jobs().find(key)
    if job is None or job.done:
        st.rerun()
    _bar(key, title, job)


def _bar(key: str, title: str, job: Job) -> DeltaGenerator:
    """The progress of a job, and a button that stops it."""
    left, right = st.columns([6, 1], vertical_alignment="bottom")
    bar = left.progress(job.state[1], text=_stage(title, job))
    right.button(
        said("Stop"),
        key=f"stop-{key}",
        on_click=job.stop,
        disabled=job.stopping,
        icon=":material/stop:",
        width="stretch",
    )
    return bar


def _stage(title: str, job: Job) -> str:
    stage = heard("stopping …" if job.stopping else job.state[0])
    return f"{text.escape(title)} · {text.escape(stage)} · {text.seconds(round(job.elapsed_s))}"
