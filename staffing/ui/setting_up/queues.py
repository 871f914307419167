"""Queues: what each is called, how its contacts arrive, how long they take."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from staffing.language import text as said
from staffing.ui.setting_up.setting import Row, Setting, grid, number
from staffing.ui.setting_up.words import CHANNELS

FIELDS = ("name", "channel", "aht_s", "patience_s", "concurrency", "deadline_min", "minimum_agents")
WHOLE = ("concurrency", "deadline_min", "minimum_agents")


def step(setting: Setting) -> None:
    """A row a queue; history's names stay."""
    st.caption(said("As found in the file. What history has of a figure is used before what stands here."))
    column = st.column_config
    rows = [{name: getattr(queue, name) for name in FIELDS} for queue in setting.scenario.queues]
    grid(
        setting,
        "queues",
        pd.DataFrame(rows, columns=list(FIELDS)).astype({"patience_s": float}),
        lambda now: setting.replace(queues=_queues(setting, now)),
        {
            "name": column.TextColumn(said("Queue"), required=True, help=said("As the history names it.")),
            "channel": column.SelectboxColumn(said("Channel"), options=list(CHANNELS), required=True),
            "aht_s": column.NumberColumn(
                said("Handle time, s"), help=said("Mean time a contact takes, wrap-up included.")
            ),
            "patience_s": column.NumberColumn(
                said("Patience, s"), help=said("How long people wait on average before they leave. Empty: for ever.")
            ),
            "concurrency": column.NumberColumn(said("At once"), help=said("Chats one agent holds at once.")),
            "deadline_min": column.NumberColumn(
                said("Due within, min"), help=said("For e-mail, back office and callbacks.")
            ),
            "minimum_agents": column.NumberColumn(
                said("At least, agents"), help=said("On the phone whenever the queue is open.")
            ),
        },
    )
    number(
        setting,
        st.columns(3)[0],
        said("Share of these contacts that come here, %"),
        "volume_factor",
        scale=100.0,
        low=0.1,
        high=2000.0,
        help=said("100 where the file is this site's alone; less where other sites answer a part of it."),
    )


def _queues(setting: Setting, rows: list[Row]) -> list[Row]:
    """Queues as edited; what the table does not show stays as it was."""
    known = {queue.name: queue.model_dump(exclude_none=True) for queue in setting.scenario.queues}
    return [_queue(known.get(row.get("name", ""), {}), row) for row in rows]


def _queue(before: Row, row: Row) -> Row:
    kept = {name: value for name, value in before.items() if name not in FIELDS}
    return {"name": "", **kept, **{name: int(row[name]) if name in WHOLE else row[name] for name in row}}
