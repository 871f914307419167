"""The roster's tables: what stays uncovered, every interval, and how the load is shared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.charts import staff
from staffing.domain.calendar import SiteCalendar
from staffing.evaluation.promises import promised
from staffing.language import marked
from staffing.language import text as said
from staffing.ui import text, views

if TYPE_CHECKING:
    from staffing.evaluation import Evaluation
    from staffing.planner import Plan

_LABELS = {
    "paid_hours": marked("Paid hours"),
    "contract_share": marked("Of contract"),
    "shifts": marked("Shifts"),
    "weekend_days": marked("Weekend days"),
    "nights": marked("Nights"),
    "late_shifts": marked("Late"),
    "undesired_shifts": marked("Undesired"),
    "preference_success": marked("Wishes kept"),
}
#: Contacts short of a promise that still keep it: rounding.
ROUNDING = 1e-6
_PERCENT = ("contract_share", "preference_success")


def uncovered(evaluation: Evaluation, site: SiteCalendar) -> None:
    """By day and hour: where agents are missing."""
    rows = evaluation.uncovered
    st.subheader(
        said("What stays uncovered"), help=said("Runs of intervals with fewer agents scheduled than required.")
    )
    if rows.empty:
        st.success(said("Nothing: every interval has the agents it needs."), icon=":material/check_circle:")
        return
    st.dataframe(
        rows.assign(day=[text.day(day, site) for day in rows["day"]]),
        hide_index=True,
        height="content" if len(rows) <= 12 else 440,
        column_order=["day", "from", "to", "queue", "short_agents", "short_hours"],
        column_config={
            "day": st.column_config.TextColumn(said("Day"), width="medium"),
            "from": said("From"),
            "to": said("To"),
            "queue": st.column_config.TextColumn(said("Queue"), width="medium"),
            "short_agents": st.column_config.NumberColumn(
                said("Short, agents"), format="%.1f", help=said("At the worst interval.")
            ),
            "short_hours": st.column_config.NumberColumn(
                said("Short, hours"), format="%.1f", help=said("Over the whole run.")
            ),
        },
    )


def promises(planned: pd.DataFrame | None, evaluation: Evaluation, site: SiteCalendar) -> None:
    """Service levels that a whole day or week keeps: contacts wanted in time, kept and lacking."""
    rows = promised(evaluation.intervals, evaluation.scenario)
    if rows.empty:
        return
    st.subheader(
        said("Promises over a day or week"), help=said("Service levels that the intervals of a period keep together.")
    )
    lacking, broken = float(rows["lacking"].sum()), int((rows["lacking"] > ROUNDING).sum())
    if broken:
        st.warning(
            said(
                "{broken} of {rows} promises are missed, by {lacking} contacts in all.",
                broken=broken,
                rows=len(rows),
                lacking=text.count(lacking, 1),
            ),
            icon=":material/warning:",
        )
    else:
        st.success(said("Every promise is kept."), icon=":material/check_circle:")
    number = st.column_config.NumberColumn
    st.dataframe(
        rows.assign(first=[text.day(day, site) for day in rows["first"]], planned=_planned(rows, planned, site)),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=["queue", "over", "first", "wanted", "kept", "lacking", "planned"],
        column_config={
            "queue": st.column_config.TextColumn(said("Queue"), width="medium"),
            "over": said("Over the"),
            "first": st.column_config.TextColumn(said("From"), width="medium"),
            "wanted": number(
                said("Wanted"), format="%.1f", help=said("Contacts to be in time: the share promised × their number.")
            ),
            "kept": number(
                said("Kept"), format="%.1f", help=said("Contacts that will be in time, of the agents really there.")
            ),
            "lacking": number(said("Lacking"), format="%.1f", help=said("Wanted − kept, where fewer are kept.")),
            "planned": number(
                said("Planned surplus"),
                format="%+.1f",
                help=said(
                    "Contacts in time beyond the promise as the optimiser counted them, each interval by itself. A "
                    "dash: edited or kept, no solver has counted."
                ),
            ),
        },
    )


def _planned(rows: pd.DataFrame, planned: pd.DataFrame | None, site: SiteCalendar) -> list[float]:
    """The optimiser's surplus of each row; NaN where it counted none."""
    known = {} if planned is None else dict(zip(zip(planned["queue"], planned["period"]), planned["surplus"]))
    keys = zip(rows["queue"], map(site.midnight, rows["first"]), strict=True)
    return [float(known.get(key, float("nan"))) for key in keys]


