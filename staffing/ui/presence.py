"""Who else looks at a week now: told by the pages' own open sessions, kept nowhere."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx


@dataclass
class Presence:
    """Sessions, whose they are, and the week of a workspace that each looks at."""

    _at: dict[str, tuple[str, tuple[str, str]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def here(self, session: str, who: str, place: str, week: str) -> None:
        """Note what a session looks at now."""
        with self._lock:
            self._at[session] = (who, (place, week))

    def others(self, session: str, who: str, place: str, week: str) -> list[str]:
        """Other people whose open sessions look at the same week, sorted; a session that has ended is forgotten."""
        with self._lock:
            self._at = {key: at for key, at in self._at.items() if key == session or _open(key)}
            found = {name for key, (name, at) in self._at.items() if key != session and at == (place, week)}
        return sorted(found - {who})


EVERYBODY = Presence()


def others_here(who: str, place: str, week: str) -> list[str]:
    """Note that this session looks at a week, and tell who else does."""
    context = get_script_run_ctx()
    if context is None:
        return []
    EVERYBODY.here(context.session_id, who, place, week)
    return EVERYBODY.others(context.session_id, who, place, week)


def _open(session: str) -> bool:
    return exists() and get_instance().is_active_session(session)
