"""Records of the desk's work: what was done for whom, how long it waited and took, and how it ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from staffing.store.sql import database, schema

KEPT_DAYS = 90


@dataclass(frozen=True)
class JobRecord:
    """A piece of work that came to an end: ``at`` (UTC), seconds it waited and took, ``outcome`` done, stopped or
    failed, and what it then told."""

    workspace: str
    at: dt.datetime
    who: str
    what: str
    waited_s: float
    took_s: float
    outcome: str
    told: str = ""


def record(job: JobRecord) -> None:
    """Keep a record where a database is in use; those older than 90 days are let go. Raises StaffingError."""
    if not database.in_use():
        return
    old = job.at - dt.timedelta(days=KEPT_DAYS)
    engine = database.opened(database.database_url())
    with database.in_words(), engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.insert(schema.jobs).values(**asdict(job)))
        connection.execute(sa.delete(schema.jobs).where(schema.jobs.c.at < old))


def records(since: dt.datetime) -> list[JobRecord]:
    """Records since a moment, the newest first; none where no database is in use. Raises StaffingError."""
    if not database.in_use():
        return []
    own = schema.jobs
    asked = sa.select(own).where(own.c.at >= since).order_by(own.c.id.desc())
    with database.in_words(), database.opened(database.database_url()).connect() as connection:
        rows = [dict(row) for row in connection.execute(asked).mappings()]
    fields = JobRecord.__dataclass_fields__
    return [
        JobRecord(**{name: row[name] for name in fields} | {"at": row["at"].replace(tzinfo=row["at"].tzinfo or dt.UTC)})
        for row in rows
    ]
