"""What files that are read together tell of each other: the order of day and month, time zones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from staffing.domain.calendar import SiteCalendar
from staffing.history.cleaning import Part
from staffing.history.files.source import Source
from staffing.history.layout.words import plain
from staffing.history.meaning.date_order import SHOWN
from staffing.history.options import ImportOptions
from staffing.history.report import Findings, Problem, Question, Reading
from staffing.history.shown import shown


class ReadsParts(Protocol):
    """Reads the tables of one file, which may be ``beside`` others."""

    def __call__(self, source: Source, beside: bool, options: ImportOptions, findings: Findings) -> list[Part]: ...


def read_together(
    sources: Sequence[Source], read: ReadsParts, options: ImportOptions, findings: Findings
) -> list[Part]:
    """The tables of all files. Where one file shows whether the day is first, a file that does not is read so too."""
    each = [(source, own := Findings(), read(source, len(sources) > 1, options, own)) for source in sources]
    orders: dict[str, str] = {}
    for _, _, parts in each:
        for part in parts:
            if part.date_order:
                orders.setdefault(part.date_order, part.file)
    if len(orders) > 1:
        told = ", ".join(f"{SHOWN[order]} in {file}" for order, file in orders.items())
        findings.note(f"Files have their dates in different orders: {told}.")
    found = []
    for source, own, parts in each:
        if len(orders) == 1 and any(question.option == "date_order" for question in own.questions):
            order, teller = next(iter(orders.items()))
            own = Findings()
            parts = read(source, len(sources) > 1, options.answered({"date_order": order}), own)
            own.note(f"{source.name}: dates are read {SHOWN[order]}, as those of {teller} are.")
        findings.add(own)
        found += parts
    _check_columns(found, options, findings)
    return found


def _check_columns(parts: Sequence[Part], options: ImportOptions, findings: Findings) -> None:
    """An answer that names a column which no table has is a problem, unless it is one kept for other files."""
    there = {plain(text): text for part in parts for text in part.headings}
    for key, heading in options.answers.items():
        if parts and key.startswith("column.") and key not in options.kept and plain(heading) not in there:
            listed = ", ".join(shown(text) for text in list(there.values())[:20])
            findings.problems.append(
                Problem("", f"{key}={shown(heading)} names a column that no table has.", f"Choose one of {listed}.")
            )


def compare_zones(parts: Sequence[Part], site: SiteCalendar, options: ImportOptions, findings: Findings) -> None:
    """Where times of one file say their zone and those of another do not, the other may be of the same zone."""
    bare = next((part for part in parts if part.zoned is False), None)
    told = next((part for part in parts if part.zoned), None)
    if bare is None or told is None or options.answer("timezone"):
        return
    asks = f"times have no offset, while those of {told.file} have one."
    if site.timezone == "UTC":
        findings.note(f"{bare.file}: {asks} They are read as UTC.")
        return
    readings = (Reading(site.timezone, "the site's time"), Reading("UTC", "UTC, as those with an offset may be"))
    findings.ask(Question("timezone", bare.file, asks, readings))
