"""The figures above the roster: expected service, cover, hours and money, and what they do not say by themselves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from staffing.errors import StaffingError
from staffing.language import digits, marked
from staffing.language import text as said
from staffing.ui import impact, roster_chance, roster_desk, text
from staffing.ui.messages import show_error, show_notes
from staffing.ui.roster_desk import Working
from staffing.ui.state import Desk

if TYPE_CHECKING:
    from staffing.evaluation import Evaluation
    from staffing.planner import Plan

LOOK_AGAIN_S = 1.0
#: How a search ended, as its result names it.
STATUSES = (marked("optimal"), marked("gap reached"), marked("search finished"), marked("time limit"))


def show(desk: Desk, plan: Plan, work: Working) -> None:
    """The figures of the roster as it stands; after an edit those before it, until the new ones are worked out."""
    job = roster_desk.figuring(desk, plan, work)
    waits = job is not None and not job.done
    st.fragment(_told, run_every=LOOK_AGAIN_S if waits else None)(desk, plan, work, waits=waits)


def _told(desk: Desk, plan: Plan, work: Working, *, waits: bool) -> None:
    """What is there by now; at the end of waiting the page runs once more, and nobody looks again."""
    job = roster_desk.figuring(desk, plan, work)
    if job is not None and job.done and waits:
        st.rerun()
    if job is not None and job.error is not None:
        show_error(job.error)
        return
    if job is not None and not job.done:
        told = said("Figures before the last change; the new ones are being worked out.")
        st.caption(f":material/hourglass_top: {told}")
    elif job is not None:
        work.figured = job.result
    made = plan if job is None else work.figured or plan
    _headline(made, evaluated(desk, made))
    show_notes(tuple(note for note in made.notes if note not in made.forecast.notes), desk.site)


def evaluated(desk: Desk, made: Plan) -> Evaluation:
    """The evaluation of a plan's roster: under the scenario as it stands now, or its own where it was edited."""
    if math.isnan(made.roster.objective):
        return made.evaluation
    try:
        return impact.under(desk, desk.scenario, made)
    except StaffingError as error:
        st.warning(
            said("The people or queues have changed: this roster no longer fits the scenario."), icon=":material/group:"
        )
        show_error(error)
        return made.evaluation


def _headline(made: Plan, evaluation: Evaluation) -> None:
    roster_chance.headline(made)
    roster_chance.exactly(evaluation)
    found = made.roster
    if math.isnan(found.objective):
        st.caption(
            said("Edited, or kept: no solver's bound stands behind this roster; hours and service are counted anew.")
        )
        return
    st.caption(
        said(
            "Priced hours {objective} · proven bound {bound} · gap {gap} · {status} after {seconds} s",
            objective=digits(f"{found.objective:,.0f}"),
            bound=digits(f"{found.bound:,.0f}"),
            gap=digits(f"{found.gap:.2%}"),
            status=text.escape(said(str(found.status))),
            seconds=digits(f"{found.seconds:.0f}"),
        ),
        help=said(
            "The optimiser weighs paid, short and over hours and wishes by their prices. No roster under these rules "
            "can cost less than the bound; the gap is how far this one may be from the best."
        ),
    )
