"""The planner in the browser: `staffing app`, or `streamlit run app.py [-- WORKSPACE_FOLDER …]`."""

from pathlib import Path

import streamlit as st

import staffing.ui
from staffing.language import marked
from staffing.language import text as said
from staffing.ui import reading, sidebar, turns

PAGES = {
    "home": (marked("Home"), ":material/home:"),
    "history": (marked("History"), ":material/history:"),
    "events": (marked("Events"), ":material/event:"),
    "forecast": (marked("Forecast"), ":material/show_chart:"),
    "staffing": (marked("Staffing"), ":material/groups:"),
    "roster": (marked("Roster"), ":material/calendar_view_week:"),
    "goals": (marked("Goals"), ":material/flag:"),
    "compare": (marked("Compare"), ":material/balance:"),
    "erlang": (marked("Erlang"), ":material/calculate:"),
    "setup": (marked("Set up"), ":material/construction:"),
}
ALONE = ("erlang", "setup")  # pages that can be shown without a workspace
ROOM = Path(staffing.ui.__file__).parent

# The icon comes from this machine: one named by word would be fetched from a font server.
st.set_page_config(page_title="staffing", page_icon=str(ROOM / "icon.png"), layout="wide")
reading.begin()
pages = {
    name: st.Page(ROOM / f"{name}.py", title=said(title), icon=icon, url_path=name, default=name == "home")
    for name, (title, icon) in PAGES.items()
}
st.session_state["pages"] = pages
page = st.navigation(list(pages.values()), position="top")
with turns.turn():
    if sidebar.show(needed=page.url_path not in ALONE):
        page.run()
