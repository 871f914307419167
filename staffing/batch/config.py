"""What a nightly run is told in a file: one for many workspaces, so that a clock has one thing to start."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from staffing.domain.toml import parse_toml
from staffing.errors import InputError, Where


@dataclass(frozen=True)
class Config:
    """Choices of a run; texts are as on the command line.

    Parameters
    ----------
    workspaces : folders, or stored workspaces as ``NAME@db``; relative ones are beside the file.
    horizon, stale_after, keep : spans such as ``28d``; an empty one asks for nothing.
    inbox : folder or URL from which new files are taken in; ``{name}`` stands for the workspace's name.
    engine : ``local`` or ``dask``; ``workers`` 0 for as many as there are cores; ``scheduler`` is Dask's address.
    limit : seconds that one queue may take.
    metrics : file that is written for Prometheus' textfile collector.
    refit : every queue is fitted in full, not taken from last night's fit.
    language : of the report's page: ``en``, or ``fa`` for Persian.
    """

    workspaces: tuple[str, ...] = ()
    scenario: str = "base"
    horizon: str = "28d"
    stale_after: str = ""
    keep: str = ""
    inbox: str = ""
    engine: str = "local"
    workers: int = 0
    scheduler: str = ""
    limit: float = 600.0
    metrics: str = ""
    refit: bool = False
    language: str = "en"

    @classmethod
    def read(cls, path: Path) -> Config:
        """Raises InputError naming a key that is not known and the nearest one, or a value of another kind."""
        try:
            told = parse_toml(path.read_text(encoding="utf-8"), Where(str(path)))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot be read ({error}).", where=Where(str(path)), remedy="Check its path.") from None
        known = {field.name: type(field.default) for field in fields(cls)}
        for key, value in told.items():
            _check(path, key, value, known)
        places = tuple(str(place) for place in told.get("workspaces", ()))
        if not places:
            raise InputError("names no workspaces.", where=Where(str(path), field="workspaces"), remedy="Name some.")
        beside = tuple(place if place.endswith("@db") else str(path.parent / place) for place in places)
        return cls(**{**told, "workspaces": beside})


def _check(path: Path, key: str, value: Any, known: dict[str, type]) -> None:
    where = Where(str(path), field=key)
    if key not in known:
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
        remedy = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known)}."
        raise InputError("is no key of a nightly run.", where=where, remedy=remedy)
    kind = known[key]
    wanted: tuple[type, ...] = (list,) if kind is tuple else (int, float) if kind is float else (kind,)
    if not isinstance(value, wanted) or isinstance(value, bool) != (kind is bool):
        names = {tuple: "a list", str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
        raise InputError(f"must be {names[kind]}.", where=where, remedy=f"Write {key} = {kind()!r} or the like.")
    if key == "engine" and value not in ("local", "dask"):
        raise InputError(f"'{value}' is no engine.", where=where, remedy="Choose 'local' or 'dask'.")
