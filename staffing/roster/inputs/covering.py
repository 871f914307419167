"""What presence is worth, who counts how much in which row of it, and which teams keep together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from staffing.roster.case import Cover, Grid, KeptTogether
from staffing.roster.given import Inputs
from staffing.roster.inputs.agent_class import AgentClass
from staffing.roster.inputs.edge import after_midnight
from staffing.roster.inputs.options import Catalogue, minimum_slots, requirement_slots
from staffing.roster.inputs.past import presence


def cover_of(
    classes: Sequence[AgentClass], inputs: Inputs, catalogue: Catalogue, grid: Grid, queues: tuple[str, ...]
) -> tuple[list[int], Cover]:
    """Skill group of each class, and the cover of queues and minimums."""
    need, wanted = requirement_slots(inputs, grid, queues)
    need = np.maximum(need - presence(inputs, grid, queues), 0.0)  # those who are still there need no cover
    later, worth = after_midnight(inputs, grid, catalogue, queues)
    need += later
    hours = grid.slot_min / 60
    least, dear = minimum_slots(inputs, grid)
    need, short = np.concatenate([need, least]), np.concatenate([wanted * inputs.prices.shortage_hour + worth, dear])
    excess = np.concatenate([wanted * inputs.prices.excess_hour, np.zeros_like(least)])
    groups = [group_of(c) for c in classes]
    distinct = list(dict.fromkeys(groups))
    served = [_queues_of(skills, queues) for skills, *_ in distinct]
    ptr = np.concatenate([[0], np.cumsum([len(own) for own in served])]).astype(np.int32)
    marks = np.full((len(distinct), max(len(one.marks) for one in distinct)), -1, np.int32)
    amount, share = np.ones((len(distinct), len(need))), np.zeros((len(distinct), len(need)))
    for g, one in enumerate(distinct):
        marks[g, : len(one.marks)] = np.array(one.marks, np.int32) + len(queues)
        for into, figures in ((amount, one.counts_as), (share, one.shares)):
            for name, figure in figures:
                if name in queues:
                    into[g, queues.index(name)] = figure
    cover = Cover(
        need=need,
        short=short * hours,
        excess=excess * hours,
        floor=np.zeros_like(need),
        floor_short=np.zeros_like(need),
        group_ptr=ptr,
        group_queue=np.array([queue for own in served for queue in own], np.int32),
        marks=marks,
        tabled=np.zeros(len(need), np.bool_),
        table=np.zeros((*need.shape, 0)),
        amount=amount,
        share=share,
        wanted=np.concatenate([wanted, np.zeros(least.shape, bool)]),
    )
    return [distinct.index(group) for group in groups], cover


class CoverGroup(NamedTuple):
    """What makes people alike for cover."""

    skills: tuple[str, ...]
    marks: tuple[int, ...]
    counts_as: tuple[tuple[str, float], ...]
    shares: tuple[tuple[str, float], ...]


def group_of(c: AgentClass) -> CoverGroup:
    return CoverGroup(c.skills, c.marks, c.counts_as, c.shares)


def together_of(classes: Sequence[AgentClass], inputs: Inputs) -> tuple[KeptTogether, ...]:
    """Teams that keep together, by their classes."""
    found = []
    for team in dict.fromkeys(c.team for c in classes if c.team):
        own = [k for k, c in enumerate(classes) if c.team == team]
        rules = [
            [inputs.book.rules(key) for key in keys] for keys in zip(*(classes[k].rules for k in own), strict=True)
        ]
        days = [any(one.team_together for one in day) for day in rules]
        found.append(KeptTogether(np.array(own), np.array(days)))
    return tuple(found)


def _queues_of(skills: tuple[str, ...], queues: tuple[str, ...]) -> tuple[int, ...]:
    """Queues of this plan that people of these skills serve; the last one stands for none."""
    real = queues[:-1]
    return tuple(queues.index(name) for name in skills or real if name in real) or (len(real),)
