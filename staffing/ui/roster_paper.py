"""The week on paper: a plain table of everybody's shifts, seen in print alone, where a grid that scrolls is cut."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from staffing.language import text as said

#: Printed pages hold the roster alone, black on white: no bars, menus, buttons or scrolling grids.
PRINTED = """<style>
.paper { display: none; }
@media print {
  header, [data-testid=stSidebar], [data-testid=stToolbar], [data-testid=stTabs] [role=tablist], .stButton,
  .stDownloadButton, .stForm, .stButtonGroup { display: none; }
  .stMain, .stMainBlockContainer { overflow: visible; height: auto; padding: 0; }
  .stApp { background: #fff !important; }
  .stApp * { background: transparent !important; color: #000 !important; }
  [data-testid=stElementContainer]:has(+ [data-testid=stElementContainer] .paper) { display: none; }
  .paper { display: table; width: 100%; border-collapse: collapse; font-size: 9pt; }
  .paper th, .paper td { border: 1px solid #999; padding: 1pt 3pt; text-align: left; }
  .paper tr { break-inside: avoid; }
}</style>"""


def week(grid: pd.DataFrame) -> None:
    """A table of agents by days; it takes the place of the grid above it on paper."""
    rows = [[said("Agent"), *grid.columns], *([name, *cells] for name, *cells in grid.itertuples())]
    head, *body = ("".join(f"<{tag}>{html.escape(str(cell))}</{tag}>" for cell in row)
                   for tag, row in zip(["th", *["td"] * len(grid)], rows, strict=True))  # fmt: skip
    lines = "".join(f"<tr>{row}</tr>" for row in body)
    st.html(f'<table class="paper"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>')
