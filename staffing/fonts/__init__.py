"""Vazirmatn, the bundled font for Latin and Arabic script (SIL Open Font License, ``OFL.txt`` beside it)."""

from __future__ import annotations

from pathlib import Path

REGULAR, BOLD = (Path(__file__).parent / f"Vazirmatn-{weight}.ttf" for weight in ("Regular", "Bold"))