def minimums(made: Plan, site: SiteCalendar) -> None:
    """Minimums of seniors, skills, languages or teams that are not met, hour by hour."""
    if not made.scenario.minimums:
        return
    st.subheader(
        said("Minimums not met"),
        help=said(
            "Hours in which fewer people of a kind (seniors, a skill, a language, a team) are present than wanted."
        ),
    )
    rows = made.roster.lacking
    if math.isnan(made.roster.objective):
        st.info(said("Edited, or kept: minimums are counted when a roster is made."), icon=":material/info:")
    elif rows.empty:
        st.success(said("Every minimum is met."), icon=":material/check_circle:")
    else:
        hours = rows.groupby("minimum", sort=False)["short_hours"].sum()
        lacks = text.series(f"{text.escape(str(name))} {text.hours(short)}" for name, short in hours.items())
        st.warning(said("Lacking over the week: {lacks}.", lacks=lacks), icon=":material/warning:")
        st.dataframe(
            rows.assign(start=views.moments(rows, site)),
            hide_index=True,
            height="content" if len(rows) <= 12 else 440,
            column_order=["start", "minimum", "short_hours"],
            column_config={
                "start": st.column_config.TextColumn(said("Hour")),
                "minimum": st.column_config.TextColumn(said("Minimum"), width="medium"),
                "short_hours": st.column_config.NumberColumn(
                    said("Lacking, hours"),
                    format="%.1f",
                    help=said("People wanted − people present, × time, within the hour."),
                ),
            },
        )


def intervals(rows: pd.DataFrame, site: SiteCalendar) -> None:
    """Required, scheduled and net agents with the service they give."""
    number = st.column_config.NumberColumn
    percent = {name: rows[name] * 100 for name in ("service_level", "abandonment", "occupancy")}
    state = pd.cut(rows["net"], [-float("inf"), -0.5, 0.5, float("inf")], labels=["short", "even", "over"])
    st.dataframe(
        rows.assign(start=views.moments(rows, site), state=state.astype(str), **percent),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=[
            "start",
            "calls",
            "required",
            "scheduled",
            "net",
            "state",
            "service_level",
            "asa_s",
            "abandonment",
            "occupancy",
        ],
        column_config={
            "start": st.column_config.TextColumn(said("From")),
            "calls": number(said("Contacts"), format="%.1f"),
            "required": number(said("Required"), format="%d", help=said("Agents on the phone.")),
            "scheduled": number(said("Scheduled"), format="%.1f", help=said("After breaks and shrinkage.")),
            "net": number(said("Net"), format="%+.1f", help=said("Scheduled − required.")),
            "state": said("State"),
            "service_level": number(said("Service level"), format="%.1f %%"),
            "asa_s": number(said("ASA, s"), format="%.1f", help=said("Mean wait of the answered.")),
            "abandonment": number(said("Abandoned"), format="%.1f %%"),
            "occupancy": number(said("Occupancy"), format="%.1f %%"),
        },
    )


