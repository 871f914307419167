"""One table written in any of many styles, and whether it was read back: right, asked about, refused, or otherwise."""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
from persiantools.jdatetime import JalaliDate

from staffing.domain.calendar import SiteCalendar
from staffing.history import ImportOptions, preview_upload

UTC = SiteCalendar()
PERSIAN, ARABIC = (str.maketrans("0123456789", digits) for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"))
HEADINGS = {
    "en": ("Date", "Time", "Queue", "Calls offered", "Answered", "Abandoned", "Average handle time"),
    "vendor": ("StartDate", "Interval Start", "Skill Name", "ContactsQueued", "ContactsHandled", "Abandons", "AHT"),
    "own": ("date", "time", "queue", "calls", "answered", "abandoned", "aht_seconds"),
    "fa": ("تاریخ", "ساعت", "صف", "تماس‌های ورودی", "پاسخ داده شده", "از دست رفته", "میانگین زمان مکالمه"),
    "de": ("Datum", "Uhrzeit", "Warteschlange", "Angebotene Anrufe", "Angenommen", "Abgebrochen", "Bearbeitungszeit Ø"),
    "fr": ("Date", "Heure", "File d'attente", "Appels présentés", "Appels traités", "Appels abandonnés", "DMT"),
    "es": ("Fecha", "Hora", "Cola", "Llamadas ofrecidas", "Atendidas", "Abandonadas", "Tiempo medio de operación"),
    "tr": ("Tarih", "Saat", "Kuyruk", "Gelen çağrı", "Cevaplanan", "Kaçan çağrı", "Ortalama işlem süresi"),
    "ar": ("التاريخ", "الوقت", "الطابور", "المكالمات الواردة", "المجابة", "المتروكة", "متوسط وقت المعالجة"),
}  # fmt: skip
PAGES = {"fa": "cp1256", "ar": "cp1256", "de": "cp1252", "fr": "cp1252", "es": "cp1252", "tr": "cp1254"}
TOTALS = {"fa": "جمع", "ar": "المجموع", "de": "Summe", "fr": "Total", "es": "Total", "tr": "Toplam"}
MONTHS_DE = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"]
MONTHS_DE += ["August", "September", "Oktober", "November", "Dezember"]
DATES = {
    "iso": lambda d: f"{d:%Y-%m-%d}",
    "slashes": lambda d: f"{d:%Y/%m/%d}",
    "dmy": lambda d: f"{d:%d/%m/%Y}",
    "dmy-short": lambda d: f"{d.day}/{d.month}/{d:%y}",
    "dots": lambda d: f"{d:%d.%m.%Y}",
    "mdy": lambda d: f"{d.month}/{d.day}/{d.year}",
    "mdy-midnight": lambda d: f"{d.month}/{d.day}/{d.year} 12:00:00 AM",
    "sql": lambda d: f"{d:%Y-%m-%d} 00:00:00.000",
    "compact": lambda d: f"{d:%Y%m%d}",
    "named": lambda d: f"{d:%d-%b-%Y}",
    "named-us": lambda d: f"{d:%b} {d.day}, {d.year}",
    "german": lambda d: f"{d.day}. {MONTHS_DE[d.month - 1]} {d.year}",
    "weekday": lambda d: f"{d:%a %d/%m/%Y}",
    "jalali": lambda d: JalaliDate(d).strftime("%Y/%m/%d"),
    "serial": lambda d: str((d - pd.Timestamp("1899-12-30")).days),
}
CLOCKS = {
    "hm": lambda t, e: f"{t:%H:%M}",
    "hms": lambda t, e: f"{t:%H:%M:%S}",
    "short": lambda t, e: f"{t.hour}:{t:%M}",
    "ampm": lambda t, e: f"{t:%I:%M %p}",
    "nnbsp": lambda t, e: f"{t:%I:%M}\u202f{t:%p}",
    "range": lambda t, e: f"{t:%H:%M}-{e:%H:%M}",
    "range-mark": lambda t, e: f"{t:%I:%M} - {e:%I:%M %p}",
    "compact": lambda t, e: f"{t:%H%M}",
    "unmarked": lambda t, e: f"{int(f'{t:%I}')}:{t:%M}",
    "fraction": lambda t, e: f"{(t.hour * 60 + t.minute) / 1440:.10f}",
    "end": lambda t, e: "24:00" if e.hour == e.minute == 0 else f"{e:%H:%M}",
}
NUMBERS = {
    "plain": lambda x, places: f"{x:.{places}f}",
    "us": lambda x, places: f"{x:,.{places}f}",
    "eu": lambda x, places: f"{x:,.{places}f}".translate(str.maketrans(",.", ".,")),
    "comma": lambda x, places: f"{x:.{places}f}".replace(".", ","),
    "swiss": lambda x, places: f"{x:,.{places}f}".replace(",", "’"),
    "space": lambda x, places: f"{x:,.{places}f}".translate(str.maketrans(",.", "\xa0,")),
    "persian": lambda x, places: f"{x:.{places}f}".replace(".", "٫").translate(PERSIAN),
    "arabic": lambda x, places: f"{x:,.{places}f}".translate(str.maketrans(",.", "٬٫")).translate(ARABIC),
}
HANDLE = {
    "none": None,
    "s": lambda s, answered: (s, 0),
    "decimals": lambda s, answered: (s, 1),
    "ms": lambda s, answered: (s * 1000, 0),
    "min": lambda s, answered: (s / 60, 2),
    "total": lambda s, answered: (s * answered, 0),
    "clock": lambda s, answered: f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}",
    "m:ss": lambda s, answered: f"{s // 60}:{s % 60:02d}",
}
UNIT_NAMED = {"ms": " (ms)", "min": " (min)", "s": " (sec)"}


