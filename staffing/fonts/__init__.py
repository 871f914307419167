"""Vazirmatn, the bundled font for Latin and Arabic script (SIL Open Font License, ``OFL.txt`` beside it)."""

from __future__ import annotations

from pathlib import Path

REGULAR, BOLD, DIGITS = (Path(__file__).parent / f"Vazirmatn-{face}.ttf" for face in ("Regular", "Bold", "Digits"))
