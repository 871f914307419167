"""How totals are named."""

from __future__ import annotations

import re

#: The beginning of a cell that names a total, an average or all together.
TOTAL_WORDS = (
    r"(?i)^\W*(?:(?:grand|sub|sum|column|report|day|daily|weekly|monthly|month|week|overall|zwischen|wochen|tages|monats"
    r"|genel|ara|sous|gran)[ -]?)*(?:totals?|totaux|totale|sum|summary|summe|gesamt|gesamtsumme|insgesamt"
    r"|average|avg|mean"
    r"|durchschnitt|mittelwert|moyenne|somme|suma|promedio|media|subtotal|toplam|genel|ortalama|overall|all"
    r"|all queues|alle"
    r"|جمع|جمع کل|مجموع|کل|میانگین|المجموع|مجموع کل|الإجمالي|اجمالی|إجمالي|الاجمالي|الكل|المتوسط)\b"
)
ALONE = (
    "*",
    "(all)",
    "Σ",
    "∑",
    "tous",
    "toutes",
    "todas",
    "todos",
    "hepsi",
    "tümü",
    "همه",
    "site",
    "global",
    "combined",
)


def is_total_name(name: str) -> bool:
    """Whether a queue's or a column's name is that of a sum."""
    return bool(re.match(TOTAL_WORDS, name)) or name.strip().casefold() in ALONE