@dataclass
class Style:
    """Every choice of how a table is written; drawn from ``seed``. The functions, where given, write cells instead."""

    seed: int
    choices: dict = field(default_factory=dict)
    write_date: Callable | None = None
    write_clock: Callable | None = None
    write_number: Callable | None = None

    def __post_init__(self):
        chance = random.Random(self.seed)
        pick = lambda options: chance.choice(list(options))  # noqa: E731
        self.choices = {
            "headings": pick(HEADINGS), "date": pick(DATES), "clock": pick(CLOCKS), "number": pick(NUMBERS),
            "separator": pick(",;\t|"), "encoding": pick(["utf-8", "utf-8-sig", "utf-16", "page"]),
            "handle": pick(HANDLE),
            "together": chance.random() < 0.3, "interval": pick([15, 30, 60, 1440]), "first": pick([0, 8]),
            "days": pick([2, 7, 16, 30]), "queues": pick([0, 1, 2, 3]), "scale": pick([6, 40, 900]),
            "outcomes": chance.random() < 0.5, "shuffled": chance.random() < 0.3, "unit_named": chance.random() < 0.6,
            "totals": pick(["", "", "", "day", "day-named", "grand", "grand-unnamed", "top", "queue", "midnight"]),
            "title": pick(["", "", "Report of calls", "Zeitraum 1.–31.", "گزارش تماس‌ها"]),
            "footer": pick(["", "", "Printed at night", "* preliminary"]),
            "extra": pick(["", "", "percent", "id", "constant"]),
            "across": pick(["", "", "", "", "", "time", "day", "queue"]), "merged": chance.random() < 0.1,
            "order": pick(["time", "queue"]), "quoted": chance.random() < 0.2,
        }  # fmt: skip
        self.chance = chance
        if self.choices["across"] and self.choices["clock"] in ("end", "unmarked"):
            self.choices["clock"] = "hm"  # nothing on such a page could tell
        if self.choices["interval"] == 15 or self.choices["queues"] == 3:
            self.choices["days"] = min(self.choices["days"], 7)

    def __getattr__(self, name):
        return self.choices[name]


