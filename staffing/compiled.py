"""Numba kernels, compiled once per machine and kept in the user's cache folder.

Import ``kernel`` from here, never numba itself: numba reads its cache folder from the environment the
moment it is imported. Kernels are kept under a digest of every source file that defines one and its place, because
numba looks for changes in the kernel's own file only and would go on using stale helpers.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs


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


def _cache_folder() -> Path:
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(chosen) if chosen else Path(platformdirs.user_cache_dir("staffing")) / "kernels"
    digest = _sources_digest()
    return root if root.name == digest else root / digest  # a child process is handed its parent's folder


CACHE_FOLDER = _cache_folder()
CACHED = _writable(CACHE_FOLDER)
if CACHED:
    os.environ["NUMBA_CACHE_DIR"] = str(CACHE_FOLDER)

import numba  # noqa: E402  (reads NUMBA_CACHE_DIR when imported)

if CACHED:  # once more, for the case that somebody imported numba before us
    numba.config.CACHE_DIR = str(CACHE_FOLDER)  # type: ignore[attr-defined]


def kernel(function: Callable[..., Any]) -> Any:
    """Compile ``function``; keep the result on disk when the cache folder can be written."""
    return numba.njit(cache=CACHED, error_model="numpy")(function)


def part(function: Callable[..., Any]) -> Any:
    """Compile ``function`` into the kernels that call it, so that handing it many arrays costs nothing."""
    return numba.njit(cache=CACHED, error_model="numpy", forceinline=True)(function)
