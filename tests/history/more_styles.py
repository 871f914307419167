"""Tables of any style in any container: workbooks with typed cells, sheets, archives, JSON, HTML; calendars."""

import calendar
import datetime as dt
import gzip
import html
import io
import json
import random
import zipfile

from persiantools.jdatetime import JalaliDate

from tests.history.styles import PERSIAN, Style, judged, kept, laid, truth, written

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
}


def _named(language, day, month, year):
    return f"{day} {MONTHS[language].split()[month - 1]} {year}"


DATES = {
    "french": lambda d: _named("fr", d.day, d.month, d.year),
    "spanish": lambda d: f"{d.day} de {MONTHS['es'].split()[d.month - 1]} de {d.year}",
    "turkish": lambda d: _named("tr", d.day, d.month, d.year),
    "persian": lambda d: (lambda j: _named("fa", j.day, j.month, j.year).translate(PERSIAN))(JalaliDate(d)),
    "jalali-persian": lambda d: JalaliDate(d).strftime("%Y/%m/%d").translate(PERSIAN),
    "named-day": lambda d: f"{d:%A}, {d.day} {d:%B} {d.year}",
    "dashes": lambda d: f"{d:%d-%m-%Y}",
    "stamped": lambda d: f"{d:%Y-%m-%dT00:00:00}",
}
CLOCKS = {
    "hours-h": lambda t, e: f"{t.hour}h{t:%M}",
    "persian": lambda t, e: f"{t:%H:%M}".translate(PERSIAN),
    "ampm-dots": lambda t, e: f"{int(f'{t:%I}')}:{t:%M} {'a.m.' if t.hour < 12 else 'p.m.'}",
    "range-dash": lambda t, e: f"{t:%H:%M} – {e:%H:%M}",
}
NUMBERS = {
    "french": lambda x, places: f"{x:,.{places}f}".translate(str.maketrans(",.", "\u202f,")),
    "accounts": lambda x, places: f"{x:,.{places}f}".replace(",", " "),
    "padded": lambda x, places: f" {x:.{places}f} ",
    "persian-grouped": lambda x, places: f"{x:,.{places}f}".translate(str.maketrans(",.", "٬٫")).translate(PERSIAN),
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "page")
CONTAINERS = ("csv", "csv", "gz", "zip", "xlsx", "xlsx-typed", "xlsx-typed", "json", "html",
              "sheet-a-queue", "sheet-a-month", "file-a-queue", "file-a-month")  # fmt: skip


def verdict(seed):
    """As ``styles.verdict``, of a table in a container."""
    style, chance = Style(seed), random.Random(f"more {seed}")
    style.choices |= {
        "container": chance.choice(CONTAINERS), "newline": chance.choice(["\r\n", "\n", "\r"]),
        "calendar": chance.choice(["", "", "days", "months"]), "encoding": chance.choice(ENCODINGS),
        "gaps": chance.random() < 0.2, "quiet": chance.random() < 0.15,
        "descending": chance.random() < 0.15, "page_breaks": chance.random() < 0.1, "blanks": chance.random() < 0.1,
    }  # fmt: skip
    for name, more in (("write_date", DATES), ("write_clock", CLOCKS), ("write_number", NUMBERS)):
        if chance.random() < 0.4:
            setattr(style, name, more[chance.choice(list(more))])
    if style.write_clock:
        style.choices["clock"] = "hm"  # its heading names no ends
    table = _thinned(style, truth(style), chance)
    if style.calendar and style.interval == 1440 and style.days >= 16:
        return judged(*_contained(style, [_calendar(style, table)], [""], chance), _whole(style, table))
    parts, names, wanted = _parted(style, table)
    if style.container == "xlsx-typed":
        style.write_date, style.write_clock = lambda d: d.to_pydatetime(), lambda t, e: t.time()
        style.write_number = lambda x, places: round(float(x), places) if places else round(x)
        style.choices |= {"together": False, "clock": "hm", "across": ""}
        wanted = kept(style, table)
    lines = [_broken(style, laid(style, part)) for part in parts]
    return judged(*_contained(style, lines, names, chance), wanted)


def _thinned(style, table, chance):
    """Without some intervals, and with some in which nobody called."""
    if style.gaps:
        table = table[[chance.random() > 0.08 for _ in range(len(table))]]
    if style.quiet:
        last = table["start"].max().normalize()  # silence at the end would be time that has not come
        quiet = [chance.random() < 0.1 and start < last for start in table["start"]]
        table = table.assign(**{name: table[name].mask(quiet, 0) for name in ("calls", "answered", "abandoned")})
        if style.handle != "none":
            table = table.assign(aht_s=table["aht_s"].mask(quiet, 0))
    return table.reset_index(drop=True)


