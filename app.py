"""The planner in the browser: `streamlit run app.py [-- WORKSPACE_FOLDER …]`."""

import streamlit as st

from staffing.ui import sidebar

PAGES = {
    "history": ("History", ":material/history:"),
    "events": ("Events", ":material/event:"),
    "forecast": ("Forecast", ":material/show_chart:"),
    "staffing": ("Staffing", ":material/groups:"),
    "roster": ("Roster", ":material/calendar_view_week:"),
    "compare": ("Compare", ":material/balance:"),
    "erlang": ("Erlang calculator", ":material/calculate:"),
}

st.set_page_config(page_title="staffing", page_icon=":material/support_agent:", layout="wide")
page = st.navigation(
    [
        st.Page(f"staffing/ui/{name}.py", title=title, icon=icon, url_path=name, default=name == "history")
        for name, (title, icon) in PAGES.items()
    ],
    position="top",
)
if sidebar.show(needed=page.url_path != "erlang"):
    page.run()
