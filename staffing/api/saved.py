"""A fitted forecast as one file: history, scenario and what was learned, without a pickle."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.errors import InputError, Where
from staffing.forecast import Baseline
from staffing.forecast.written import from_bytes, to_bytes
from staffing.history import History
from staffing.planner import Planner
from staffing.planner.stages import Fit
from staffing.store.files import parquet_bytes, write_whole
from staffing.version import VERSION, code_digest

_FACTS, _HISTORY, _SCENARIO, _LEARNED = "facts.json", "history.parquet", "scenario.toml", "learned.zip"


def save(planner: Planner, scenario: Scenario, path: Path) -> None:
    """See `Fitted.save`."""
    history, out = planner.history, io.BytesIO()
    facts = {
        "version": VERSION, "code": code_digest(), "interval_min": history.interval_min, "notes": list(history.notes),
        "sha256": history.sha256,
    }  # fmt: skip
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr(_FACTS, json.dumps(facts))
        file.writestr(_HISTORY, parquet_bytes(history.frame))
        file.writestr(_SCENARIO, scenario.to_toml())
        file.writestr(_LEARNED, to_bytes(planner.baseline(scenario)))
    write_whole(path, out.getvalue())


def load(path: Path) -> tuple[Planner, Scenario]:
    """See `Fitted.load`."""
    where = Where(str(path))
    try:
        with zipfile.ZipFile(path) as file:
            facts = json.loads(file.read(_FACTS))
            if facts["code"] != code_digest():
                raise InputError(
                    f"was saved by another staffing ({facts['version']}), whose fit this one would not make.",
                    where=where,
                    remedy="Fit again, and save it anew.",
                )
            frame = pd.read_parquet(io.BytesIO(file.read(_HISTORY)))
            text, learned = file.read(_SCENARIO).decode("utf-8"), file.read(_LEARNED)
        history = History(frame, int(facts["interval_min"]), tuple(facts["notes"]))
    except OSError as error:
        raise InputError(f"cannot be read: {(error.strerror or 'damaged').lower()}.", where=where) from None
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise _damaged(where) from error
    if history.sha256 != facts["sha256"]:
        raise _damaged(where)
    try:
        baseline = from_bytes(learned)
    except InputError:
        raise _damaged(where) from None
    if not isinstance(baseline, Baseline):
        raise _damaged(where)
    planner, scenario = Planner(history), Scenario.from_toml(text, where)
    planner.cache.get(Fit.of(history, scenario, planner.day_after(scenario)), lambda: baseline)
    return planner, scenario


def _damaged(where: Where) -> InputError:
    return InputError("is not a saved forecast, or is damaged.", where=where, remedy="Fit again, and save it anew.")
