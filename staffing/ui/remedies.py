"""Ways out of a shortage, in the reader's words."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from staffing.domain.calendar import WEEKDAYS
from staffing.language import digits, marked, weekday_short
from staffing.language import text as said
from staffing.ui import text

if TYPE_CHECKING:
    from staffing.roster.desk.explain import Remedy

KINDS = (
    marked("other shifts"),
    marked("overtime"),
    marked("outside availability"),
    marked("10 h rest"),
)
PLACES = (
    marked("present"),
    marked("in other queues"),
    marked("on a break"),
    marked("off"),
    marked("not available"),
)
_BREAKS = marked("other breaks")
_MONDAY = dt.date(2024, 1, 1)
_SHORT = {name[:3].title(): _MONDAY + dt.timedelta(days=k) for k, name in enumerate(WEEKDAYS)}
_WORDS = re.compile(rf"\b({'|'.join(_SHORT)}|off|{_BREAKS})\b")


def line(remedy: Remedy, currency: str) -> str:
    """One way out: what, who, how much of the shortage, what it pays and saves."""
    who = text.series(
        f"{text.escape(agent)} ({text.escape(moves(what))})"
        for agent, what in zip(remedy.agents, remedy.what, strict=True)
    )
    told = {
        "kind": said(remedy.kind),
        "who": who,
        "hours": digits(text.count(remedy.covers_hours, 1)),
        "pays": pays(remedy.price, currency),
        "saves": text.escape(digits(text.with_unit(abs(remedy.saves), 0, currency))),
    }
    if remedy.saves >= 0:
        return said("{kind}: {who} covers {hours} h; {pays}, saves {saves} in all", **told)
    return said("{kind}: {who} covers {hours} h; {pays}, {saves} dearer in all than the shortage", **told)


def pays(price: float, currency: str) -> str:
    """``pay 120 EUR more``; a price below zero is pay that is saved."""
    if not round(price):
        return said("at the same pay")
    money = text.escape(digits(text.with_unit(abs(round(price)), 0, currency)))
    return said("pay {money} more", money=money) if price > 0 else said("pay {money} less", money=money)


def moves(what: str) -> str:
    """Days that change (``Mon 08:00–16:00 → off``) with the reader's weekdays and digits."""
    return digits(_WORDS.sub(lambda met: weekday_short(_SHORT[met[0]]) if met[0] in _SHORT else said(met[0]), what))
