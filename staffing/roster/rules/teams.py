"""The rule on people together: a team that works together begins and ends together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from staffing.roster.rules.people import Violation

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from staffing.roster.given import Inputs


def teams_apart(table: pd.DataFrame, inputs: Inputs) -> Iterator[Violation]:
    """Shifts of one day that differ from those of most of the team, where the team works together."""
    if not inputs.book.has("team_together"):
        return
    people = {agent.name: agent for agent in inputs.agents if agent.team}
    rows = table[(table["activity"] == "shift") & table["agent"].isin(list(people))]
    first, last = inputs.start, inputs.date(inputs.days - 1)
    worked: dict[tuple[str, dt.date], dict[str, tuple[pd.Timestamp, pd.Timestamp]]] = defaultdict(dict)
    for name, start, end in zip(rows["agent"], rows["start"], rows["end"], strict=True):
        agent, date = people[name], start.tz_convert(inputs.calendar.zone).date()
        if first <= date <= last and inputs.book.of(agent, date).team_together:
            worked[agent.team, date][name] = (start, end)
    for (team, date), spans in worked.items():
        usual = Counter(spans.values()).most_common(1)[0][0]
        for name, (start, end) in spans.items():
            if (start, end) != usual:
                local = [one.tz_convert(inputs.calendar.zone).strftime("%H:%M") for one in (start, end, *usual)]
                what = f"works {local[0]}–{local[1]}, the team '{team}' {local[2]}–{local[3]}"
                yield Violation("team together", name, date, what)
