"""Choices that stand in the address bar: a link opens the page as it was, a reload and a change of page keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

STANDS = "stands-in-address"  # of the session: what was last written to the address, by whose choice it was


def stand(
    key: str,
    options: Mapping[str, Any] | Sequence[Any],
    otherwise: Any = None,
    *,
    name: str = "",
    shared: bool = True,
) -> None:
    """Let the widget ``key`` begin as the address says and keep the address in step.

    An address that was followed goes before what the widget held, that before what stood in the address last.

    Args:
        key: of the widget, which is drawn after this.
        options: what it offers, by how each stands in the address; a sequence stands as its texts.
        otherwise: what it begins with where nothing is known; None where it may hold nothing.
        name: in the address; pages whose widgets share one share the choice. The key without it.
        shared: whether they do; else each widget goes on with its own, whatever another page's of that name holds.
    """
    name = name or key
    whose = name if shared else key
    offered = dict(options) if isinstance(options, Mapping) else {str(one): one for one in options}
    written: dict[str, str | None] = st.session_state.setdefault(STANDS, {})
    told, before = st.query_params.get(name), written.get(whose)
    if told in offered and told != before:
        value = offered[told]
    elif key in st.session_state:
        value = st.session_state[key]
    else:
        value = offered.get(before if before in offered else told or "", otherwise)
    known = {one: text for text, one in offered.items()}
    value = value if value in known else otherwise
    st.session_state[key] = value
    now = known.get(value)
    written[whose] = now
    if now is None:
        st.query_params.pop(name, None)
    elif told != now:
        st.query_params[name] = now


def forget(*names: str) -> None:
    """Let choices begin anew, as where nothing is known.

    Args:
        names: of choices that stand in the address under their widget's key.
    """
    for name in names:
        st.session_state.pop(name, None)
        st.query_params.pop(name, None)
        st.session_state.get(STANDS, {}).pop(name, None)


def tabs(key: str, names: Mapping[str, str]) -> list[Any]:
    """Tabs of which the open one stands in the address.

    Args:
        key: of the tabs; in another language they have another one, for their words are others.
        names: what the tabs are called, by how each stands in the address.

    Returns:
        The tabs, in order.
    """
    from staffing.ui import text

    labels = dict(names)
    place = text.keyed(key)
    stand(place, labels, next(iter(labels.values())), name="tab", shared=False)
    return list(st.tabs(list(labels.values()), key=place, on_change="rerun"))
