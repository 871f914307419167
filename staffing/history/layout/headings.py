"""What one heading means, and which of several columns with the same meaning is the one to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from staffing.history.layout.words import concepts, plain

#: Headings of the product's own files, and a few that words alone would not tell.
OWN = {
    "timestamp": "timestamp", "calls": "calls", "queue": "queue", "answered": "answered", "abandoned": "abandoned",
    "aht s": "aht", "wait s": "wait", "aht seconds": "aht", "wait seconds": "wait", "scheduled": "scheduled",
    "planned off": "planned_off", "present": "present", "agents scheduled": "scheduled", "agents present": "present",
    "positions staffed": "present", "y": "calls", "ds": "timestamp", "ts": "timestamp", "start": "timestamp",
    "تعداد": "calls",
    "anzahl": "calls", "count": "calls", "nombre": "calls", "cantidad": "calls", "adet": "calls", "عدد": "calls",
}  # fmt: skip
PARTS = ("talk", "hold", "wrap")
TIMES = ("timestamp", "date", "time")
NOT_COUNTED = frozenset(("within", "time", "average", "seconds", "minutes", "ms", "start", "end", "money", "name"))
RATIO = r"\b(?:per|je|pro|par|por) (?!interval|half|quarter|hour|day|halb|stunde|tag)"
COUNT_CONCEPTS = frozenset(("offered", "answered", "abandoned", "calls"))


@dataclass(frozen=True)
class Heading:
    """A meaning, and its ``rank`` among columns of that meaning: the lowest is read. ``certain`` when it is offered."""

    meaning: str
    rank: int = 0


@lru_cache(maxsize=20_000)  # cells are tried as headings too, the same ones in file after file
def meaning(text: str) -> Heading | None:
    """What a heading means, or None.

    Meanings: timestamp, date, time, queue, calls, answered, abandoned, aht, talk, hold, wrap, wait, asa,
    abandon_wait, scheduled, planned_off, present. A time's kind is settled later, by the cells below it.
    """
    words, told = plain(text), concepts(text)
    if not words or len(words) > 80:
        return None
    if words in OWN:
        return Heading(OWN[words], 2 if OWN[words] == "calls" else 0)
    if "off" in told or ({"scheduled", "present"} & told and not {"calls", "time"} & told):
        kind = "planned_off" if "off" in told else "scheduled" if "scheduled" in told else "present"
        return Heading(kind, 1)
    if "agents" in told and not {"handle", "talk"} & told:
        return None
    found = _duration(words, told) or _moment(words, told) or _count(words, told) or _queue(words, told)
    agents_own = found is not None and re.match(r"[a-z] ", words)  # I_ACDTIME beside ACDTIME is of the agents
    return replace(found, rank=found.rank + 2) if found and agents_own else found


def _duration(words: str, told: frozenset[str]) -> Heading | None:
    """A handle time or a wait; a mean is preferred to a total."""
    unit = {"seconds", "ms", "minutes", "hours"} & told
    timed = words.startswith("t ") and "count" not in words  # tHandle, tAnswered: the time of it
    least = timed and words.endswith(" min")
    if "within" in told or least or not ({"time", "average", "total", "asa"} & told or unit or timed):
        return None
    if timed and "answered" in told:
        return Heading("asa", int("total" in told))
    if timed and told <= {"abandoned", "total"}:
        return Heading("abandon_wait", int("total" in told))
    if {"start", "end", "date", "stamp"} & told and not {"handle", "talk", "wait", "average"} & told:
        return None
    rank = 1 if "total" in told else 0
    if "asa" in told:
        return Heading("asa", rank)
    if "wait" in told:
        return Heading("abandon_wait" if "abandoned" in told else "wait", rank + ("answered" in told) * 2)
    if "abandoned" in told:
        return Heading("abandon_wait", rank + 1)
    if "handle" in told and not {"wrap", "hold"} & told:
        return Heading("aht", rank)
    parts = [part for part in ("wrap", "hold", "talk") if part in told]
    if parts and ("time" in told or unit or "average" in told or timed):
        return Heading(parts[0], rank)
    return None


def _count(words: str, told: frozenset[str]) -> Heading | None:
    """A number of contacts: those offered first, then those of no said kind."""
    if NOT_COUNTED & told or re.search(r"\d", words) or re.search(RATIO, words):
        return None
    if "id" in told and "number of" not in words and words != "no of calls":
        return None
    if "abandoned" in told:
        return Heading("abandoned", int("outbound" in told))
    if "answered" in told and not {"offered"} & told:
        vague = "total" in told or "connected" in words  # of calls going out too, maybe
        return Heading("answered", 3 * ("outbound" in told) + vague)
    if "outbound" in told and "inbound" not in words:
        return None
    if "offered" in told:
        return Heading("calls", 0 if "total" not in told else 1)
    if "calls" in told and not {"queue", "date"} & told:
        return Heading("calls", 2 if len(words.split()) <= 2 and "total" not in told else 3)
    return None


def _moment(words: str, told: frozenset[str]) -> Heading | None:
    """When the row begins; columns of its end are read only where there is no other."""
    if not {"date", "clock", "stamp", "interval", "start", "end"} & told or {"average", "total", "within"} & told:
        return None
    if COUNT_CONCEPTS & told - {"calls"} or ("calls" in told and not {"date", "stamp"} & told):
        return None
    if {"handle", "talk", "wait", "hold", "wrap", "queue", "media", "agents"} & told and not {"start", "date"} & told:
        return None
    late = 5 * ("end" in told and "start" not in told)
    rank = late - ("start" in told) + 2 * ("zone" in words or "length" in words)
    if "stamp" in told or ("date" in told and "clock" in told):
        return Heading("timestamp", rank)
    if "date" in told:
        return Heading("date", rank)
    return Heading("time", rank + 1 if words in ("interval", "period") else rank)


def _queue(words: str, told: frozenset[str]) -> Heading | None:
    """A queue's name, before its number."""
    if "queue" not in told or {"media", "time", "average", "total", "start", "end", "within"} & told:
        return None
    return Heading("queue", 4 * ("id" in told) - ("name" in told) + (0 if "queue" in words else 1))


def recognise(cells: Sequence[str]) -> dict[str, list[int]]:
    """Meanings to the places of the cells that have them, the best first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, text in enumerate(cells):
        heading = meaning(text)
        if heading:
            found.setdefault(heading.meaning, []).append((heading.rank, place))
    return {name: [place for _, place in sorted(ranked)] for name, ranked in found.items()}


def unit_of(text: str) -> str | None:
    """The unit a heading names: ``s``, ``ms``, ``min`` or ``h``."""
    told = concepts(text)
    named = [
        unit
        for concept, unit in (("ms", "ms"), ("seconds", "s"), ("minutes", "min"), ("hours", "h"))
        if concept in told
    ]
    return named[0] if named and not re.search(r"(?i)h+ ?: ?m+|m+ ?: ?s+", text) else None


def aggregate_of(text: str) -> str | None:
    """Whether a heading names a ``mean`` or a ``total``."""
    told, words = concepts(text), plain(text).split()
    if "total" in told or set(words) & {"acdtime", "acwtime", "holdtime", "anstime", "abntime"}:
        return "total"
    return "mean" if "average" in told else None
