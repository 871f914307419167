"""What kept forecasts say of themselves, as rows: the bytes that go in come out."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import sqlalchemy as sa

from staffing.store.files import json_text
from staffing.store.kept import FORECASTS, MANIFEST, damaged
from staffing.store.sql import schema
from staffing.store.sql.documents import At

_NAME = re.compile(rf"{FORECASTS}/([^/]+)/{re.escape(MANIFEST)}")


class Manifests:
    """``forecasts/RUN/manifest.json``."""

    def holds(self, name: str) -> bool:
        return _NAME.fullmatch(name) is not None

    def names(self, at: At) -> list[str]:
        own = schema.kept_forecasts.c
        asked = sa.select(own.run).where(own.workspace_id == at.workspace_id)
        return [f"{FORECASTS}/{run}/{MANIFEST}" for run in at.connection.scalars(asked)]

    def read(self, at: At, name: str) -> bytes | None:
        own = schema.kept_forecasts.c
        asked = sa.select(own.manifest).where(own.workspace_id == at.workspace_id, own.run == _run(name))
        manifest = at.connection.scalar(asked)
        return None if manifest is None else json_text(manifest).encode()

    def write(self, at: At, name: str, content: bytes | None) -> None:
        own = schema.kept_forecasts
        this = (own.c.workspace_id == at.workspace_id, own.c.run == _run(name))
        at.connection.execute(sa.delete(own).where(*this))
        if content is not None:
            at.add(own, [row_of(name, content)])


def row_of(name: str, content: bytes) -> dict[str, object]:
    """The row of a manifest. Raises InputError where it is damaged."""
    try:
        manifest = json.loads(content)
        return {
            "run": _run(name),
            "scenario": str(manifest["scenario"]),
            "history_until": dt.date.fromisoformat(manifest["history_until"]),
            "horizon_days": int(manifest["horizon_days"]),
            "manifest": manifest,
        }
    except (ValueError, KeyError, TypeError):
        raise damaged(Path(name)) from None


def _run(name: str) -> str:
    return name.split("/")[1]
