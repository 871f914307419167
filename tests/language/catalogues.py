"""Texts of the code gathered into the catalogues: `make catalogues`, then translate what came out empty.

Sentences that lower rooms tell are gathered too (`sentences.py`) and kept beside the catalogues, where `heard` finds
them.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import staffing
from staffing.language.heard import GATHERED
from staffing.language.texts import CATALOGUES, LANGUAGES

from .sentences import sentences

FORMS = {"text": 1, "marked": 1, "ntext": 2}  # how many of its arguments a function looks up
PACKAGE = Path(staffing.__file__).parent


def gathered() -> Catalog:
    """Every text that the code marks or tells, without where it stands: a moved line changes no catalogue."""
    found = Catalog()
    for sentence in sentences():
        found.add(sentence)
    for path in [*sorted(PACKAGE.rglob("*.py")), PACKAGE.parent / "app.py"]:
        for message in _texts(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(message)
    return found


def _texts(tree: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """What a module gives to the functions it has from staffing.language."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [alias for node in imports if (node.module or "").startswith("staffing.language") for alias in node.names]
    names = {alias.asname or alias.name: FORMS[alias.name] for alias in ours if alias.name in FORMS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            given = node.args[: names[node.func.id]]
            words = tuple(arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
            if len(words) == names[node.func.id]:
                yield words[0] if len(words) == 1 else words


def kept(code: str) -> Catalog:
    """The catalogue of a language as it lies in the package."""
    with (CATALOGUES / code / "staffing.po").open("rb") as source:
        return read_po(source, locale=code)


def po_bytes(catalog: Catalog) -> bytes:
    """The catalogue as text for translators; no dates, so that only texts change it."""
    stream = io.BytesIO()
    write_po(stream, catalog, no_location=True, omit_header=True, sort_output=True, width=110)
    return _HEADER + stream.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The compiled catalogue."""
    stream = io.BytesIO()
    plain = read_po(io.BytesIO(po_bytes(catalog)), locale=catalog.locale)
    plain.creation_date = plain.revision_date = _NO_DATE
    write_mo(stream, plain)
    return stream.getvalue()


def told_bytes() -> bytes:
    """The list of sentences that lower rooms tell, as it lies in the package."""
    return (json.dumps(sentences(), indent=0, ensure_ascii=False) + "\n").encode()


def renew(code: str) -> None:
    """Bring a language's catalogue up to the code: new texts empty, gone ones out, translations as they are."""
    target, known = CATALOGUES / code / "staffing.po", kept(code)
    fresh = Catalog(locale=code)
    for message in gathered():
        if message.id:
            before = known.get(message.id)
            same = before is not None and isinstance(before.string, str) is isinstance(message.id, str)
            fresh.add(message.id, before.string if before is not None and same else None)
    target.write_bytes(po_bytes(fresh))
    target.with_suffix(".mo").write_bytes(mo_bytes(kept(code)))


_NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the same texts give the same bytes
_HEADER = b"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""

if __name__ == "__main__":
    GATHERED.write_bytes(told_bytes())
    for language in LANGUAGES:
        if language != "en":
            renew(language)
