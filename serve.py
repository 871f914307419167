"""What is served: the pages and the addresses beside them, behind the guard. Started by ``staffing app``."""

import streamlit as st
from starlette.middleware import Middleware

from staffing.server.guard import Guard
from staffing.server.routes import routes
from staffing.server.settings import ServerSettings
from staffing.store import rights
from staffing.store.bundled import bundled
from staffing.ui import waiting, who, workspaces

settings = ServerSettings.read()
rights.act_as(who.user)
site = routes(workspaces.every_place, waiting.warmed_up)
app = st.App(bundled("app.py"), routes=site, middleware=[Middleware(Guard, settings=settings)])
