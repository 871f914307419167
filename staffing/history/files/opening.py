"""A file's bytes to its sheets, by what the first bytes say it is; archives are opened one level deep."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from staffing.errors import InputError, Where
from staffing.history.files.apart import OLE, PARQUET, ZIP, unpack
from staffing.history.files.records import read_json, read_markup
from staffing.history.files.sheet import Sheet
from staffing.history.files.source import SUFFIXES, Source
from staffing.history.files.text import as_utf8, read_text
from staffing.history.files.workbook import is_workbook
from staffing.history.options import ImportOptions
from staffing.history.report import Findings
from staffing.history.shown import shown

GZIP = b"\x1f\x8b"
OTHERS = (b"%PDF", b"\x80\x04", b"\x80\x05", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
MARKUP = re.compile(rb"(?i)^[\xef\xbb\xbf\s]*(<\?xml|<!doctype html|<html|<table|<meta|<head)")
JSON = re.compile(rb"^[\xef\xbb\xbf\s]*[\[{]")
MOST_MEMBERS = 400
MOST_RATIO = 1_000


def open_sheets(source: Source, options: ImportOptions, findings: Findings) -> list[Sheet]:
    """Every sheet of a file that is to be read; what is hidden or not chosen is said to be unread.

    Raises InputError when the file is damaged, too large or nothing that history comes in.
    """
    data = source.load(options.max_bytes)
    sheets = list(_opened(source.name, "", data, options, findings))
    wanted = options.answer("sheet")
    if wanted and any(sheet.name == wanted for sheet in sheets):
        for sheet in sheets:
            if sheet.name != wanted:
                findings.leave(sheet.label, f"sheet={wanted} was chosen.")
        return [sheet for sheet in sheets if sheet.name == wanted]
    if wanted and "sheet" not in options.kept and any(sheet.name for sheet in sheets):
        there = ", ".join(shown(sheet.name) for sheet in sheets[:10])
        raise InputError(f"has no sheet '{shown(wanted)}'.", where=Where(source.name), remedy=f"Choose one of {there}.")
    return sheets


def _opened(file: str, name: str, data: bytes, options: ImportOptions, findings: Findings) -> Iterator[Sheet]:
    if data.startswith(PARQUET) or data.startswith(OLE) or (data.startswith(ZIP) and is_workbook(data)):
        for each in unpack(file, name, data, options):
            if each.hidden and options.answer("sheet") != each.name:
                why = f"its owner has hidden it; choose it with sheet={each.name}."
                findings.leave(f"{file}[{each.name}]", why)
                continue
            yield each.sheet
    elif data.startswith(ZIP):
        yield from _members(file, data, options, findings)
    elif data.startswith(GZIP):
        yield from _opened(file, name, _gunzipped(file, data, options), options, findings)
    elif data.startswith(OTHERS):
        raise InputError(
            "is not a CSV, xlsx or Parquet file.",
            where=Where(file),
            remedy="Save it as xlsx or CSV; unpack it first if it is compressed.",
        )
    elif MARKUP.match(data[:1000]):
        yield read_markup(file, as_utf8(file, data)[0]).sheet(file, name, options)
    elif JSON.match(data[:1000]):
        yield read_json(file, as_utf8(file, data)[0]).sheet(file, name, options)
    else:
        yield read_text(file, name, data, options)


def _gunzipped(file: str, data: bytes, options: ImportOptions) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            plain = stream.read(options.max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(file, error) from None
    if len(plain) > options.max_bytes:
        raise _too_large(file, options)
    if plain.startswith(GZIP):
        raise InputError("is compressed twice.", where=Where(file), remedy="Unpack it first.")
    if not plain.strip():
        raise InputError("is empty.", where=Where(file), remedy="Export it again with its rows.")
    return plain


def _members(file: str, data: bytes, options: ImportOptions, findings: Findings) -> Iterator[Sheet]:
    """The sheets of an archive's members; members of other kinds are said to be unread."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            unpacked = sum(each.file_size for each in members)
            if len(members) > MOST_MEMBERS or unpacked > options.max_bytes or unpacked > MOST_RATIO * len(data):
                raise _too_large(file, options)
            contents = {}
            for each in members:
                name = shown(PurePosixPath(each.filename).name)
                if PurePosixPath(each.filename).suffix.lower() not in SUFFIXES or name.startswith((".", "~")):
                    findings.leave(f"{file}[{name}]", "it is no kind of file that history comes in.")
                else:
                    contents[name] = archive.read(each)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise _damaged(file, error) from None
    if not contents:
        raise InputError("holds no history.", where=Where(file), remedy="Put CSV, xlsx or Parquet files into it.")
    for name, content in contents.items():
        if content.startswith(ZIP) and not is_workbook(content):
            findings.leave(f"{file}[{name}]", "it is an archive within an archive.")
        else:
            yield from _opened(file, name, content, options, findings)


def _too_large(file: str, options: ImportOptions) -> InputError:
    return InputError(
        f"holds more than {MOST_MEMBERS} files, or unpacks to more than {options.max_bytes / 1e6:,.0f} MB or "
        f"{MOST_RATIO:,} "
        "times its size.",
        where=Where(file),
        remedy="Unpack it, and keep only the files of the history.",
    )


def _damaged(file: str, error: object) -> InputError:
    return InputError(
        f"cannot be unpacked ({shown(str(error))}).", where=Where(file), remedy="Unpack it first, or export it again."
    )