def fairness(evaluation: Evaluation, site: SiteCalendar) -> None:
    """The spread of each load over the agents, then agent by agent."""
    number = st.column_config.NumberColumn
    spread = evaluation.fairness.assign(label=evaluation.fairness["measure"].map(_LABELS).map(said))
    cells = {
        name: [_cell(measure, value) for measure, value in zip(spread["measure"], spread[name], strict=True)]
        for name in ("mean", "least", "most", "spread")
    }
    st.dataframe(
        spread.assign(**cells),
        hide_index=True,
        column_order=["label", "mean", "least", "most", "spread", "definition"],
        column_config={
            "label": st.column_config.TextColumn(said("Load"), width="small"),
            "mean": st.column_config.TextColumn(said("Mean"), alignment="right"),
            "least": st.column_config.TextColumn(said("Least"), alignment="right"),
            "most": st.column_config.TextColumn(said("Most"), alignment="right"),
            "spread": st.column_config.TextColumn(said("Spread"), help=said("Most − least."), alignment="right"),
            "definition": st.column_config.TextColumn(said("What it is"), width="large"),
        },
    )
    _memory(evaluation, site)
    st.subheader(said("Agent by agent, this week"))
    percent = {name: evaluation.agents[name] * 100 for name in _PERCENT}
    st.dataframe(
        evaluation.agents.assign(**percent),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=["agent", "team", "contract", *_LABELS],
        column_config={
            "agent": st.column_config.TextColumn(said("Agent"), width="medium", pinned=True),
            "team": said("Team"),
            "contract": said("Contract"),
            **{
                name: number(
                    said(label), format="%.0f %%" if name in _PERCENT else "%.1f" if name == "paid_hours" else "%d"
                )
                for name, label in _LABELS.items()
            },
        },
    )
    st.caption(said("A dash in wishes kept: the agent has no wishes, or no shifts."))


_CARRIED = {
    "weekend_days": marked("Weekend days"),
    "nights": marked("Nights"),
    "late_shifts": marked("Late"),
    "undesired_shifts": marked("Undesired"),
    "missed_wishes": marked("Wishes missed"),
}


def _memory(evaluation: Evaluation, site: SiteCalendar) -> None:
    """What each has carried over the past weeks, and how the spread has gone."""
    weeks = evaluation.drift["week"].nunique()
    st.subheader(
        said("Over {weeks} weeks", weeks=weeks) if weeks > 1 else said("Past weeks"),
        help=said("Published rosters of the weeks before, or else their drafts, and this one."),
    )
    if weeks < 2:
        st.caption(said("No roster of an earlier week is known: publish one, and its load is counted from then on."))
        return
    rows = evaluation.drift.assign(label=evaluation.drift["measure"].map(_CARRIED).map(said))
    st.altair_chart(staff.drift(rows, site), alt=said("Most less least carried, by week"))
    st.caption(
        said(
            "Most − least carried up to each week among people with the same contract and the same "
            "choice of shifts, the widest: a line that keeps rising is a share that drifts."
        )
    )
    carried(evaluation.ledger)


def carried(ledger: pd.DataFrame) -> None:
    """Counts over all known weeks, and how far each lies above a fair share."""
    number = st.column_config.NumberColumn
    st.dataframe(
        ledger.assign(preference_success=ledger["preference_success"] * 100),
        hide_index=True,
        placeholder=text.UNDEFINED,
        column_order=[
            "agent", "weeks", "shifts", *(name for m in _CARRIED for name in (m, f"above_{m}")), "preference_success"
        ],
        column_config={
            "agent": st.column_config.TextColumn(said("Agent"), width="medium", pinned=True),
            "weeks": number(said("Weeks"), format="%d"),
            "shifts": number(said("Shifts"), format="%d"),
            **{name: number(said(label), format="%d") for name, label in _CARRIED.items()},
            **{
                f"above_{name}": number(
                    said("± mean"), format="%+.1f",
                    help=said(
                        "{label} above (+) or below (−) the mean of people with the same contract and choice.",
                        label=said(label),
                    ),
                )
                for name, label in _CARRIED.items()
            },
            "preference_success": number(said("Wishes kept"), format="%.0f %%"),
        },
    )  # fmt: skip


def _cell(measure: str, value: float) -> str:
    return text.share(value, 0) if measure in _PERCENT else text.count(value, 1)
