"""Sentences that lower rooms write in English, in the reader's words: errors, notes, broken rules, stages of work.

The rooms below the pages speak English, for files, logs and the command line. A page looks a sentence up here: whole,
or by the template that it was made from, whose places then hold what stood in them. What no template fits stays as it
is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from staffing.language.texts import digits, marked, spoken, text

#: Templates of sentences that pages show most; names in braces hold what differs.
SENTENCES = (
    marked("there is no agent '{a}'."),
    marked("there is no scenario '{a}'."),
    marked("there is a scenario '{a}' already."),
    marked("'{a}' is what {b} stands on."),
    marked("'{a}' is no scenario of its own."),
    marked("The scenario '{a}' was saved by somebody else meanwhile."),
    marked("there is no {a} '{b}'."),
    marked("there is no shift {a}."),
    marked("'{a}' is no shift."),
    marked("{a} of {b} can be {c}."),
    marked("{a} is not a day of this roster."),
    marked("{a} on {b} would have begun already: it is {c}."),
    marked("the roster from {a} is over: it is {b}."),
    marked("{a} has no shift left on this day."),
    marked("the roster has no shift left on {a} after {b}."),
    marked("no roster of the week of {a} is published."),
    marked("the week of {a} has a draft that is not published; a new version would leave it behind."),
    marked("there are no {a} to roster."),
    marked("{a} rule(s) are broken."),
    marked("a publication needs a name and a reason."),
    marked("there is no workspace to open."),
    marked("is missing."),
    marked("is not a known field."),
    marked("is damaged."),
    marked("is gone."),
    marked("has no contacts yet."),
    marked("cannot be read."),
    marked("nobody is signed in."),
    marked("your sign-in has ended."),
    marked("some of these days are asked for already."),
    marked("the days do not fit."),
    marked("this request was changed meanwhile."),
    marked("the name '{a}' is used twice; names must differ"),
    marked("{a} names the unknown {b} '{c}'; known: {d}"),
    marked("contract '{a}': min_hours exceeds max_hours"),
    marked("contract '{a}': min_days exceeds max_days"),
    marked("{a} may not {b}: it takes the role {c}."),
    marked("the event '{a}' is fixed."),
    marked("the event '{a}' began on {b}, within history: what it did is in the calls."),
    marked("no one can work any shift in the week."),
    marked("Stopped before the end."),
    marked("what began before {a} differs from what is published: {b}."),
    marked("Add it."),
    marked("Try again."),
    marked("Choose another name."),
    marked("Rename that one first."),
    marked("Add or correct the name."),
    marked("Choose a name."),
    marked("Choose a later start."),
    marked("Edit a day that has not begun."),
    marked("Mend them, or tick the box."),
    marked("Nothing was written. Lay your changes over it, or save under another name."),
    marked("Nothing was written. Look at it as it is now, then try again."),
    marked("Nothing was written; start it again when you like."),
    marked("Known: {a}."),
    marked("There are: {a}."),
    marked("There are: {a}; mind their starts."),
    marked("Write it as 09:00-17:30, or off."),
    marked("Name the kind before it: {a}"),
    marked("Correct its spelling or take it out."),
    marked("Ask an admin of this workspace."),
    marked("Sign in again; what you typed is kept."),
    marked("Load this page anew to sign in. What you typed into your draft is kept."),
    marked("Give the scenario a name."),
    marked("Import a file below."),
    marked("Load the page anew."),
    marked("Look at it again."),
    marked("Publish one first: {a}"),
    marked("Publish the draft first: {a}"),
    marked("Check contracts, shifts and hours."),
    marked("Add them, or ask for requirements only."),
    marked("Begin on {a} or later."),
    marked("Your changes live in this browser tab alone."),
    marked("Give a last day from {a} on, at most {b} days in all."),
    marked("must be a whole number (found {a})."),
    marked("must be a number (found {a})."),
    marked("must be text (found {a})."),
    marked("must be greater than or equal to {a} (found {b})."),
    marked("must be less than or equal to {a} (found {b})."),
    marked("must be greater than {a} (found {b})."),
    marked("must be less than {a} (found {b})."),
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
    marked("{a} days of history; holidays, month ends and the year are hardly known."),
    marked("only {a} days of history; the forecast is the weekday mean, its range a guess."),
    marked("no calls in the history; the forecast is zero."),
    marked("{a} days without usable calls are taken as missing, not as zero."),
    marked(
        "the level changed on {a} by {b} ({c} days of it so far). The forecast takes it as lasting: "
        "about {d} a day; if it returns, about {e}."
    ),
    marked("the effect learned from {b} past {c} in {d} stands; the typed {e} overrides it once a reason is given."),
    marked("rests on a single past {b} in {c}; its range is wide."),
    marked("{a} event(s) {b}; the first is '{c}' on {d}."),
    marked("begin after the last day forecast and change nothing here"),
    marked("History reaches to {a}; the forecast knows only what came before {b}."),
    marked("The search did not come to its end: this is the last roster it left."),
    marked("Solved week by week: the bound of each week holds after the weeks before it, not for all weeks at once."),
    marked("The shift '{a}' suits nobody: mind the shifts of contracts, its teams, and who works at home."),
    marked("No shift can be worked by {a}: mind contract, team, rotation, hours and weekdays."),
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
_PLACE = re.compile(r"{(\w+)}")


def heard(english: str) -> str:
    """A sentence of a lower room in the reader's language.

    What stands before a colon (a queue, a scenario) stays, and the rest is looked up by itself.

    Args:
        english: the sentence as it was written.

    Returns:
        The sentence in the spoken language; as it was, where none of SENTENCES fits.
    """
    if not english or spoken().code == "en":
        return english
    return _after_colon(english) or _known(english) or english


def _known(english: str) -> str:
    for template, pattern in _patterns():
        met = pattern.fullmatch(english)
        if met is not None:
            held = {name: _held(value) for name, value in met.groupdict().items()}
            return text(template, **held)
    return ""


def _held(value: str) -> str:
    """A number in the reader's digits, a sentence of its own in their words, a name as it is."""
    return digits(value) if re.fullmatch(r"[-+−]?[\d.,:%/ –-]+", value) else _known(value) or value


def _after_colon(english: str) -> str:
    head, colon, rest = english.partition(": ")
    found = _known(rest) if colon else ""
    return f"{_known(head) or head}: {found}" if found else ""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Templates with the pattern of each; those with most letters of their own first."""
    order = sorted(SENTENCES, key=lambda one: -len(_PLACE.sub("", one)))
    return tuple((one, _pattern(one)) for one in order)


def _pattern(template: str) -> re.Pattern[str]:
    parts = _PLACE.split(template)
    told = (re.escape(part) if k % 2 == 0 else f"(?P<{part}>.+?)" for k, part in enumerate(parts))
    return re.compile("".join(told), re.DOTALL)
