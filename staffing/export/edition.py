"""Which roster of a week a file holds: what every file bears, so that nobody works by an old one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from staffing.domain.calendar import SiteCalendar
from staffing.errors import InputError, Where
from staffing.language import date_text, digits, text
from staffing.store.publications import Publication
from staffing.store.rosters import RosterBook

if TYPE_CHECKING:
    import pandas as pd

Which = Literal["kept", "published", "draft"] | int
EditionState = Literal["published", "draft", "planned"]


@dataclass(frozen=True)
class Edition:
    """A week's roster as it is handed on.

    state : published, a draft, or planned afresh and not kept.
    version : its version, or the newest one before the draft; 0 before any was published.
    when : the instant it was published or drafted (UTC), None for a plan that is not kept.
    who, why : of the publication; empty else.
    earlier : rosters (table ROSTER) published before it, oldest first.
    """

    week: dt.date
    state: EditionState = "planned"
    version: int = 0
    when: dt.datetime | None = None
    who: str = ""
    why: str = ""
    earlier: tuple[pd.DataFrame, ...] = field(default=(), compare=False, repr=False)

    @property
    def final(self) -> bool:
        """Whether people can rely on it: published, not a draft or a plan."""
        return self.state == "published"

    @property
    def slug(self) -> str:
        """``v2``, ``draft`` or ``planned``: for names of files."""
        return f"v{self.version}" if self.final else self.state

    def told(self, site: SiteCalendar) -> str:
        """``Published version 2 · 2026-11-22 08:30 · by Sara``, local time of the site, in the spoken language."""
        local = None if self.when is None else self.when.astimezone(site.zone)
        when = "" if local is None else f"{date_text(local.date(), site)} {digits(f'{local:%H:%M}')}"
        if self.final:
            parts = (text("Published version {version}", version=digits(str(self.version))), when, self._by())
        elif self.state == "draft":
            after = text("after version {version}", version=digits(str(self.version))) if self.version else ""
            parts = (text("Draft, not published"), after, when)
        else:
            parts = (text("Planned, neither kept nor published"), "", "")
        return " · ".join(part for part in parts if part)

    def _by(self) -> str:
        return text("by {who}", who=self.who) if self.who else ""


def kept_roster(book: RosterBook, week: dt.date, which: Which = "kept") -> tuple[pd.DataFrame, Edition] | None:
    """The roster of a week (table ROSTER) and which one it is.

    ``kept`` is the published one or else the draft; None where neither is kept. Raises InputError where a version,
    a draft or a publication that was asked for does not exist, and where a published file is damaged.
    """
    entries = [entry for entry in book.journal() if entry.week == week]
    if which == "draft" or (which == "kept" and not entries):
        draft = book.draft(week)
        if draft is None and which == "draft":
            raise _missing(f"there is no draft of the week of {week}.", "Begin one with: staffing edit, or replan.")
        return None if draft is None else (draft, _drafted(book, week, entries))
    chosen = _chosen(entries, week, which)
    known = entries[: entries.index(chosen)]
    earlier = tuple(book.table(entry) for entry in known)
    when = dt.datetime.fromisoformat(chosen.when)
    edition = Edition(week, "published", chosen.version, when, chosen.who, chosen.why, earlier)
    return book.table(chosen), edition


def _chosen(entries: list[Publication], week: dt.date, which: Which) -> Publication:
    if not entries:
        raise _missing(f"nothing is published for the week of {week}.", "Publish its draft with: staffing publish")
    if not isinstance(which, int):
        return entries[-1]
    found = next((entry for entry in entries if entry.version == which), None)
    if found is None:
        last = entries[-1].version
        raise _missing(f"the week of {week} has no version {which}.", f"Choose one of 1 to {last}.")
    return found


def _drafted(book: RosterBook, week: dt.date, entries: list[Publication]) -> Edition:
    earlier = tuple(book.table(entry) for entry in entries)
    last = entries[-1].version if entries else 0
    return Edition(week, "draft", last, book.drafted(week), earlier=earlier)


def _missing(message: str, remedy: str) -> InputError:
    return InputError(message, where=Where(field="--week"), remedy=remedy)
