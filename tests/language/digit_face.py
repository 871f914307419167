"""The face in which grids and charts draw Persian digits: `python -m tests.language.digit_face` makes it of Vazirmatn.

It holds ten glyphs, the Persian digits at the places of the Latin ones: figures stay numbers that sort and add up, and
are drawn as their reader writes them.
"""

from __future__ import annotations

from fontTools import subset
from fontTools.ttLib import TTFont

from staffing.fonts import DIGITS, REGULAR


def main() -> None:
    face = TTFont(REGULAR)
    wanted = subset.Subsetter(subset.Options(layout_features=[], name_IDs=[0, 1, 2, 13], hinting=False))
    wanted.populate(unicodes=range(0x06F0, 0x06FA))
    wanted.subset(face)
    for table in face["cmap"].tables:
        table.cmap = {0x30 + code - 0x06F0: glyph for code, glyph in table.cmap.items()}
    face.save(DIGITS)


if __name__ == "__main__":
    main()
