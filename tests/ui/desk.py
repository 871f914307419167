"""Opens the pages without a browser and waits until the work beside them is done."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from staffing.store import rights
from staffing.ui import who

ROOT = Path(__file__).resolve().parents[2]


def opened(page: str = "history", **address: str) -> AppTest:
    """A page of the app, settled. ``address`` is what stands behind the ? of its link."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in address.items():
        app.query_params[name] = value
    if page != "home":
        app.switch_page(f"staffing/ui/{page}.py")
    return settle(app.run())


def go(app: AppTest, page: str) -> AppTest:
    app.switch_page(f"staffing/ui/{page}.py")
    return settle(app.run())


def tab(app: AppTest, name: str, page: str = "roster") -> AppTest:
    """A tab of the Roster (or another) page; the others are not worked out."""
    app.session_state[f"{page}-tab"] = name
    return settle(app.run())


def settle(app: AppTest) -> AppTest:
    """Run until no job is on its way; a page that fails in a way nobody foresaw fails the test."""
    for _ in range(600):
        waits = any("being worked out" in caption.value for caption in app.caption)
        if not waits and not any(button.label == "Stop" for button in app.button):
            break
        time.sleep(0.2)
        app.run()
    assert not app.exception, app.exception[0].message
    assert not any("planner itself failed" in error.value for error in app.error), [e.value for e in app.error]
    return app


def button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


def make_roster(app: AppTest) -> None:
    """Press for a roster, unless it was made before in this process."""
    if any(each.label == "Make the roster" for each in app.button):
        button(app, "Make the roster").click().run()


def metric(app: AppTest, label: str):
    return next(metric for metric in app.metric if metric.label == label)


def number(app: AppTest, label: str):
    return next(box for box in app.number_input if box.label == label)


def shown(app: AppTest) -> str:
    """All prose of the page."""
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success]
    return "\n".join(part.value for part in parts)


def signed_in(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Ada, a planner, as a proxy tells of her; what it tells, to be changed."""
    told = {"X-User": "ada", "X-Roles": "planner", "X-Until": "4e9"}
    monkeypatch.setattr(who, "_header", lambda name: told.get(name, ""))
    monkeypatch.setattr(who._SignIn, "told", who._Told("X-User", "X-Roles", "X-Until"))
    monkeypatch.setattr(rights._Acting, "who", staticmethod(who.user))
    monkeypatch.setattr(rights._Acting, "claimed", staticmethod(who.claimed))
    monkeypatch.setattr(rights._Acting, "told_apart", True)
    return told
