"""A planner's window without a browser: the pages' own protocol over a websocket, one message after the other.

It does what the browser does and draws nothing: it keeps the elements of the page, tells the server what was typed or
pressed, answers fragments that ask to be run again, and waits until the server has answered.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

LONGEST_S = 300.0  # a machine at work on much else is slow, and no fault of the page
PROGRESS = "progress"


class PageFailed(RuntimeError):
    """The page showed a fault, or none came in time."""


@dataclass(frozen=True)
class Element:
    """What stands at one place of the page, and the fragment that it belongs to."""

    kind: str
    content: Any
    fragment: str

    @property
    def id(self) -> str:
        return str(getattr(self.content, "id", ""))


class Window:
    """A session of the pages at ``address`` (``http://127.0.0.1:8501``) for a user, told by a proxy's header.

    An error that begins with ``bears`` is an answer of the page and no fault of it.
    """

    def __init__(self, address: str, page: str = "home", *, user: str = "", bears: str = "", **query: str) -> None:
        headers = {"X-User": user} if user else {}
        self.socket = connect(
            f"ws{address.removeprefix('http')}/_stcore/stream",
            additional_headers=headers,
            origin=address,
            subprotocols=["streamlit"],
            compression=None,
            max_size=None,
            ping_interval=None,  # a killed server is noticed by who waits for its answer
        )
        self.page, self.query, self.bears = page, urlencode(query), bears
        self.hash = ""
        self.elements: dict[tuple[int, ...], Element] = {}
        self.typed: dict[str, WidgetState] = {}
        self.given: dict[str, Any] = {}  # values that the server gave to fields, which it tells once
        self.asked: dict[str, float] = {}  # fragments that ask to be run again, by the seconds between
        self.pages: dict[str, str] = {}
        self.run()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def turn_to(self, page: str) -> None:
        """Another page, settled; nothing of the address goes along, as in a browser."""
        self.page, self.hash, self.query = page, self.pages[page], ""
        self.typed = {}
        self.run()
        self.settle()

    def found(self, kind: str, **told: str) -> Element:
        """The element of a kind whose fields are as told. Raises PageFailed where there is none."""
        for element in self.of(kind):
            if all(getattr(element.content, name) == value for name, value in told.items()):
                return element
        raise PageFailed(f"no {kind} {told} on {self.page}: {self.faults() or self.words()[:300]}")

    def keyed(self, key: str, kind: str = "number_input") -> Element:
        """The widget whose key begins so."""
        for element in self.of(kind):
            if re.match(rf"\$\$ID-[0-9a-f]+-{re.escape(key)}", element.id):
                return element
        raise PageFailed(f"no {kind} with the key {key} on {self.page}: {self.faults() or self.words()[:300]}")

    def of(self, kind: str) -> Iterator[Element]:
        return (element for element in list(self.elements.values()) if element.kind == kind)

    def type(self, element: Element, **value: Any) -> None:
        """Give a widget a value; it is told with the next run."""
        state = WidgetState(id=element.id)
        for name, each in value.items():
            if name == "string_array_value":
                state.string_array_value.data.extend(each)
            else:
                setattr(state, name, each)
        self.typed[element.id] = state

    def take(self, element: Element, **value: Any) -> None:
        """Give a widget a value and wait for the page."""
        self.type(element, **value)
        self.run(element.fragment)
        self.settle()

    def number(self, element: Element) -> float:
        """What a number field shows."""
        typed = self.typed.get(element.id)
        return typed.double_value if typed else float(self.given.get(element.id, element.content.default))

    def press(self, label: str, key: str = "") -> None:
        """Press a button and wait for the page."""
        element = self.keyed(key, "button") if key else self.found("button", label=label)
        if element.content.disabled:
            raise PageFailed(f"the button {label} cannot be pressed.")
        self.type(element, trigger_value=True)
        try:
            self.run(element.fragment)
        finally:
            self.typed.pop(element.id, None)
        self.settle()

    def settle(self) -> None:
        """Run again what asks for it until no work is on its way."""
        until = time.monotonic() + LONGEST_S
        while any(self.of(PROGRESS)) and self.asked:
            if time.monotonic() > until:
                raise PageFailed(f"{self.page} still worked after {LONGEST_S:.0f} s")
            fragment, seconds = next(iter(self.asked.items()))
            time.sleep(seconds)
            self.run(fragment, by_itself=True)
        if told := self.faults():
            raise PageFailed(told)

    def faults(self) -> str:
        """What the page shows as an error."""
        shown = [element.content.message for element in self.of("exception")]
        shown += [alert.content.body for alert in self.of("alert") if alert.content.format == alert.content.ERROR]
        return " | ".join(text for text in shown if not self.bears or not text.startswith(self.bears))

    def words(self) -> str:
        """The page's prose."""
        return " ".join(element.content.body for element in self.of("markdown"))

    def run(self, fragment: str = "", *, by_itself: bool = False) -> None:
        """Ask for a run of the page, or of one fragment, and take in the answer."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash, asked.fragment_id = self.query, self.hash, fragment
        asked.page_name = "" if self.hash else ("" if self.page == "home" else self.page)
        asked.is_auto_rerun = by_itself
        asked.widget_states.widgets.extend(self.typed.values())
        self.socket.send(message.SerializeToString())
        self._hear(whole=not fragment)

    def _hear(self, *, whole: bool) -> None:
        touched: set[tuple[int, ...]] = set()
        while True:
            told = ForwardMsg.FromString(self.socket.recv(timeout=LONGEST_S))
            what = told.WhichOneof("type")
            if what == "new_session":
                touched = set()
                self.asked = {} if whole else self.asked
            elif what == "delta":
                path = tuple(told.metadata.delta_path)
                touched.add(path)
                self._draw(path, told.delta)
            elif what == "navigation":
                self.hash = told.navigation.page_script_hash
                self.pages = {page.url_pathname or "home": page.page_script_hash for page in told.navigation.app_pages}
            elif what == "auto_rerun":
                self.asked[told.auto_rerun.fragment_id] = told.auto_rerun.interval
            elif what == "page_info_changed":
                self.query = told.page_info_changed.query_string
            elif what == "page_not_found":
                raise PageFailed(f"there is no page {self.page}")
            elif what == "script_finished" and told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                whole = True
            elif what == "script_finished":
                self._sweep(touched, told.script_finished != ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
                return

    def _draw(self, path: tuple[int, ...], delta: Delta) -> None:
        if delta.HasField("new_element"):
            kind = delta.new_element.WhichOneof("type")
            content = getattr(delta.new_element, kind)
        else:
            kind = delta.add_block.WhichOneof("type") or "block"
            content = getattr(delta.add_block, kind, delta.add_block)
        self.elements[path] = Element(kind, content, delta.fragment_id)
        if getattr(content, "set_value", False):
            self.typed.pop(content.id, None)
            if hasattr(content, "value"):  # choices are told otherwise
                self.given[content.id] = content.value

    def _sweep(self, touched: set[tuple[int, ...]], whole: bool) -> None:
        """What a run did not draw again is gone: all of the page's, or what its fragments had drawn."""
        own = {self.elements[path].fragment for path in touched} - {""}
        kept = {
            path: element
            for path, element in self.elements.items()
            if path in touched or not (whole or element.fragment in own)
        }
        self.elements = kept
        there = {element.id for element in kept.values()}
        self.typed = {name: state for name, state in self.typed.items() if name in there}


def edited_cell(row: int, column: str, value: str) -> str:
    """What a grid tells when one of its cells was typed into."""
    return json.dumps({"edited_rows": {str(row): {column: value}}, "added_rows": [], "deleted_rows": []})
