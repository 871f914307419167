"""The planner in the browser: `staffing app`, or `streamlit run app.py [-- WORKSPACE_FOLDER …]`."""

from pathlib import Path

import streamlit as st

import staffing.ui
from staffing.ui import sidebar

PAGES = {
    "home": ("Home", ":material/home:"),
    "history": ("History", ":material/history:"),
    "events": ("Events", ":material/event:"),
    "forecast": ("Forecast", ":material/show_chart:"),
    "staffing": ("Staffing", ":material/groups:"),
    "roster": ("Roster", ":material/calendar_view_week:"),
    "compare": ("Compare", ":material/balance:"),
    "erlang": ("Erlang calculator", ":material/calculate:"),
    "setup": ("Set up", ":material/construction:"),
}
ALONE = ("erlang", "setup")  # pages that can be shown without a workspace
ROOM = Path(staffing.ui.__file__).parent

# The icon comes from this machine: one named by word would be fetched from a font server.
st.set_page_config(page_title="staffing", page_icon=str(ROOM / "icon.png"), layout="wide")
pages = {
    name: st.Page(ROOM / f"{name}.py", title=title, icon=icon, url_path=name, default=name == "home")
    for name, (title, icon) in PAGES.items()
}
st.session_state["pages"] = pages
page = st.navigation(list(pages.values()), position="top")
if sidebar.show(needed=page.url_path not in ALONE):
    page.run()
