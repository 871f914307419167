"""The database: which one, opened with its schema in step, and its faults in words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa

from staffing.errors import AlreadyRunning, InputError, StaffingError, Where
from staffing.store.lock import WAIT_S

VARIABLE = "STAFFING_DATABASE_URL"
HEAD = "0005"


def database_url() -> str:
    """What STAFFING_DATABASE_URL names, else a SQLite file among the user's data."""
    chosen = os.environ.get(VARIABLE)
    return chosen or f"sqlite:///{Path(platformdirs.user_data_dir('staffing')) / 'staffing.db'}"


def in_use() -> bool:
    """Whether there is a database: one was named, or a workspace was brought into the one among the user's data."""
    return bool(os.environ.get(VARIABLE)) or Path(database_url().removeprefix("sqlite:///")).exists()


def bulk_root(url: str | sa.URL) -> Path:
    """Where history, kept forecasts and finished stages of stored workspaces lie: beside a SQLite file."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return Path(parsed.database).resolve().parent / "workspaces"
    return Path(os.environ.get("STAFFING_BULK_FOLDER") or Path(platformdirs.user_data_dir("staffing")) / "workspaces")


@lru_cache(maxsize=8)
def opened(url: str) -> sa.Engine:
    """The database's engine; an empty database is given its tables.

    Raises InputError for an address nobody can use, and for a database of a newer or older version of the program.
    """
    engine = connected(url)
    with in_words():
        _in_step(engine)
    return engine


def connected(url: str) -> sa.Engine:
    """The database's engine, whatever is in it. Raises InputError for an address nobody can use."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        # As many connections as threads ask for: who holds one may need another, and would wait for others who wait.
        limit = {"max_overflow": -1} if parsed.database else {}
        engine = sa.create_engine(parsed, pool_pre_ping=True, **limit)
    except (sa.exc.ArgumentError, ImportError, OSError) as error:
        remedy = "Write postgresql://USER@HOST/NAME or sqlite:///FILE."
        raise InputError(f"cannot be used ({error}).", where=Where(field=VARIABLE), remedy=remedy) from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _ready_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _ready_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Readers beside a writer, every commit on the disk, a bounded wait; transactions are begun by us."""
    connection.isolation_level = None
    for setting in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {WAIT_S * 1000:.0f}",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def version(engine: sa.Engine) -> str:
    """The version of the database's tables; empty where it has none."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.scalar(sa.text("SELECT version_num FROM alembic_version")) or "")


def _in_step(engine: sa.Engine) -> None:
    found = version(engine)
    if not found:
        upgrade(engine)
    elif found != HEAD:
        newer = found > HEAD
        raise InputError(
            f"its tables are of version {found}, this program needs {HEAD}.",
            where=Where("database"),
            remedy="Install the newer program." if newer else "Make a back-up, then: staffing db upgrade",
        )


def upgrade(engine: sa.Engine, *, to: str = "head", rehearse: bool = False) -> None:
    """Bring the tables to a version, this program's if none is named; to ``rehearse`` is to take it all back."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with in_words(), engine.connect().execution_options(writes=True) as connection, connection.begin() as whole:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7101)"))  # one begins, the others find it done
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if rehearse:
            whole.rollback()


@contextmanager
def in_words() -> Iterator[None]:
    """Turn the database's faults into messages with a remedy."""
    try:
        yield
    except sa.exc.OperationalError as error:
        cause = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        if any(word in cause for word in ("lock timeout", "database is locked")):
            raise AlreadyRunning("Somebody else is changing the database.", remedy="Try again in a moment.") from None
        raise StaffingError(
            f"the database cannot be used ({cause}).", remedy=f"See that it runs and that {VARIABLE} is right."
        ) from None
    except sa.exc.DBAPIError as error:
        cause = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        raise StaffingError(f"the database refused: {cause}.", remedy="Nothing was changed.") from None
