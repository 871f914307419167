"""Names as people write them: one person whatever the case, the spaces or the keyboard."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

from staffing.errors import InputError, Where

#: Letters that Arabic and Persian keyboards give for the same one; half-spaces and marks that carry no sound.
_ALIKE = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "‌": " ", "‏": "", "‎": "", "ـ": ""})


def folded(name: str) -> str:
    """A name without what people write now so, now so: case, spaces and half-spaces, ي/ی and ك/ک, forms of letters."""
    return " ".join(unicodedata.normalize("NFKC", name).translate(_ALIKE).casefold().split())


def known_name(asked: str, names: Iterable[str], *, what: str = "agent", where: Where | None = None) -> str:
    """The name of ``names`` that was meant. Raises InputError naming the nearest where it is none of them, or two."""
    known = list(names)
    if asked in known:
        return asked
    alike = [name for name in known if folded(name) == folded(asked)]
    if len(alike) == 1:
        return alike[0]
    if alike:
        remedy = f"Write it exactly: {' or '.join(alike)}."
        raise InputError(f"'{asked}' may be {len(alike)} of the {what}s.", where=where, remedy=remedy)
    near = difflib.get_close_matches(folded(asked), [folded(name) for name in known], n=1, cutoff=0.6)
    meant = next((name for name in known if near and folded(name) == near[0]), "")
    remedy = f"Did you mean '{meant}'?" if meant else f"Name one of the {len(known)} that the scenario knows."
    raise InputError(f"there is no {what} '{asked}'.", where=where, remedy=remedy)
