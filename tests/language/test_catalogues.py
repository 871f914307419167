"""Catalogues are complete, fit the code, and their compiled form is what they say."""

from __future__ import annotations

import re

import pytest

from staffing.language import LANGUAGES
from staffing.language.heard import GATHERED
from staffing.language.texts import CATALOGUES

from .catalogues import gathered, kept, mo_bytes, told_bytes

OTHERS = [code for code in LANGUAGES if code != "en"]


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_of_the_code_is_translated_and_nothing_else(code: str) -> None:
    texts = {message.id for message in gathered() if message.id}
    catalogue = {message.id: message for message in kept(code) if message.id}
    assert texts == catalogue.keys(), "run: make catalogues"
    assert [text for text, message in catalogue.items() if not all(forms(message.string))] == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_keep_what_is_filled_in(code: str) -> None:
    def holes(text: str) -> set[str]:
        return set(re.findall(r"{\w*}", text))

    for message in kept(code):
        wanted = set.union(*(holes(one) for one in forms(message.id))) if message.id else set()
        for shown in forms(message.string) if message.id else []:
            assert holes(shown) <= wanted, message.id
            assert wanted - holes(shown) <= {"{count}"}, message.id


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_the_written_one(code: str) -> None:
    assert (CATALOGUES / code / "staffing.mo").read_bytes() == mo_bytes(kept(code)), "run: make catalogues"


def test_what_lower_rooms_tell_is_gathered() -> None:
    assert GATHERED.read_bytes() == told_bytes(), "run: make catalogues"
