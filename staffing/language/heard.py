"""Sentences that lower rooms write in English, in the reader's words: errors, notes, broken rules, stages of work.

The rooms below the pages speak English, for files, logs and the command line. A page looks a sentence up here: whole,
or by the template that it was made from, whose places then hold what stood in them. What no template fits stays as it
is.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from contextvars import ContextVar
from functools import lru_cache

from staffing.domain.calendar import SiteCalendar
from staffing.language.dates import date_text
from staffing.language.texts import CATALOGUES, digits, marked, spoken, text

#: Names of weekdays, from Monday on, for `text`.
DAYS = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
#: Templates that nothing gathers: of validators, broken rules, notes put together, stages; braces hold what differs.
SENTENCES = (
    marked("what began before {a} differs from what is published: {b}."),
    marked("Name the kind before it: {a}"),
    marked("Publish one first: {a}"),
    marked("Publish the draft first: {a}"),
    marked("must be a whole number (found {a})."),
    marked("must be a number (found {a})."),
    marked("must be text (found {a})."),
    marked("must be greater than or equal to {a} (found {b})."),
    marked("must be less than or equal to {a} (found {b})."),
    marked("must be greater than {a} (found {b})."),
    marked("must be less than {a} (found {b})."),
    marked("must be letters, digits, '.', '_' and '-', beginning with a letter or digit"),
    marked("must be a date such as 2026-12-31"),
    marked("must be true or false"),
    marked("must be a list"),
    marked("must be a finite number"),
    marked("must have at least {a} character"),
    marked("must have at least {a} characters"),
    marked("must have at most {a} characters"),
    marked("{a} paid hours, the contract wants {b} to {c}"),
    marked("{a} paid hours, at most {b}"),
    marked("{a} paid hours, at least {b}"),
    marked("{a} shifts, the contract wants {b} to {c}"),
    marked("{a} weekend days, at most {b}"),
    marked("{a} nights, at most {b}"),
    marked("starts differ by {a} minutes, at most {b}"),
    marked("{a} h rest before {b}, at least {c}"),
    marked("no day off in a rest of {a} h"),
    marked("day {a} in a row, at most {b}"),
    marked("night {a} in a row, at most {b}"),
    marked("{a} shifts begin"),
    marked("works on a granted day off"),
    marked("works in granted hours"),
    marked("works outside the employment"),
    marked("serves '{a}' without the skill"),
    marked("{a} reaches outside opening hours"),
    marked("the pinned shift at {a} is not kept"),
    marked("works on a day that is pinned free"),
    marked("begin after the last day forecast and change nothing here"),
    marked("{a} on day {b}"),
    marked("{a} on day {b}, {c} on day {d}"),
    marked("It did {a}."),
    marked("{a} past {b}"),
    marked("{a} past {b}: {c}."),
    marked("grows"),
    marked("shrinks"),
    marked("began before the history and teach nothing"),
    marked("from {a} to {b}"),
    marked("on {a} from {b} to {c}"),
    marked("{a} to {b} of the {c} written to, within {d} days"),
    marked("{a} to {b} contacts for {c} days"),
    marked("a rule of thumb of practitioners (turnella.com, no study behind it)"),
    marked("60% to 70% of its contacts within 6 hours, by {a}"),
    marked("no rows since {a}, on {b} days on which other queues have some"),
    marked("{a} others"),
    marked("{a} on {b} of {c} days"),
    marked("first: {a}"),
    marked("almost surely a wrong unit"),
    marked("perhaps single calls that went wrong"),
    marked("the file {a} begins there, probably"),
    marked("no file begins there: perhaps"),
    marked("almost the same"),
    marked("the same"),
    marked("probably"),
    marked("perhaps"),
    marked("above"),
    marked("below"),
    marked("half"),
    marked("quarter"),
    marked("Shrinkage is the given shares"),
    marked("Patience is the given one"),
    *DAYS,
    marked("1-2 days"),
    marked("3-7 days"),
    marked("8-14 days"),
    marked("15-28 days"),
    marked("29 days on"),
    marked("regression"),
    marked("second regression"),
    marked("smoothing"),
    marked("boosting"),
    marked("weekday mean"),
    marked("Mondays"),
    marked("Tuesdays"),
    marked("Wednesdays"),
    marked("Thursdays"),
    marked("Fridays"),
    marked("Saturdays"),
    marked("Sundays"),
    marked("one"),
    marked("two"),
    marked("three"),
    marked("event '{a}'"),
    marked("starting"),
    marked("waiting for other work"),
    marked("forecast"),
    marked("learning from history"),
    marked("roster"),
    marked("roster: getting ready"),
    marked("evaluation"),
    marked("simulation"),
    marked("done"),
    marked("what would help"),
    marked("whose rules clash"),
    marked("what came until now"),
    marked("the weeks without the person"),
    marked("without the event"),
    marked("people more and fewer"),
    marked("the same roster is being made"),
    marked("date {a} of {b}"),
    marked("stopping …"),
)
#: Templates of errors, questions and notes, gathered from the code that tells them.
GATHERED = CATALOGUES / "sentences.json"
_PLACE = re.compile(r"{(\w+)}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BETWEEN, _NAMED = re.compile(rf"({_DATE.pattern}) to ({_DATE.pattern})"), re.compile(r"(.+) \((.+)\)")
_site: ContextVar[SiteCalendar | None] = ContextVar("site", default=None)
_SAID_OF = re.compile(r"(?P<what>.+?)(?: \(found (?P<found>.+)\))?\.", re.DOTALL)
_ENDS = re.compile(r"(?<=[.?]) (?=[A-Z])")


def heard(english: str, site: SiteCalendar | None = None) -> str:
    """A sentence of a lower room in the reader's language.

    What stands before a colon (a file, a queue, a scenario) stays, and the rest is looked up by itself; of several
    sentences each.

    Args:
        english: the sentence as it was written.
        site: whose calendar its dates are shown in; None: as they were written.

    Returns:
        The sentence in the spoken language; as it was, where no template fits.
    """
    if not english or spoken().code == "en":
        return english
    token = _site.set(site)
    try:
        return _told(english) or english
    finally:
        _site.reset(token)


def _told(english: str) -> str:
    return _known(english) or _found(english) or _after_colon(english) or _one_by_one(english)


def _known(english: str) -> str:
    for template, pieces, pattern in _patterns():
        met = pattern.fullmatch(english) if all(piece in english for piece in pieces) else None
        if met is not None and not _holds_a_head(template, met):
            return text(template, **{name: _held(value) for name, value in met.groupdict().items()})
    return ""


def _holds_a_head(template: str, met: re.Match[str]) -> bool:
    """Whether the first place took what stands before a colon with it."""
    return template.startswith("{a}") and ": " in met["a"]


def _held(value: str) -> str:
    """A date in the reader's calendar, a number in their digits, a sentence or each of a list in their words, a name
    as it is."""
    if re.fullmatch(r"[-+−]?[][\d.,:%/ –+-]+", value):
        return digits(_DATE.sub(_shown, value))
    if told := _known(value):
        return told
    if (between := _BETWEEN.fullmatch(value)) is not None:
        return text("{first} to {last}", first=_held(between[1]), last=_held(between[2]))
    parts = value.split(", ")
    if len(parts) > 1:
        return text(", ").join(map(_held, parts))
    named = _NAMED.fullmatch(value)
    return f"{_held(named[1])} ({_held(named[2])})" if named is not None else value


def _shown(date: re.Match[str]) -> str:
    site = _site.get()
    return date_text(dt.date.fromisoformat(date[0]), site) if site is not None else date[0]


def _found(english: str) -> str:
    """What a validator says: a stop stands behind its sentence, and what was found."""
    met = _SAID_OF.fullmatch(english)
    told = _known(met["what"]) if met is not None else ""
    if met is None or not told or met["found"] is None:
        return f"{told}." if told else ""
    return text("{what} (found {value}).", what=told, value=digits(met["found"]))


def _after_colon(english: str) -> str:
    head, colon, rest = english.partition(": ")
    found = _told(rest) if colon else ""
    return f"{_known(head) or head}: {found}" if found else ""


def _one_by_one(english: str) -> str:
    parts = _ENDS.split(english)
    found = [_known(part) for part in parts] if len(parts) > 1 else []
    return " ".join(told or part for told, part in zip(found, parts, strict=True)) if any(found) else ""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    """Templates, the pieces between their places, the pattern of each; those with most letters of their own first."""
    gathered = json.loads(GATHERED.read_text(encoding="utf-8"))
    order = sorted({*SENTENCES, *gathered}, key=lambda one: (-len(_PLACE.sub("", one)), one))
    return tuple((one, *_pattern(one)) for one in order)


def _pattern(template: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    parts = [part.replace("{{", "{").replace("}}", "}") for part in _PLACE.split(template)]
    told = (re.escape(part) if k % 2 == 0 else f"(?P<{part}>.+?)" for k, part in enumerate(parts))
    return tuple(parts[::2]), re.compile("".join(told), re.DOTALL)
