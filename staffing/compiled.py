"""Numba kernels, compiled once per machine and kept in the user's cache folder.

Import ``kernel`` from here, never numba itself. Kernels are kept under a digest of every source file that defines one
and its place, because numba looks for changes in the kernel's own file only and would go on using stale helpers.
The folder is NUMBA_CACHE_DIR, or else the user's cache folder; neither the environment nor numba's own settings are
changed for anybody else.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numba
import platformdirs

_turn = threading.Lock()


def kernel(function: Callable[..., Any]) -> Any:
    """Compile ``function``; keep the result on disk when the cache folder can be written."""
    return _compiled(function)


def part(function: Callable[..., Any]) -> Any:
    """Compile ``function`` into the kernels that call it, so that handing it many arrays costs nothing."""
    return _compiled(function, forceinline=True)


def _compiled(function: Callable[..., Any], *, forceinline: bool = False) -> Any:
    folder = kernels_folder()
    if folder is None:
        return numba.njit(error_model="numpy", forceinline=forceinline)(function)
    with _keeping_in(folder):
        return numba.njit(cache=True, error_model="numpy", forceinline=forceinline)(function)


@cache
def kernels_folder() -> Path | None:
    """Where compiled kernels are kept; None where no such folder can be written."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("staffing")) / "kernels"
    folder = root / _sources_digest()
    return folder if _writable(folder) else None


@contextmanager
def _keeping_in(folder: Path) -> Iterator[None]:
    """Numba's cache folder is ``folder`` while a kernel is declared: numba asks for it then, and never again."""
    settings: Any = numba.config
    with _turn:
        before = settings.CACHE_DIR
        settings.CACHE_DIR = str(folder)
        try:
            yield
        finally:
            settings.CACHE_DIR = before


def _sources_digest() -> str:
    package = Path(__file__).parent
    digest = hashlib.sha256(str(package).encode())  # by place, as numba keeps them: two checkouts do not share
    for path in sorted(package.rglob("*.py")):
        source = path.read_bytes()
        if b"staffing.compiled" in source:
            digest.update(source)
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
