"""Texts looked up in the catalogue of the language that is spoken."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from staffing.errors import InputError

CATALOGUES = Path(__file__).parent / "catalogues"
_PERSIAN = str.maketrans("0123456789%", "۰۱۲۳۴۵۶۷۸۹٪")
_THOUSANDS, _POINT = re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), re.compile(r"(?<=\d)\.(?=\d)|(?<!\S)\.(?=\d)")


@dataclass(frozen=True)
class Language:
    """A language of the pages and files: its code, its own name, and whether it is written from right to left."""

    code: str
    name: str
    right_to_left: bool = False


LANGUAGES = {"en": Language("en", "English"), "fa": Language("fa", "فارسی", right_to_left=True)}
_spoken: ContextVar[str | None] = ContextVar("language", default=None)


class _Reader:
    """Who reads where no block says otherwise: English, until a server says how it knows."""

    code: Callable[[], str] = staticmethod(lambda: "en")


def read_by(code: Callable[[], str]) -> None:
    """Say how the language of whoever reads is known; pages do it once, so that all their parts agree."""
    _Reader.code = staticmethod(code)


def _now() -> str:
    return _spoken.get() or _Reader.code()


def known(code: str) -> Language:
    """The language of a code. Raises InputError for one that has no catalogue."""
    if code not in LANGUAGES:
        choices = ", ".join(LANGUAGES)
        raise InputError(f"there is no language '{code}'.", remedy=f"Choose one of {choices}.")
    return LANGUAGES[code]


def spoken() -> Language:
    """The language in which texts come out now."""
    return LANGUAGES[_now()]


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Texts inside the block are in this language. Raises InputError for one that has no catalogue."""
    token = _spoken.set(known(code).code)
    try:
        yield spoken()
    finally:
        _spoken.reset(token)


def text(english: str, **values: Any) -> str:
    """``english`` in the spoken language, its ``{names}`` filled in; English where the catalogue lacks it."""
    found = _catalogue(_now()).gettext(english) if english else ""
    return found.format(**values) if values else found


def ntext(one: str, many: str, count: float, **values: Any) -> str:
    """As ``text``, in the form that ``count`` things ask for; ``{count}`` is filled in too."""
    found = _catalogue(_now()).ngettext(one, many, int(count))
    return found.format(count=count, **values)


def marked(english: str) -> str:
    """A text that is looked up later (by ``text``): this only makes it stand in the catalogues."""
    return english


def digits(shown: str) -> str:
    """A number that was written for people, in the digits of the spoken language."""
    if _now() != "fa":
        return shown
    return _POINT.sub("٫", _THOUSANDS.sub("٬", shown)).replace(", ", "، ").translate(_PERSIAN)


@lru_cache
def _catalogue(code: str) -> gettext.NullTranslations:
    path = CATALOGUES / code / "staffing.mo"
    if code == "en" or not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as compiled:
        return gettext.GNUTranslations(compiled)
