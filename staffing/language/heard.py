"""Sentences that lower rooms write in English, in the reader's words: errors, notes, broken rules, stages of work.

The rooms below the pages speak English, for files, logs and the command line. A page looks a sentence up here: whole,
or by the template that it was made from, whose places then hold what stood in them. What no template fits stays as it
is.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from staffing.language.texts import CATALOGUES, digits, marked, spoken, text

#: Templates that nothing gathers: of validators, broken rules, notes put together, stages; braces hold what differs.
SENTENCES = (
    marked("the name '{a}' is used twice; names must differ"),
    marked("{a} names the unknown {b} '{c}'; known: {d}"),
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
    marked("only {a} days of history; the forecast is the weekday mean, its range a guess."),
    marked("no calls in the history; the forecast is zero."),
    marked("the effect learned from {b} past {c} in {d} stands; the typed {e} overrides it once a reason is given."),
    marked("rests on a single past {b} in {c}; its range is wide."),
    marked("{a} event(s) {b}; the first is '{c}' on {d}."),
    marked("begin after the last day forecast and change nothing here"),
    marked("History reaches to {a}; the forecast knows only what came before {b}."),
    marked("The search did not come to its end: this is the last roster it left."),
    marked("Solved week by week: the bound of each week holds after the weeks before it, not for all weeks at once."),
    marked("The shift '{a}' suits nobody: mind the shifts of contracts, its teams, and who works at home."),
    marked("Nobody has the skill '{a}': the {b} agent-hours that it needs stay short."),
    marked("History holds figures until {a}; what came after {b} is not looked at."),
    marked("No shift can be worked by {a}: mind contract, team, rotation, hours and weekdays."),
    marked("{a} on day {b}"),
    marked("{a} on day {b}, {c} on day {d}"),
    marked("It did {a}."),
    marked("Typed by the planner: {a}."),
    marked("Typed by the planner ({a}): {b}."),
    marked("No past {a} in {b} and no effect typed: counted as no effect."),
    marked("Takes {a} of the contacts that it keeps from other queues."),
    marked("{a} past {b}"),
    marked("{a} past {b}: {c}."),
    marked("{a}, {b} of about this size: {c}."),
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
_SAID_OF = re.compile(r"(?P<what>.+?)(?: \(found (?P<found>.+)\))?\.", re.DOTALL)
_ENDS = re.compile(r"(?<=[.?]) (?=[A-Z])")


def heard(english: str) -> str:
    """A sentence of a lower room in the reader's language.

    What stands before a colon (a file, a queue, a scenario) stays, and the rest is looked up by itself; of several
    sentences each.

    Args:
        english: the sentence as it was written.

    Returns:
        The sentence in the spoken language; as it was, where no template fits.
    """
    if not english or spoken().code == "en":
        return english
    return _told(english) or english


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
    """A number in the reader's digits, a sentence of its own in their words, a name as it is."""
    return digits(value) if re.fullmatch(r"[-+−]?[][\d.,:%/ –-]+", value) else _known(value) or value


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
