"""Memory that is free goes back to the system: allocators keep hundreds of megabytes after a large table."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return what Arrow and the C library hold for later; does nothing where they cannot."""
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None  # glibc's alone
    if trim is not None:
        trim(0)
