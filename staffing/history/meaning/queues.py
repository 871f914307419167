"""Queue names: one queue that is spelled in several ways is one."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd

from staffing.history.layout.words import ARABIC_LETTERS, HALF_SPACES, UNSEEN
from staffing.history.meaning.numerals import DIGITS
from staffing.history.report import Findings
from staffing.history.shown import shown


def spelling_key(name: str) -> str:
    """What spellings of one queue share: letters and digits without case, forms and what stands between words."""
    text = UNSEEN.sub("", HALF_SPACES.sub(" ", name)).translate(ARABIC_LETTERS).translate(DIGITS)
    text = re.sub(r"(?<=\d)[\s_-]+(?=\d)", " ", unicodedata.normalize("NFKC", text).casefold().strip())
    return re.sub(r"(?<!\d)[\s_-]+|[\s_-]+(?!\d)", "", text) or text


def tidy_name(name: str) -> str:
    """A name without what cannot be seen and doubled spaces."""
    kept = re.sub(HALF_SPACES, lambda match: match[0] if match[0] == "\u200c" else " ", name)
    return " ".join(re.sub(UNSEEN, lambda match: match[0] if match[0] == "\u200c" else "", kept).split())


def joined_spellings(parts: list[pd.DataFrame], findings: Findings) -> list[pd.DataFrame]:
    """The rows of all parts, each queue under its most usual spelling.

    Two spellings that both have a row for the same start in one file are two queues, and that is said.
    """
    counts: dict[str, int] = {}
    for part in parts:
        codes = part["queue"].cat.codes.to_numpy()
        for code, rows in enumerate(np.bincount(codes, minlength=len(part["queue"].cat.categories))):
            name = part["queue"].cat.categories[code]
            counts[name] = counts.get(name, 0) + int(rows)
    groups: dict[str, list[str]] = {}
    for name in counts:
        groups.setdefault(spelling_key(name), []).append(name)
    renamed: dict[str, str] = {}
    for names in groups.values():
        if len(names) == 1:
            renamed[names[0]] = tidy_name(names[0]) or names[0]
            continue
        if _apart(parts, names):
            findings.note(
                f"Queues {_listed(names)} are spelled alike, yet have rows for the same intervals: kept apart."
            )
            continue
        best = tidy_name(max(names, key=lambda name: counts[name]))
        renamed |= dict.fromkeys(names, best)
        findings.note(f"Spellings {_listed(names)} are one queue, '{shown(best)}'.")
    return [_renamed(part, renamed) for part in parts]


def _listed(names: list[str]) -> str:
    return " and ".join(f"'{shown(name)}'" for name in names[:5])


def _apart(parts: list[pd.DataFrame], names: list[str]) -> bool:
    for part in parts:
        there = [name for name in names if name in part["queue"].cat.categories]
        if len(there) > 1 and part["start"][part["queue"].isin(there)].duplicated().any():
            return True
    return False


def _renamed(part: pd.DataFrame, renamed: dict[str, str]) -> pd.DataFrame:
    names = list(part["queue"].cat.categories)
    new = [renamed.get(name, name) for name in names]
    if new == names:
        return part
    places, kept = pd.factorize(pd.Series(new, dtype="str"))
    codes = places[part["queue"].cat.codes.to_numpy()]
    return part.assign(queue=pd.Categorical.from_codes(codes, kept))
