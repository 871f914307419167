"""People as they are pasted out of a spreadsheet."""

from __future__ import annotations

import csv
import io

from staffing.domain.workforce import Agent
from staffing.errors import InputError, Where
from staffing.store.csv_files import AGENT_COLUMNS, agents_of

PLAIN = ("agent", "team", "contract", "skills")
#: What spreadsheets call the columns, in English and Persian, lower case.
HEADINGS = {
    **{name: name for name in AGENT_COLUMNS},
    "name": "agent", "person": "agent", "employee": "agent", "group": "team", "skill": "skills", "queue": "skills",
    "queues": "skills", "available": "days", "not before": "earliest", "not after": "latest", "days off": "time_off",
    "time off": "time_off", "leave": "time_off", "نام": "agent", "کارشناس": "agent", "نام و نام خانوادگی": "agent",
    "تیم": "team", "گروه": "team", "قرارداد": "contract", "مهارت": "skills", "مهارت‌ها": "skills", "صف": "skills",
    "مرخصی": "time_off", "ارشد": "senior",
}  # fmt: skip


def pasted_people(typed: str, contract: str) -> tuple[Agent, ...]:
    """People from rows of a spreadsheet (tabs) or of a CSV, under a row of headings or as name, team, contract, skills.

    Whoever has no contract gets the one given. Raises InputErrors naming row and column.
    """
    lines = [line for line in typed.replace("\ufeff", "").splitlines() if line.strip()]
    if not lines:
        raise InputError("nothing was pasted.", remedy="Copy the rows in the spreadsheet, then paste them here.")
    tabs = any("\t" in line for line in lines)
    rows = list(csv.reader(lines, delimiter="\t" if tabs else ","))
    named = [HEADINGS.get(cell.strip().lower(), "") for cell in rows[0]]
    if "agent" in named:
        header, rows = _headed(rows[0], named), rows[1:]
    else:
        header = list(PLAIN)
        wide = next((k for k, row in enumerate(rows, 1) if len(row) > len(PLAIN)), None)
        if wide is not None:
            raise InputError("has more than four cells.", where=Where(row=wide), remedy="Paste the headings too.")
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*header, *([] if "contract" in header else ["contract"])], restval="")
    writer.writeheader()
    for row in rows:
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
        writer.writerow({**cells, "contract": cells.get("contract") or contract})
    return agents_of(text.getvalue().encode(), "")


def _headed(headings: list[str], named: list[str]) -> list[str]:
    for heading, name in zip(headings, named, strict=True):
        if not name:
            known = "name, team, contract, skills, days, earliest, latest, days off"
            raise InputError("is not a known heading.", where=Where(row=1, column=heading[:60]), remedy=f"Use {known}.")
    return named
