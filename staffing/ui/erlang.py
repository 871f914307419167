"""The Erlang calculator: agents for a promise, or the promise for some agents; one case or a whole file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from staffing.errors import InputError, Where
from staffing.language import digits, marked
from staffing.language import text as said
from staffing.ui import text
from staffing.ui.messages import clear_errors, show_error

if TYPE_CHECKING:
    from collections.abc import Mapping

MODELS = {
    "erlang_a": marked("Erlang A: callers wait, and hang up when their patience ends"),
    "erlang_c": marked("Erlang C: callers wait for ever"),
    "erlang_b": marked("Erlang B: callers who find every agent busy are lost"),
}
MAX_ROWS = 20_000
AROUND = range(-3, 6)
SHARES = (
    "wait_probability",
    "service_level",
    "service_level_answered",
    "service_level_excl_short_abandons",
    "probability_wait_within_threshold",
    "abandonment",
    "occupancy",
)
MEASURES = {
    "service_level": (marked("Service level"), marked("Answered within the threshold ÷ offered.")),
    "asa_s": (marked("ASA, s"), marked("Mean wait of the answered.")),
    "abandonment": (marked("Abandonment"), marked("Abandoned ÷ offered.")),
    "occupancy": (marked("Occupancy"), marked("Share of time an agent handles calls.")),
    "wait_probability": ("P(wait)", marked("A caller finds every agent busy.")),
    "mean_wait_s": (marked("Mean wait, s"), marked("Mean time in queue of all offered, answered or not.")),
    "queue_length": (marked("Waiting"), marked("Mean number of callers waiting.")),
    "service_level_answered": (marked("… of answered"), marked("Answered within the threshold ÷ answered.")),
    "service_level_excl_short_abandons": (
        marked("… short abandons out"),
        marked("Answered within ÷ (offered − abandoned within the threshold)."),
    ),
    "probability_wait_within_threshold": (
        "P(wait ≤ T)",
        marked("Time in queue at most the threshold, answered or not."),
    ),
}
TEMPLATE = """model,calls_per_hour,aht_s,patience_s,threshold_s,agents,target_service_level,target_abandonment
erlang_c,200,180,,20,,0.8,
erlang_a,200,180,120,20,,0.8,0.05
erlang_a,200,180,120,20,11,,
"""


def page() -> None:
    st.title(said("Erlang calculator"))
    st.caption(
        said("One interval in steady state: as many calls arriving as the hour says, for ever. Needs no workspace.")
    )
    one, many = st.tabs([said("One case"), said("A file of cases")])
    with one:
        _one()
    with many:
        _many()


def _one() -> None:
    case, promise = st.columns([1, 1], gap="large")
    with case:
        row = _demand()
    with promise:
        row |= _promise(row["model"])
    from staffing.queueing.calculator import calculate

    results, problems = calculate([row])
    if problems:
        show_error(InputError(problems[0].what, remedy=problems[0].remedy))
        return
    _headline(results[0], row)
    agents = round(float(results[0]["agents"]))
    _around(row, agents)


def _demand() -> dict[str, str]:
    model = st.selectbox(said("Model"), list(MODELS), format_func=lambda name: said(MODELS[name]), key="erlang-model")
    left, right = st.columns(2)
    calls = left.number_input(said("Calls per hour"), 0.0, 1e7, 200.0, 10.0, format="%0.6g")
    aht = right.number_input(
        said("Handle time, s"), 1.0, 86_400.0, 180.0, 10.0, format="%0.6g", help=said("Talk, hold, wrap-up.")
    )
    patience = left.number_input(
        said("Mean patience, s"),
        1.0,
        1e7,
        120.0,
        10.0,
        format="%0.6g",
        disabled=model != "erlang_a",
        help=said("How long callers wait on average before they hang up; empty: for ever."),
    )
    threshold = right.number_input(
        said("Threshold, s"), 0.0, 86_400.0, 20.0, 5.0, format="%0.6g", help=said("The T of “within T”.")
    )
    return {
        "model": model,
        "calls_per_hour": f"{calls:.12g}",
        "aht_s": f"{aht:.12g}",
        "patience_s": "" if patience is None else f"{patience:.12g}",
        "threshold_s": f"{threshold:.12g}",
    }


def _promise(model: str) -> dict[str, str]:
    how = st.segmented_control(
        said("Ask for"),
        [said("agents for a promise"), said("service of some agents")],
        default=said("agents for a promise"),
        required=True,
    )
    if how == said("service of some agents"):
        agents = st.number_input(said("Agents"), 0, 1_000_000, 12)
        return {"agents": str(agents)}
    left, right = st.columns(2)
    share = left.number_input(
        said("Service level, %"), 1.0, 99.99, 80.0, 1.0, format="%0.6g", help=said("Within the threshold.")
    )
    asa = right.number_input(
        said("ASA at most, s"), 0.1, 86_400.0, None, 1.0, format="%0.6g", placeholder=said("no limit")
    )
    lost = left.number_input(
        said("Abandonment at most, %"),
        0.01,
        99.0,
        5.0 if model == "erlang_a" else None,
        1.0,
        format="%0.6g",
        placeholder=said("no limit"),
        key=f"erlang-abandonment-{model}",
    )
    busy = right.number_input(
        said("Occupancy at most, %"), 1.0, 99.9, None, 1.0, format="%0.6g", placeholder=said("no limit")
    )
    targets = {
        "target_service_level": None if share is None else share / 100,
        "target_asa_s": asa,
        "target_abandonment": None if lost is None else lost / 100,
        "max_occupancy": None if busy is None else busy / 100,
    }
    return {name: f"{value:.12g}" for name, value in targets.items() if value is not None}


def _headline(result: Mapping[str, str], row: Mapping[str, str]) -> None:
    load = float(row["calls_per_hour"]) * float(row["aht_s"]) / 3600
    agents, level, wait, lost, busy = st.columns(5)
    agents.metric(
        said("Agents"),
        text.count(_value(result["agents"])),
        help=said(
            "On the phone. The load is {load} erlangs: that many would be busy all the time.",
            load=digits(f"{load:,.2f}"),
        ),
        border=True,
    )
    level.metric(
        said("Service level"),
        text.share(_value(result["service_level"]), 2),
        help=MEASURES["service_level"][1],
        border=True,
    )
    wait.metric(said("ASA"), text.seconds(_value(result["asa_s"])), help=MEASURES["asa_s"][1], border=True)
    lost.metric(
        said("Abandonment"), text.share(_value(result["abandonment"]), 2), help=MEASURES["abandonment"][1], border=True
    )
    busy.metric(said("Occupancy"), text.share(_value(result["occupancy"])), help=MEASURES["occupancy"][1], border=True)


def _around(row: Mapping[str, str], agents: int) -> None:
    from staffing.queueing.calculator import calculate

    counts = [agents + step for step in AROUND if agents + step >= 0]
    results, _ = calculate([{**row, "agents": str(count)} for count in counts])
    st.subheader(said("One agent more or fewer"))
    shown = pd.DataFrame(results)[["agents", *MEASURES]].map(_value)
    for name in SHARES:
        shown[name] *= 100
    shown.insert(0, "change", [text.signed(count - agents) for count in counts])
    number = st.column_config.NumberColumn
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        placeholder=text.UNDEFINED,
        column_config={
            "change": st.column_config.TextColumn("±", width="small", alignment="right"),
            "agents": number(said("Agents"), format="%d", width="small"),
            **{
                name: number(said(label), format="%.2f %%" if name in SHARES else "%.2f", help=said(help_text))
                for name, (label, help_text) in MEASURES.items()
            },
        },
    )
    st.caption(said("A dash is undefined: no calls, nobody to answer them, or no such measure in this model."))


def _value(cell: str) -> float:
    return float(cell) if cell else float("nan")


def _many() -> None:
    st.markdown(
        said(
            "A CSV with the columns `model`, `calls_per_hour`, `aht_s`, `patience_s` (empty: for "
            "ever), `threshold_s` and `agents`. Where `agents` is empty, give "
            "`target_service_level`, `target_asa_s`, `target_abandonment` or `max_occupancy` as "
            "shares and seconds: the smallest number that meets them all is found."
        )
    )
    st.download_button(
        said("Template"), TEMPLATE, "erlang-template.csv", "text/csv", icon=":material/description:", on_click="ignore"
    )
    file = st.file_uploader(said("Cases"), type=["csv"], key="erlang-file")
    if file is None:
        return
    from staffing.queueing.calculator import calculate

    results, problems = calculate(_rows(file.getvalue()))
    if problems:
        st.warning(
            said(
                "{problems} of {results} rows could not be computed; the others are below.",
                problems=len(problems),
                results=len(results),
            ),
            icon=":material/warning:",
        )
        for problem in problems[:20]:
            show_error(problem)
    table = pd.DataFrame(results)
    st.dataframe(table, hide_index=True)
    st.download_button(
        said("Results as CSV"),
        table.to_csv(index=False, lineterminator="\n"),
        "erlang-results.csv",
        "text/csv",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


def _rows(data: bytes) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        rows = [{name: value or "" for name, value in row.items() if name} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"is not a readable CSV: {error}.", where=Where("the file"), remedy="Save it as CSV UTF-8."
        ) from None
    if not rows or len(rows) > MAX_ROWS:
        found = said("no rows") if not rows else f"{len(rows):,} rows"
        raise InputError(f"has {found}.", where=Where("the file"), remedy=f"Give 1 to {MAX_ROWS:,} rows.")
    for name in ("model", "calls_per_hour", "aht_s"):
        if name not in rows[0]:
            raise InputError("is missing.", where=Where("the file", column=name), remedy="Start from the template.")
    return rows


if __name__ == "__main__":
    with clear_errors():
        page()
