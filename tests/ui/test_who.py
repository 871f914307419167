"""Whom the pages take a browser to belong to: as the sign-in's headers say, while it lasts."""

import time

import pytest

from staffing.errors import InputError
from staffing.store.rights import Role
from staffing.ui import who


@pytest.fixture
def headers(monkeypatch):
    told: dict[str, str] = {}
    monkeypatch.setattr(who, "_header", lambda name: told.get(name, ""))
    monkeypatch.setattr(who._SignIn, "told", who._Told())
    return told


def test_without_a_sign_in_it_is_this_machines_user(headers):
    assert not who.signed_in()
    assert who.user()
    assert not who.signs_out()


def test_a_proxys_header_is_taken_as_it_is(headers):
    who.told_in("X-User", "X-Groups")
    with pytest.raises(InputError, match="nobody is signed in"):
        who.user()
    headers.update({"X-User": " ad%61 ", "X-Groups": "viewer, bank=planner,staff"})
    assert who.user() == "ad%61"
    assert who.claimed() == {"": Role.viewer, "bank": Role.planner}
    assert not who.signs_out()


def test_the_desks_own_sign_in_ends(headers):
    who.told_in("X-User", "X-Roles", "X-Until")
    headers.update({"X-User": "o%2Cd@example.org", "X-Roles": "b%2C=admin", "X-Until": str(time.time() + 60)})
    assert who.user() == "o,d@example.org"
    assert who.claimed() == {"b,": Role.admin}
    assert who.signs_out()
    headers["X-Until"] = str(time.time() - 1)
    with pytest.raises(InputError, match="your sign-in has ended"):
        who.user()
    with who.own_draft():
        assert who.user() == "o,d@example.org"
    with pytest.raises(InputError, match="your sign-in has ended"):
        who.user()
    headers["X-Until"] = str(time.time() - who.GRACE_S - 1)
    with who.own_draft(), pytest.raises(InputError, match="your sign-in has ended"):
        who.user()