def truth(style):
    """The table: queue, start (wall clock), calls, answered, abandoned, seconds of handle time."""
    names = [["voice"], ["Sales"], ["Sales", "Care"], ["Sales", "Care", "پشتیبانی"]][style.queues]
    begin = pd.Timestamp("2025-01-01") + pd.Timedelta(days=style.chance.randrange(300))
    hours = 24 if style.first == 0 else 10
    steps = 1 if style.interval == 1440 else hours * 60 // style.interval
    rows = []
    for day in range(style.days):
        for step in range(steps):
            offset = 0 if style.interval == 1440 else style.first * 60 + step * style.interval
            start = begin + pd.Timedelta(days=day, minutes=offset)
            for name in names:
                calls = style.chance.randint(style.scale // 2, 2 * style.scale)
                lost = style.chance.randint(0, calls // 6)
                rows.append((name, start, calls, calls - lost, lost, style.chance.randint(150, 420)))
    return pd.DataFrame(rows, columns=["queue", "start", "calls", "answered", "abandoned", "aht_s"])


def laid(style, table):
    """The lines of cells of a table in this style, with what stands above and below it."""
    rows = _across(style, table) if style.across and style.interval < 1440 else _long(style, table)
    if style.across == "queue" and style.interval == 1440:
        rows = _long(style, table)
    return [*([[style.title], []] if style.title else []), *rows, *([[style.footer]] if style.footer else [])]


def written(style, lines, newline="\r\n"):
    """The bytes of a CSV file in this style."""
    stream = io.StringIO()
    quoting = csv.QUOTE_ALL if style.quoted else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=style.separator, quoting=quoting, lineterminator=newline).writerows(lines)
    text = stream.getvalue()
    encoding = PAGES.get(style.headings, "utf-8") if style.encoding == "page" else style.encoding
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8")


def _number(style, value, places=0):
    write = style.write_number or NUMBERS[style.number]
    return write(value, places)


def _moment(style, start):
    end = start + pd.Timedelta(minutes=style.interval)
    write_date, write_clock = style.write_date or DATES[style.date], style.write_clock or CLOCKS[style.clock]
    return write_date(start.normalize()), write_clock(start, end)


def _clock_heading(style, heading):
    return {"end": "Interval End"}.get(style.clock, heading)


def _long(style, table):
    date, clock, queue, calls, answered, abandoned, handle = HEADINGS[style.headings]
    daily = style.interval == 1440
    told = HANDLE[style.handle] is not None
    handle += UNIT_NAMED.get(style.handle, "") if style.unit_named and style.headings != "own" else ""
    if style.handle in ("total",):
        handle = "Total handle time" if style.unit_named else "AHT"
    elif style.headings == "own" and style.handle in ("ms", "min"):
        handle = "aht"
    if style.order == "queue":
        table = table.sort_values(["queue", "start"], kind="stable")
    columns = [date, *([] if daily else [_clock_heading(style, clock)]), *([queue] if style.queues else [])]
    if style.together and not daily:
        columns = ["Interval End" if style.clock == "end" else "timestamp", *columns[2:]]
    columns += [calls, *([answered, abandoned] if style.outcomes else []), *([handle] if told else []), *_extra(style)]
    lines = [(row, _cells(style, row)) for row in table.itertuples()]
    body = _with_totals(style, lines, len(columns), 1 if daily or style.together else 2)
    if style.merged and not style.together and not style.totals and style.order == "time":
        body = _merged(body)
    if style.shuffled:
        places = list(range(len(columns)))
        style.chance.shuffle(places)
        columns, body = [columns[k] for k in places], [[line[k] for k in places] for line in body]
    return [columns, *body]


def _merged(body):
    last, merged = None, []
    for line in body:
        merged.append(["", *line[1:]] if line[0] == last else line)
        last = line[0]
    return merged


def _extra(style):
    return {"": [], "percent": ["Service Level %"], "id": ["Queue Id"], "constant": ["Media Type"]}[style.extra]


def _cells(style, row):
    date, clock = _moment(style, row.start)
    daily = style.interval == 1440
    when = [date] if daily else [f"{date} {clock}"] if style.together else [date, clock]
    cells = [*when, *([row.queue] if style.queues else []), _number(style, row.calls)]
    if style.outcomes:
        cells += [_number(style, row.answered), _number(style, row.abandoned)]
    if HANDLE[style.handle] is not None:
        handled = HANDLE[style.handle](row.aht_s, row.answered if style.outcomes else row.calls)
        cells.append(handled if isinstance(handled, str) else _number(style, *handled))
    extra = {"": [], "percent": ["81.5%"], "id": [str(100 + len(row.queue))], "constant": ["voice"]}[style.extra]
    return cells + extra


def _with_totals(style, lines, width, when):
    body = [cells for _, cells in lines]
    place = when + bool(style.queues)

    def total(rows, first, second=""):
        cells = [""] * width
        cells[0] = first
        if when > 1:
            cells[1] = second
        cells[place] = _number(style, sum(row.calls for row in rows))
        return cells

    rows = [row for row, _ in lines]
    name = TOTALS.get(style.headings, "Total")
    if style.totals == "grand":
        return [*body, total(rows, name)]
    if style.totals == "grand-unnamed" and when > 1:
        return [*body, total(rows, "")]
    if style.totals == "queue" and style.queues > 1:
        return _with_queue_sum(style, lines, place)
    if style.totals in ("day", "day-named", "top", "midnight") and when > 1 and style.order == "time":
        return _with_day_totals(style, lines, total, name)
    return body


def _with_day_totals(style, lines, total, name):
    body = []
    for _, group in _by_day(lines):
        rows, cells = [row for row, _ in group], [line for _, line in group]
        date = cells[0][0]
        if style.totals == "midnight" and style.first and style.queues < 2 and style.clock in ("hm", "hms", "short"):
            body += [total(rows, date, CLOCKS[style.clock](rows[0].start.normalize(), None)), *cells]
        elif style.totals == "top":
            body += [total(rows, date), *cells]
        elif style.totals == "day-named":
            body += [*cells, total(rows, name)]
        else:
            body += [*cells, total(rows, date)]
    return body


def _by_day(lines):
    days = {}
    for row, cells in lines:
        days.setdefault(row.start.normalize(), []).append((row, cells))
    return days.items()


def _with_queue_sum(style, lines, place):
    """Rows of a queue that is the sum of the others, behind theirs."""
    starts, body = {}, []
    for row, cells in lines:
        starts.setdefault(row.start, []).append((row, cells))
        body.append(cells)
    name = style.chance.choice(["All", "Total", "Everything", "کل", "Gesamt"])
    for group in starts.values():
        cells = list(group[0][1])
        cells[place - 1] = name
        cells[place] = _number(style, sum(row.calls for row, _ in group))
        for at in range(place + 1, len(cells)):
            cells[at] = ""
        body.append(cells)
    return body


def _across(style, table):
    date, clock = HEADINGS[style.headings][:2]
    one = table[table["queue"] == table["queue"].iloc[0]] if style.across != "queue" or style.queues < 2 else table
    moments = {start: _moment(style, start) for start in one["start"].unique()}
    calls = {(row.queue, row.start): _number(style, row.calls) for row in one.itertuples()}
    queues, starts = list(dict.fromkeys(one["queue"])), sorted(moments)
    days, times = (list(dict.fromkeys(moments[start][k] for start in starts)) for k in (0, 1))
    if style.across == "queue" and style.queues >= 2:
        body = [[*moments[start], *(calls.get((queue, start), "") for queue in queues)] for start in starts]
        return [[date, _clock_heading(style, clock), *queues], *body]
    cells = {moments[start]: calls[queues[0], start] for start in starts}
    if style.across == "day":
        return [[clock, *days], *([time, *(cells.get((day, time), "") for day in days)] for time in times)]
    return [[date, *times], *([day, *(cells.get((day, time), "") for time in times)] for day in days)]


def kept(style, table):
    """What of the truth a file in this style tells: tables across tell one queue's calls, or all queues' calls."""
    if style.across and style.interval < 1440 and not (style.across == "queue" and style.queues >= 2):
        return table[table["queue"] == table["queue"].iloc[0]].assign(queue="voice")
    if style.extra == "id" and not style.queues:
        return table.assign(queue=str(100 + len("voice")))
    return table


def verdict(seed):
    """``right``, ``asked``, ``refused`` or ``different`` with what differs, of the table of ``seed``."""
    style = Style(seed)
    table = truth(style)
    return judged("table.csv", written(style, laid(style, table)), kept(style, table))


def judged(name, data, wanted):
    """How a file is read beside what it tells."""
    report = preview_upload(name, data, UTC, ImportOptions())
    if report.status != "read":
        what = [question.option for question in report.questions] or [report.problems[0].reason[:90]]
        return ("asked" if report.status == "question" else "refused"), ",".join(what)
    if report.unread:
        return "refused", report.unread[0].why[:90]  # a part of it, which is said
    found = report.history.frame.dropna(subset="calls")
    wanted = wanted.assign(start=wanted["start"].dt.tz_localize("UTC"))
    both = wanted.merge(found, on=["queue", "start"], how="outer", suffixes=("", "_read"))
    for column in ("calls", "answered", "abandoned", "aht_s"):
        if f"{column}_read" not in both:
            continue
        scale = 5.0 if column == "aht_s" else 0.01
        wrong = ~((both[column] - both[f"{column}_read"]).abs() <= scale)
        if column == "aht_s":
            wrong &= both["calls"] != 0  # handle time of no call
        if wrong.any():
            row = both[wrong].iloc[0]
            return "different", f"{column} {row['queue']} {row['start']}: {row[column]} read as {row[f'{column}_read']}"
    return "right", ""
