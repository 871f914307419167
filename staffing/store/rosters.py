"""Rosters of a workspace by week: the draft at hand, every published version, and a journal that only grows.

``rosters/WEEK.draft.parquet`` is what is being worked on, ``WEEK.by-hand.json`` names the people's days that were
edited by hand. ``rosters/WEEK.vN.parquet`` are published versions, never changed again; each has its line in
``journal.jsonl``. A draft and its sick calls, a version and its line are written together or not at all, and nothing is
written over what somebody else changed meanwhile.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from staffing.domain.calendar import SiteCalendar
from staffing.errors import Conflict, InputError, Where
from staffing.store.absences import Absence, add_absences
from staffing.store.files import parquet_bytes
from staffing.store.ground import Ground, Transaction, version_of
from staffing.store.publications import JOURNAL, Publication, Signed, journal_of, line_of, whole_lines
from staffing.store.rights import Role, require_own
from staffing.store.roster_days import AgentDate, back_to, begun_before, by_week, differences, shift_spans
from staffing.store.roster_files import roster_of
from staffing.tables import ROSTER, on_the_clock

if TYPE_CHECKING:
    import pandas as pd

MEMORY_WEEKS = 13
WEEK = dt.timedelta(days=7)
NAMED = 5  # changes of a message, before it only counts


@dataclass(frozen=True)
class Seen:
    """A week as somebody saw it: the draft, or else the published roster; ``version`` names both."""

    week: dt.date
    table: pd.DataFrame | None
    version: str


@dataclass(frozen=True)
class RosterBook:
    """Drafts and publications of a workspace."""

    ground: Ground
    site: SiteCalendar

    def journal(self) -> tuple[Publication, ...]:
        """Every publication, oldest first; a last line that was cut off is not one. Raises InputError when damaged."""
        return journal_of(self.ground.read(JOURNAL))

    def weeks(self) -> list[dt.date]:
        """Weeks that have a draft or are published, oldest first."""
        drafts = self.ground.names("rosters", ".draft.parquet")
        drafted = [dt.date.fromisoformat(name.split("/")[-1].split(".")[0]) for name in drafts]
        return sorted({*drafted, *(entry.week for entry in self.journal())})

    def newest(self, week: dt.date) -> Publication | None:
        """The publication that holds for a week."""
        return next((entry for entry in reversed(self.journal()) if entry.week == week), None)

    def table(self, entry: Publication) -> pd.DataFrame:
        """The roster of a publication. Raises InputError when its file is not the one that was published."""
        name = f"rosters/{entry.file}"
        content = self.ground.read(name)
        if content is None or version_of(content) != entry.sha256:
            raise InputError(
                "is missing or is not what was published.",
                where=Where(name),
                remedy="Put the published file back, or publish the week anew.",
            )
        return self._told(content, name)

    def _told(self, content: bytes, name: str) -> pd.DataFrame:
        """A roster file's rows on the site's clock, which may be another one than when it was written."""
        return on_the_clock(roster_of(content, name), self.site.zone)

    def published(self, week: dt.date) -> pd.DataFrame | None:
        """The roster that holds for a week, None before any was published."""
        entry = self.newest(week)
        return None if entry is None else self.table(entry)

    def as_it_was(self, week: dt.date, version: int, begun: pd.Timestamp | None) -> pd.DataFrame:
        """An earlier version as it can hold again: what began before ``begun`` stays as published last.

        Raises InputError for a version that there is not, or that holds already.
        """
        entries = {entry.version: entry for entry in self.journal() if entry.week == week}
        newest = max(entries, default=0)
        if version not in entries or version == newest:
            known = ", ".join(str(number) for number in sorted(entries) if number != newest) or "none"
            raise InputError(
                f"version {version} of the week of {week} is not one to go back to.", remedy=f"There are: {known}."
            )
        return back_to(self.table(entries[version]), self.table(entries[newest]), begun, self.site)

    def draft(self, week: dt.date) -> pd.DataFrame | None:
        """The roster being worked on, None when there is none."""
        content = self.ground.read(_draft(week))
        return None if content is None else self._told(content, _draft(week))

    def drafted(self, week: dt.date) -> dt.datetime | None:
        """The instant (UTC) the draft of a week was last changed, None when there is none."""
        return self.ground.changed_at(_draft(week))

    def at_hand(self, week: dt.date) -> pd.DataFrame | None:
        """The draft of a week, or else its published roster."""
        return self.seen(week).table

    def seen(self, week: dt.date) -> Seen:
        """The roster at hand with its version, to be handed back with what is made of it."""
        return self.ground.steady(lambda: self._seen(week))

    def before(self, day: dt.date, weeks: int = MEMORY_WEEKS) -> pd.DataFrame | None:
        """Rosters of the `weeks` weeks before a day, published or else drafts; None when nothing is known."""
        import pandas as pd

        first = self.site.week_of(day)
        known = [first - k * WEEK for k in range(weeks, 0, -1)]
        tables = self.ground.steady(
            lambda: [self.draft(w) if (held := self.published(w)) is None else held for w in known]
        )
        parts = [table for table in tables if table is not None and not table.empty]
        return ROSTER.check(pd.concat(parts, ignore_index=True)) if parts else None

    def keep(
        self,
        table: pd.DataFrame,
        seen: Iterable[Seen] = (),
        *,
        away: Iterable[Absence] = (),
        who: str = "",
        by_hand: Iterable[AgentDate] = (),
        released: Iterable[AgentDate] = (),
    ) -> list[dt.date]:
        """Make a roster the draft of each week that it has shifts in; returns those weeks.

        ``seen`` are the weeks that it was made from, ``away`` the sick calls that it answers, noted with it.
        ``by_hand`` are people's days that were edited: they stay until they are ``released``.
        Raises Conflict, and writes nothing, where one of those weeks has changed since.
        """
        weeks = by_week(ROSTER.check(table), self.site)
        with self.ground.change(who) as change:
            self._unchanged(seen)
            for week, rows in weeks.items():
                change.write(_draft(week), parquet_bytes(rows))
            self._note(change, set(by_hand), set(released))
            add_absences(change, away)
        return list(weeks)

    def by_hand(self, week: dt.date) -> frozenset[AgentDate]:
        """People's days of a week that were edited by hand and not released since."""
        return _noted(self.ground.read(_by_hand(week)), _by_hand(week))

    def _note(self, change: Transaction, edited: set[AgentDate], released: set[AgentDate]) -> None:
        for week in sorted({self.site.week_of(day) for _, day in edited | released}):
            own = self.by_hand(week) - released | {key for key in edited if self.site.week_of(key[1]) == week}
            text = json.dumps([[name, str(day)] for name, day in sorted(own)], ensure_ascii=False)
            change.write(_by_hand(week), f"{text}\n".encode() if own else None)

    def drop(self, week: dt.date) -> None:
        """Forget the draft of a week."""
        with self.ground.change() as change:
            change.write(_draft(week), None)

    def publish(
        self,
        week: dt.date,
        table: pd.DataFrame,
        signed: Signed,
        now: dt.datetime,
        *,
        seen: Seen | None = None,
        away: Iterable[Absence] = (),
        begun: pd.Timestamp | None = None,
        draft_stays: bool = False,
        by_hand: Iterable[AgentDate] = (),
        released: Iterable[AgentDate] = (),
    ) -> Publication:
        """Publish a roster for a week; its draft is done with unless it stays, its sick calls and hand edits are noted
        with it.

        Raises InputError for shifts outside the week, and where shifts that began before ``begun`` are not those of
        the version before; Conflict where the week has changed since it was ``seen``.
        """
        rows = ROSTER.check(table)
        strange = [other for other in by_week(rows, self.site) if other != week]
        if strange:
            raise InputError(f"the roster has shifts in the week of {strange[0]}.", remedy=f"Leave those of {week}.")
        require_own(signed.who)
        with self.ground.change(signed.who, signed.why, needs=Role.publisher) as change:
            self._unchanged([seen] if seen else [])
            last = self.newest(week)
            if begun is not None and last is not None:
                _not_rewritten(self.table(last), rows, begun, self.site)
            entry = self._version(change, week, rows, (signed, now))
            change.write(JOURNAL, whole_lines(change.read(JOURNAL)) + line_of(entry))
            if not draft_stays:
                change.write(_draft(week), None)
            self._note(change, set(by_hand), set(released))
            add_absences(change, away)
        return entry

    def _seen(self, week: dt.date) -> Seen:
        draft, entry = self.ground.read(_draft(week)), self.newest(week)
        published = None if entry is None else self.table(entry)
        table = published if draft is None else self._told(draft, _draft(week))
        return Seen(week, table, f"v{entry.version if entry else 0}+{version_of(draft)[:16]}")

    def _unchanged(self, seen: Iterable[Seen]) -> None:
        for then in seen:
            now = self._seen(then.week)
            if now.version == then.version:
                continue
            newest = self.newest(then.week)
            published = f" ({newest})" if newest and not then.version.startswith(f"v{newest.version}+") else ""
            changed = () if then.table is None or now.table is None else differences(then.table, now.table, self.site)
            what = f"The roster of the week of {then.week} was changed by somebody else meanwhile{published}."
            raise Conflict(what, changed, remedy="Nothing was written. Look at it as it is now, then try again.")

    def _version(
        self, change: Transaction, week: dt.date, rows: pd.DataFrame, how: tuple[Signed, dt.datetime]
    ) -> Publication:
        signed, now = how
        last, content = self.newest(week), parquet_bytes(rows)
        spans = shift_spans(rows)
        changed = len(spans if last is None else spans ^ shift_spans(self.table(last)))
        version, when = 1 if last is None else last.version + 1, now.astimezone(dt.UTC).isoformat(timespec="seconds")
        told = (signed.who, signed.why, signed.scenario, len(spans), changed, version_of(content))
        entry = Publication(week, version, when, *told)
        change.write(f"rosters/{entry.file}", content)
        return entry


def _not_rewritten(last: pd.DataFrame, rows: pd.DataFrame, begun: pd.Timestamp, site: SiteCalendar) -> None:
    """Raise InputError where a roster says something else of what has begun than the one published before."""
    changed = differences(begun_before(last, begun), begun_before(rows, begun), site)
    if changed:
        more = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
        raise InputError(
            f"what began before {begun.tz_convert(site.zone):%Y-%m-%d %H:%M} differs from what is published: "
            f"{'; '.join(changed[:NAMED])}{more}.",
            remedy="What has begun stays as published: begin again from the published roster, or mend it with: "
            "staffing replan",
        )


def _draft(week: dt.date) -> str:
    return f"rosters/{week}.draft.parquet"


def _by_hand(week: dt.date) -> str:
    return f"rosters/{week}.by-hand.json"


def _noted(content: bytes | None, name: str) -> frozenset[AgentDate]:
    try:
        return frozenset((str(agent), dt.date.fromisoformat(day)) for agent, day in json.loads(content or b"[]"))
    except (ValueError, TypeError):
        raise InputError("is damaged.", where=Where(name), remedy="Put it back, or delete it.") from None
