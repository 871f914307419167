"""Who sits at this browser: drafts, locks and records carry that name, and it decides what may be changed."""

from __future__ import annotations

import os

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from staffing.errors import InputError
from staffing.store import lock

#: The header in which a trusted proxy tells who is signed in (see ``server.settings``).
VARIABLE = "STAFFING_USER_HEADER"


def signed_in() -> bool:
    """Whether users are told apart by a sign-in."""
    return bool(os.environ.get(VARIABLE))


def user() -> str:
    """Whom the sign-in names, or this machine's user while nobody else reaches the pages.

    Raises InputError where a sign-in is asked for and names nobody.
    """
    if not signed_in():
        return lock.user() or "local"
    told = st.context.headers.get(os.environ[VARIABLE]) if get_script_run_ctx() is not None else None
    if not told:
        raise InputError("nobody is signed in.", remedy="Sign in again; what you typed is kept.")
    return told.strip()