def _whole(style, table):
    one = table[table["queue"] == table["queue"].iloc[0]]
    return one.assign(queue="voice")[["queue", "start", "calls"]].assign(answered=1, abandoned=1, aht_s=1)


def _calendar(style, table):
    """One queue's days, the days of the month or the months across."""
    one = table[table["queue"] == table["queue"].iloc[0]]
    days = zip(one["start"].dt.year, one["start"].dt.month, one["start"].dt.day, strict=True)
    calls = dict(zip(days, one["calls"], strict=True))
    months, write = sorted({key[:2] for key in calls}), style.write_number or (lambda x, places: str(x))
    cell = lambda y, m, d: write(calls[y, m, d], 0) if (y, m, d) in calls else ""  # noqa: E731
    name = lambda y, m: f"{calendar.month_abbr[m]} {y}" if style.seed % 2 else f"{y}-{m:02d}"  # noqa: E731
    days = range(1, 32)
    if style.calendar == "days":
        return [["Month", *map(str, days)], *([name(y, m), *(cell(y, m, d) for d in days)] for y, m in months)]
    months.append((months[-1][0] + months[-1][1] // 12, months[-1][1] % 12 + 1))  # one that has not come
    return [["Day", *(name(*each) for each in months)], *([str(d), *(cell(*each, d) for each in months)] for d in days)]


def _parted(style, table):
    """The table whole, or a part for each queue or month, the parts' names, and what they tell."""
    by_queue = style.container.endswith("queue") and style.queues > 1
    if by_queue or style.container.endswith("month"):
        style.choices |= {"totals": "" if style.totals == "queue" else style.totals}
    if by_queue:
        style.choices |= {"across": "" if style.across == "queue" else style.across}
        style.choices |= {"extra": "" if style.extra == "id" else style.extra}
        names = list(dict.fromkeys(table["queue"]))
        style.choices["queues"] = 0
        return [table[table["queue"] == name] for name in names], names, table
    wanted = kept(style, table)
    if style.container.endswith("month"):
        months = table["start"].dt.strftime("%Y-%m")
        names = list(dict.fromkeys(months))
        if all((months == name).sum() > 3 for name in names):
            return [table[months == name] for name in names], names, wanted
    return [table], [""], wanted


def _broken(style, lines):
    """Rows from the last to the first, headings again after some rows, empty lines between."""
    top = 2 if style.title else 0
    bottom = len(lines) - bool(style.footer)
    head, body = lines[top], lines[top + 1 : bottom]
    if style.descending and not style.merged and not style.across:
        body = body[::-1]
    if style.page_breaks:
        body = [line for k, each in enumerate(body) for line in ([head, each] if k and k % 40 == 0 else [each])]
    if style.blanks:
        body = [line for k, each in enumerate(body) for line in ([[], each] if k and k % 25 == 0 else [each])]
    return [*lines[: top + 1], *body, *lines[bottom:]]


def _contained(style, parts, names, chance):
    """Name and bytes of a file that holds the parts."""
    kind = style.container
    if kind.startswith(("xlsx", "sheet")):
        return "table.xlsx", _workbook(parts, [name or "Calls" for name in names])
    if kind == "json" and not style.title and not style.footer and len(set(parts[0][0])) == len(parts[0][0]):
        head, *body = parts[0]
        return "table.json", json.dumps([dict(zip(head, line)) for line in body if line]).encode()
    if kind == "html":
        lines = ["".join(f"<td>{html.escape(str(cell))}</td>" for cell in line) for line in parts[0]]
        rows = "".join(f"<tr>{line}</tr>" for line in lines)
        return "table.xls", f"<html><meta charset=utf-8><table>{rows}</table></html>".encode()
    texts = [written(style, part, style.newline) for part in parts]
    if kind == "gz":
        return "table.csv.gz", gzip.compress(texts[0])
    if len(texts) > 1 or kind == "zip":
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for name, text in zip(names, texts, strict=True):
                archive.writestr(f"{name or 'calls'}.csv", text)
        return "table.zip", data.getvalue()
    return "table.csv", texts[0]


def _workbook(parts, names):
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in zip(names, parts, strict=True):
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append([None if cell == "" else cell for cell in line])
        for cell in [each for row in sheet.iter_rows() for each in row if isinstance(each.value, dt.datetime)]:
            cell.number_format = "dd.mm.yyyy"
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()
