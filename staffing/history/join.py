"""Tables put together: whose queue is named by its file or sheet, and which of two exports of one day counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import PurePosixPath

import numpy as np
import pandas as pd

from staffing.history.arithmetic.days import without_days
from staffing.history.cleaning import Part
from staffing.history.meaning.queues import joined_spellings, spelling_key
from staffing.history.options import ImportOptions
from staffing.history.report import Findings, Question, Reading
from staffing.history.shown import shown

ALIKE = 0.15  # median difference of calls up to which two tables may be two exports of one queue
OVERLAP = 0.2  # share of the shorter table that the other has too, from which they are no neighbours in time


def by_queue(parts: Sequence[Part], options: ImportOptions, findings: Findings) -> list[pd.DataFrame]:
    """All tables' rows, one for each queue in order of time; where two have an interval, the later one's.

    What follows looks at one queue at a time, so that a large import takes little more memory than its rows.
    """
    named = without_days(_named(parts, options, findings), findings)
    joined = joined_spellings([part for part in named if len(part)], findings)
    places = [part.groupby("queue", sort=False, observed=True).indices for part in joined]
    names = pd.CategoricalDtype(sorted({name for each in places for name in each}))
    tables, over = [], []
    for code, name in enumerate(names.categories):
        found = [part.iloc[each[name]] for part, each in zip(joined, places, strict=True) if name in each]
        rows = pd.concat(found).sort_values("start", kind="stable", ignore_index=True)
        again = rows["start"].duplicated(keep="last")
        if again.any():
            over.append(_replaced(rows, np.asarray(again)))
        tables.append(rows[~again].assign(queue=pd.Categorical.from_codes(np.full((~again).sum(), code), dtype=names)))
    lost = pd.concat(over) if over else pd.DataFrame()
    if len(lost):
        _note_replaced(lost, findings)
    return tables


def _replaced(rows: pd.DataFrame, again: np.ndarray) -> pd.DataFrame:
    """The rows that those of a later file replace, with the calls that count instead; repeats within a file are not."""
    last = rows[~again].set_index("start")[["calls", "file"]]
    lost = rows[again]
    instead = last.reindex(lost["start"])
    told = pd.DataFrame({
        "file": lost["file"].astype("str"), "calls": lost["calls"], "instead": instead["calls"].to_numpy(),
    })  # fmt: skip
    return told[told["file"].to_numpy() != instead["file"].astype("str").to_numpy()]


def _note_replaced(lost: pd.DataFrame, findings: Findings) -> None:
    files = ", ".join(lost["file"].unique()[:5])
    note = f"{len(lost):,} rows of {files} are there again in a later file, whose rows are kept"
    differ = lost[lost["calls"].fillna(-1) != lost["instead"].fillna(-1)]
    if len(differ):
        note += (
            f"; {len(differ):,} of them differ: {differ['calls'].sum():,.0f} calls there, "
            f"{differ['instead'].sum():,.0f} in the later"
        )
    findings.note(f"{note}.")


def _named(parts: Sequence[Part], options: ImportOptions, findings: Findings) -> list[pd.DataFrame]:
    """Each table's rows, with the queue that its file or sheet names where nothing else does and they differ."""
    untold = [part for part in parts if not part.queue_told]
    answer = options.answer("queue_from")
    source = answer or (_source(untold, findings) if len(untold) > 1 else "none")
    if source == "none" or not untold:
        if answer is None:
            _note_one_queue(untold, findings)
        return [part.rows for part in parts]
    names = _distinct_names(untold, source)
    if answer is None:
        listed = ", ".join(f"'{shown(name)}'" for name in dict.fromkeys(names.values()))
        what = "files" if source == "file" else "sheets"
        findings.note(
            f"Queues are named by their {what}, which tell of the same times: {listed}. If not, answer queue_from=none."
        )
    return [_renamed(part.rows, names[id(part)]) if id(part) in names else part.rows for part in parts]


