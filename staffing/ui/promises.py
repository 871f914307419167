"""What was promised against what came, worked out beside the pages that show it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from staffing.language import text as said
from staffing.ui import tasks, text
from staffing.ui.jobs import Work
from staffing.ui.state import Desk
from staffing.ui.waiting import jobs, outcome, show_progress, soon
from staffing.ui.who import user

if TYPE_CHECKING:
    from staffing.evaluation.accuracy import Accuracy
    from staffing.store.kept import Kept


def kept_runs(desk: Desk) -> list[Kept]:
    """Every kept forecast, the oldest promise first."""
    return list(desk.workspace.forecasts.all())


def promises(desk: Desk) -> Accuracy | None:
    """Every kept forecast of the scenario against what came; None where none is kept, and while it is worked out,
    which the page then shows."""
    kept = kept_runs(desk)
    if not kept:
        return None
    scenario = desk.scenario
    key = desk.stage_key(f"promises-{len(kept)}-{kept[-1].run}", scenario)
    work = Work(partial(tasks.promises, desk.source, kept, scenario), history=desk.history.sha256)
    job = jobs().start(key, work, user())
    if soon(job):
        made: Accuracy = outcome(key, job)
        return made
    show_progress(key, said("Holding promises against what came"))
    return None


def worse(desk: Desk) -> None:
    """Whether the forecast is worse than it was, where, and since when."""
    from staffing.evaluation.worsening import sentences

    found = promises(desk)
    if found is None:
        return
    grown = bool(found.worse["worse"].any())
    for sentence in sentences(found.worse):
        tell = st.warning if grown else st.caption
        tell(text.escape(sentence))
