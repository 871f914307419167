"""What is served: the pages and the addresses beside them, behind the guard. Started by ``staffing app``."""

import streamlit as st
from starlette.middleware import Middleware

from staffing.server import sign_in
from staffing.server.guard import Guard
from staffing.server.routes import routes
from staffing.server.settings import ServerSettings
from staffing.store import rights
from staffing.store.bundled import bundled
from staffing.ui import waiting, who, workspaces

settings = ServerSettings.read()
if settings.provider:
    who.told_in(sign_in.USER, sign_in.ROLES, sign_in.UNTIL)
else:
    who.told_in(settings.user_header, settings.role_header)
rights.act_as(who.user, who.claimed if settings.gives_roles else None)
waiting.warmed_up()  # begun while the rest of the server still loads
site = [*routes(workspaces.every_place, waiting.warmed_up), *sign_in.routes(settings)]
before = [Middleware(Guard, settings=settings), *sign_in.middleware(settings)]
app = st.App(bundled("app.py"), routes=site, middleware=before)