def _note_one_queue(parts: Sequence[Part], findings: Findings) -> None:
    """Said where files that name no queue have words of their own in their names, though no time is in two of them."""
    stems = {_stem(PurePosixPath(part.file).name): part.file for part in parts}
    if len(stems) > 1 and all(stems):
        listed = ", ".join(shown(file) for file in list(stems.values())[:5])
        findings.note(f"{listed} name no queue and are read as one. If each is a queue, answer queue_from=file.")


def _renamed(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    return rows.assign(queue=pd.Categorical.from_codes(np.zeros(len(rows), dtype="int8"), [name]))


def _source(parts: Sequence[Part], findings: Findings) -> str:
    """``file`` or ``sheet`` where tables that name no queue tell of the same times and differ; asked in doubt."""
    doubt = None
    for first, second in combinations(parts[:40], 2):
        source = "sheet" if first.file == second.file and first.sheet != second.sheet else "file"
        share, difference = _difference(first.rows, second.rows)
        if share < OVERLAP or difference == 0 or _stem(_name(first, source)) == _stem(_name(second, source)):
            continue
        if difference > ALIKE:
            return source
        doubt = doubt or (source, first, second)
    if doubt:
        _ask(*doubt, findings)
    return "none"


def _difference(first: pd.DataFrame, second: pd.DataFrame) -> tuple[float, float]:
    """The share of the shorter table's starts that both have, and the median relative difference of calls there."""
    one, other = (rows.drop_duplicates("start").set_index("start")["calls"] for rows in (first, second))
    shared = one.index.intersection(other.index)
    if not len(shared):
        return 0.0, 0.0
    a, b = one.reindex(shared).to_numpy(), other.reindex(shared).to_numpy()
    both = (a + b) > 0
    difference = float(np.median(np.abs(a - b)[both] / ((a + b)[both] / 2))) if both.any() else 0.0
    if difference == 0 and not np.array_equal(a, b, equal_nan=True):
        difference = 1e-9
    return len(shared) / min(len(one), len(other)), difference


def _name(part: Part, source: str) -> str:
    return part.sheet if source == "sheet" else PurePosixPath(part.sheet or part.file).name


def _stem(name: str) -> str:
    """A file's name without its endings, dates, numbers and words for versions."""
    letters = re.sub(r"(?i)(\.[a-z]{1,7}){1,2}$", "", name)
    letters = re.sub(
        r"(?i)(?<![a-z])(copy|kopie|final|new|old|neu|alt|export|corrected|v|rev)(?![a-z])",
        "",
        letters.replace("_", " "),
    )
    return " ".join(re.sub(r"[\d\W]+", " ", letters).split()).casefold()


def _distinct_names(parts: Sequence[Part], source: str) -> dict[int, str]:
    """Each table's queue: what is its own in the names of all, in the file's own letters."""
    plain = {id(part): _shown_stem(_name(part, source)) for part in parts}
    words = [name.split() for name in plain.values()]
    shared = (
        set.intersection(*({spelling_key(word) for word in each} for each in words))
        if len(set(plain.values())) > 1
        else set()
    )
    return {
        key: " ".join(word for word in name.split() if spelling_key(word) not in shared) or name
        for key, name in plain.items()
    }


def _shown_stem(name: str) -> str:
    stem = re.sub(r"(?i)(\.(csv|tsv|txt|xlsx|xlsm|xlsb|xls|ods|parquet|json|jsonl|ndjson|gz|zip|log))+$", "", name)
    undated = re.sub(r"[ _.-]*\b(?:\d{4}[-_.]?\d{2}(?:[-_.]?\d{2})?|\d{6,8}|\(\d+\))\b\)?", "", stem.replace("_", " "))
    return " ".join(undated.split()).strip(" -") or stem


def _ask(source: str, first: Part, second: Part, findings: Findings) -> None:
    names = _distinct_names([first, second], source)
    told = " and ".join(f"'{shown(name)}'" for name in names.values())
    files = first.file if first.file == second.file else f"{first.file} and {second.file}"
    findings.ask(
        Question(
            "queue_from",
            files,
            "tell of the same times with almost the same calls, and name no queue.",
            (
                Reading(source, f"they are different queues, {told}"),
                Reading("none", "the later one is a newer export of the same queue and replaces the earlier"),
            ),
        )
    )
