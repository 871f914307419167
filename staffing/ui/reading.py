"""The language in which the pages are read: chosen by their reader, kept in the address."""

from __future__ import annotations

from contextvars import ContextVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from staffing.language import LANGUAGES, digits, read_by, spoken
from staffing.language import text as said

KEY = "language"
#: Right to left as a whole; charts, grids, numbers and dates stay left to right. What is drawn on a canvas knows the
#: theme's face alone: that takes Persian letters and digits from ours, so that figures in grids stay numbers that sort.
MIRRORED = """<style>
@font-face { font-family: Vazirmatn; src: url(/fonts/Vazirmatn-Regular.ttf); font-weight: 400; }
@font-face { font-family: Vazirmatn; src: url(/fonts/Vazirmatn-Bold.ttf); font-weight: 700; }
@font-face { font-family: "Source Sans"; src: url(/fonts/Vazirmatn-Regular.ttf); unicode-range: U+600-6FF, U+200C; }
@font-face { font-family: "Source Sans"; src: url(/fonts/Vazirmatn-Digits.ttf); unicode-range: U+30-39; }
[data-testid=stAppViewContainer], [data-testid=stDialog], [data-testid=stHeader] { direction: rtl; }
[data-testid=stAppViewContainer] :is(p, h1, h2, h3, h4, label, button, input, textarea, li, td, th, summary, a),
[data-testid=stHeader] a, [data-testid=stHeader] p, [data-testid=stMetricValue], [role=option], [role=dialog] p,
[role=tooltip] p { font-family: Vazirmatn, "Source Sans", sans-serif; }
[data-testid=stNumberInputContainer] input { font-family: "Source Sans", sans-serif !important; }
[data-testid=stDataFrame], [data-testid=stVegaLiteChart], [data-testid=stDateInput],
[data-testid=stNumberInputContainer],
[data-testid=stTextArea] textarea, [data-testid=stCheckbox] label > div:not([data-testid]) { direction: ltr; }
[data-testid=stSidebar] [data-testid=stSelectbox] [role=combobox] { font-size: 0.8rem; }
[data-testid=stMetricDelta] { direction: ltr; justify-content: end; }
[data-testid=stSidebarContent] { text-align: right; }
[data-testid=stMetricLabel] { gap: 0.25rem; }
[data-testid=stTooltipIcon] { margin-inline-start: 0.25rem; }
[data-testid=stMarkdownContainer] :is(ul, ol) { direction: rtl; padding-inline: 1.5rem 0; }
[data-testid=stMarkdownContainer] li { text-align: start; margin-inline: 0; }
[data-testid=stButtonGroup] [data-variant=segmented_control] {
  border-width: 1px !important; border-radius: 0.5rem !important; margin-inline: 1px !important; }
[data-testid=stButtonGroup] [data-variant=segmented_control]:not([aria-checked=true]) {
  border-color: rgb(128 128 128 / 35%) !important; }
[data-testid=stSidebar][data-collapsed=true] { display: none; }
[data-testid=stFileUploaderDropzone] button :is(p, span:not([data-testid])) { font-size: 0; }
[data-testid=stFileUploaderDropzone] button:has(p)::after { content: "UPLOAD"; font-size: 0.875rem; }
[data-testid=stFileUploaderDropzoneInstructions] * { font-size: 0; }
[data-testid=stFileUploaderDropzoneInstructions]::after { content: "LIMIT"; font-size: 0.875rem; }
[data-testid=stTopNavSection] p { font-size: 0; }
[data-testid=stTopNavSection] p::after { content: "MORE"; font-size: 0.875rem; }
:is([data-testid=stAppViewContainer], [data-testid=stDialog]) [data-testid=stElementContainer] { text-align: start; }
</style>"""


#: The reader's language in this run of the page: hundreds of texts ask for it.
_in_this_run: ContextVar[str | None] = ContextVar("reads", default=None)


def chosen() -> str:
    """The code of the reader's language: chosen, else that of the address, else the browser's."""
    return _in_this_run.get() or _asked()


def _asked() -> str:
    if get_script_run_ctx() is None:
        return "en"
    for code in (st.session_state.get(KEY), st.query_params.get(KEY), (st.context.locale or "")[:2]):
        if code in LANGUAGES:
            return str(code)
    return "en"


#: Rows of choices and lines that lead somewhere go on in the next line where they are too long; they are not cut.
WRAPPED = """<style>
[data-testid=stButtonGroup] [role=radiogroup] { flex-wrap: wrap; }
[data-testid=stTabs] [role=tablist] { flex-wrap: wrap; }
[data-testid=stPageLink] a { align-items: baseline; }
[data-testid=stTopNavLink] { padding-inline: 0.35rem; gap: 0.3rem; }
:is([data-testid=stPageLink] a, [data-testid=stMetricLabel]) :is(p, span, div) {
  white-space: normal; text-overflow: clip; overflow: visible; }
@media (min-width: 641px) and (max-width: 1100px) {
  [data-testid=stMain] [data-testid=stHorizontalBlock] { flex-wrap: wrap; }
  [data-testid=stMain] [data-testid=stColumn] { min-width: min(100%, 9.5rem); }
}
</style>"""
#: Ink of captions, of the choice made and of what is pressed next: contrast enough on every ground of its theme.
LEGIBLE = {
    "light": """<style>
[data-testid=stCaptionContainer] { opacity: 1; }
[data-testid=stCaptionContainer] :is(p, li) { color: #56616b; }
</style>""",
    "dark": """<style>
[data-testid=stCaptionContainer] { opacity: 1; }
[data-testid=stCaptionContainer] :is(p, li) { color: #b3bec6; }
:is([aria-checked=true], [aria-pressed=true], [data-testid$=Active]) p { color: #58c7bc !important; }
:is([data-testid^=stBaseButton-primary], [data-testid=stMultiSelectTagsContainer] [data-tag]) {
  background-color: #1b776f !important; }
</style>""",
}


def begin() -> None:
    """Let every text of the pages be in the reader's language, and lay the page out for it."""
    _in_this_run.set(_asked())
    read_by(chosen)
    st.html(LEGIBLE["dark" if st.context.theme.type == "dark" else "light"] + WRAPPED)
    if spoken().right_to_left:
        limit = said("at most {size} MB a file", size=digits(str(st.get_option("server.maxUploadSize"))))
        style = MIRRORED.replace("MORE", said("more")).replace("UPLOAD", said("Choose a file"))
        st.html(style.replace("LIMIT", limit))


def choose() -> None:
    """The switch, in each language's own words; the choice stands in the address."""
    st.session_state[KEY] = chosen()
    st.segmented_control(
        "Language · زبان",
        list(LANGUAGES),
        key=KEY,
        format_func=lambda code: LANGUAGES[code].name,
        required=True,
        label_visibility="collapsed",
    )
    if st.query_params.get(KEY) != chosen():
        st.query_params[KEY] = chosen()
