"""What the rest of a day stands on, and what is written of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from staffing.errors import InputError, Where

if TYPE_CHECKING:
    from staffing.roster.desk.today.propose import RestOfDay
    from staffing.store.rosters import RosterBook, Seen


def in_force(book: RosterBook, week: dt.date) -> Seen:
    """The published roster of a week. Raises InputError where there is none, or a draft lies beside it."""
    seen, entry = book.seen(week), book.newest(week)
    if entry is None:
        raise InputError(
            f"no roster of the week of {week} is published.",
            where=Where(field="--now"),
            remedy=f"Publish one first: staffing publish WORKSPACE --week {week} --why …",
        )
    if book.draft(week) is not None:
        raise InputError(
            f"the week of {week} has a draft that is not published; a new version would leave it behind.",
            where=Where(field="--now"),
            remedy=f"Publish the draft first: staffing publish WORKSPACE --week {week} --why …",
        )
    return seen


def reason(made: RestOfDay, numbers: Sequence[int], why: str = "") -> str:
    """What the journal says of accepted proposals: `why`, how many of which kind, and who is away."""
    kinds = [made.proposals[number - 1].kind for number in sorted(set(numbers)) if 1 <= number <= len(made.proposals)]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or "nothing changed"
    away = ", ".join(f"{one.agent} {one.activity}" for one in made.absent)
    day = f"the rest of {made.moment.now:%Y-%m-%d} from {made.moment.now:%H:%M}"
    return f"{why}: " * bool(why) + f"{day}: {counted}" + f"; {away}" * bool(away)
