"""Dates spelled in words: names of months, weekdays and halves of the day in seven languages, to one shape."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import numpy as np
import pandas as pd

MONTHS: dict[int, str] = {
    1: "january jan januar janner janvier janv enero ene ocak oca يناير ژانویه ینایر",
    2: "february feb februar fevrier fevr fev febrero subat sub فبراير فوریه فبرایر",
    3: "march mar marz mrz maerz mars marzo mart مارس",
    4: "april apr avril avr abril abr nisan nis أبريل ابريل آوریل ابریل",
    5: "may mai mayo mayis مايو مه مایو",
    6: "june jun juni juin junio haziran haz يونيو ژوئن یونیو",
    7: "july jul juli juillet juil julio temmuz tem يوليو ژوئیه یولیو",
    8: "august aug aout agosto ago agustos agu أغسطس اوت اغسطس",
    9: "september sep sept septembre septiembre eylul eyl سبتمبر سپتامبر",
    10: "october oct oktober okt octobre octubre ekim eki أكتوبر اکتبر اكتوبر اکتوبر",
    11: "november nov novembre noviembre kasim kas نوفمبر نوامبر",
    12: "december dec dezember dez decembre diciembre dic aralik ara ديسمبر دسامبر دیسمبر",
}
JALALI_MONTHS = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
WEEKDAYS: tuple[str, ...] = (
    "monday mon montag mo lundi lun lunes pazartesi pzt دوشنبه الاثنين الاثنین",
    "tuesday tue tues dienstag di mardi martes sali سهشنبه سه‌شنبه الثلاثاء",
    "wednesday wed mittwoch mi mercredi mer miercoles mie carsamba car چهارشنبه الأربعاء الاربعاء",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves jue persembe per پنجشنبه پنج‌شنبه الخميس الخمیس",
    "friday fri freitag fr vendredi ven viernes vie cuma cum جمعه الجمعة الجمعه",
    "saturday sat samstag sonnabend sa samedi sam sabado sab cumartesi cmt شنبه السبت",
    "sunday sun sonntag so dimanche dim domingo dom pazar paz یکشنبه یک‌شنبه الأحد الاحد",
)
#: Marks of the halves of the day; the longer ones first.
HALVES = (
    (r"(?:a\.? ?m\.?|vorm\.?|öö|ق\.? ?ظ\.?|قبل ?از ?ظهر|صباحا|ص)", "AM"),
    (r"(?:p\.? ?m\.?|nachm\.?|ös|ب\.? ?ظ\.?|بعد ?از ?ظهر|مساء|م)", "PM"),
)
LETTERS = re.compile(r"[^\W\d_]{2,}|[صم]")
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u061c]")


def folded(text: str) -> str:
    """Lower case without accents, Arabic letters in their Persian form."""
    text = text.replace("ي", "ی").replace("ك", "ک").replace("ى", "ی")
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in text if not unicodedata.combining(ch)).replace("ı", "i")


@cache
def _names() -> tuple[dict[str, str], dict[str, int]]:
    months = {folded(name): str(number) for number, names in MONTHS.items() for name in names.split()}
    months |= {folded(name): str(number) for number, name in enumerate(JALALI_MONTHS, start=1)}
    return months, {folded(name): day for day, names in enumerate(WEEKDAYS) for name in names.split()}


def month_named(words: str) -> int | None:
    """The month that folded words name, of either calendar; None where they name none, several or something else."""
    names = re.findall(r"[^\W\d_]{2,}", words)
    months = _names()[0]
    return int(months[names[0]]) if len(names) == 1 and names[0] in months else None


def weekday_of(text: str) -> int | None:
    """The weekday that a text names and nothing else, 0 for Monday."""
    return _names()[1].get(folded(UNSEEN.sub("", text)).strip(" .,:").replace(" ", ""))


def unspelled(texts: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """Texts with months as numbers, AM and PM in English and no weekdays; and the weekday that each named, or -1.

    A named month between day and year becomes year-month-day, in whatever order they stood.
    """
    if not texts.str.contains(LETTERS).any():
        return texts, np.full(len(texts), -1)
    read = [_unspelled(text) if LETTERS.search(text) else (text, -1) for text in texts]
    return pd.Series([text for text, _ in read], dtype="str"), np.array([day for _, day in read])


def marked_halves(text: str) -> str:
    """AM and PM behind the time, however they are written."""
    for pattern, mark in HALVES:
        text = re.sub(rf"(?i)(?<=[\d ])\s*(?<!\w){pattern}(?!\w)|(?<=\d){pattern}(?!\w)", f" {mark}", text)
        text = re.sub(rf"(?i)(?<!\w){pattern}\s+(\d{{1,2}}:\d{{2}}(?::\d{{2}})?)", rf"\1 {mark}", text)
    return text


def _unspelled(text: str) -> tuple[str, int]:
    months, weekdays = _names()
    text, weekday, month = marked_halves(UNSEEN.sub("", text)), -1, ""

    def replaced(match: re.Match[str]) -> str:
        nonlocal weekday, month
        word = folded(match[0]).rstrip(".").replace("\u200c", "")
        if word in ("am", "pm", "utc", "gmt"):
            return match[0]
        if word in months and not month and (word not in weekdays or weekday >= 0):
            month = months[word]
            return f"<{month}>"
        if word in weekdays and weekday < 0:
            weekday = weekdays[word]
            return ""
        return "" if word in ("uhr", "de", "del", "den", "der", "le", "um", "at", "ساعت") else match[0]

    plain = re.sub(r"[^\W\d_]{2,}(?:\u200c[^\W\d_]+)?\.?", replaced, text)
    plain = re.sub(r"^[\s,.()]+|\(\s*\)|[\s,()]+$", "", re.sub(r"\s+", " ", plain))
    return (_ordered(plain) if month else plain), weekday


def _ordered(text: str) -> str:
    """``20 <1> 2025``, ``<1> 20, 2025`` and ``2025 <1> 20`` as 2025-1-20."""
    gap = r"[\s./,-]*"
    for pattern, shape in (
        (rf"(\d{{1,2}})(?:st|nd|rd|th)?{gap}<(\d+)>{gap}(\d{{4}}|\d{{2}})(?!:)", r"\3-\2-\1"),
        (rf"<(\d+)>{gap}(\d{{1,2}})(?:st|nd|rd|th)?{gap}(\d{{4}})(?!:)", r"\3-\1-\2"),
        (rf"(\d{{4}}){gap}<(\d+)>{gap}(\d{{1,2}})", r"\1-\2-\3"),
    ):
        ordered, count = re.subn(pattern, shape, text, count=1)
        if count:
            return re.sub(r"^(\d{2})-", r"20\1-", ordered)
    return text
