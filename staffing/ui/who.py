"""Who sits at this browser: drafts, locks and records carry that name, and it decides what may be changed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import unquote

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from staffing.errors import InputError
from staffing.store import lock
from staffing.store.rights import Role, claimed_roles


@dataclass(frozen=True)
class _Told:
    """Headers in which a request tells who is signed in, their roles, and until when (seconds since 1970)."""

    user: str = ""
    roles: str = ""
    until: str = ""

    @property
    def own(self) -> bool:
        """Whether the desk itself signed them in: its headers end, and are quoted."""
        return bool(self.until)


#: For so long after a sign-in has ended what is typed on a page that was open then still goes into its user's draft.
GRACE_S = 12 * 3600
_taken_in = ContextVar("own-draft", default=False)


class _SignIn:
    told = _Told()


@contextmanager
def own_draft() -> Iterator[None]:
    """A context in which something typed goes into the user's own draft: one whose sign-in has ended since the page was
    drawn loses nothing. The page then asks them to sign in before anything else."""
    before = _taken_in.set(True)
    try:
        yield
    finally:
        _taken_in.reset(before)


def told_in(user: str, roles: str = "", until: str = "") -> None:
    """Say in which headers users are told; a server that signs in does it once, before it takes a request."""
    _SignIn.told = _Told(user, roles, until)


def signed_in() -> bool:
    """Whether users are told apart by a sign-in."""
    return bool(_SignIn.told.user)


def user() -> str:
    """Whom the sign-in names, or this machine's user while nobody else reaches the pages.

    Raises InputError where a sign-in is asked for and names nobody, or has ended.
    """
    told = _SignIn.told
    if not told.user:
        return lock.user() or "local"
    name = (unquote(_header(told.user)) if told.own else _header(told.user)).strip()
    if not name:
        raise InputError("nobody is signed in.", remedy="Sign in again; what you typed is kept.")
    until = float(_header(told.until) or 0) + (GRACE_S if _taken_in.get() else 0.0)
    if told.own and until < time.time():
        raise InputError(
            "your sign-in has ended.",
            remedy="Load this page anew to sign in. What you typed into your draft is kept.",
        )
    return name


def claimed() -> dict[str, Role]:
    """The roles that the sign-in gives whoever is at work, by workspace; under "" those for all."""
    told = _SignIn.told
    return claimed_roles(unquote(part) if told.own else part for part in _header(told.roles).split(","))


def signs_out() -> bool:
    """Whether who is signed in can sign out here (``/sign-out``)."""
    return _SignIn.told.own


def _header(name: str) -> str:
    return (st.context.headers.get(name) or "") if name and get_script_run_ctx() is not None else ""
