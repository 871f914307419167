"""The tables. A row belongs to a workspace; lists keep their order in ``position``; ``data`` is what planners wrote."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()


def _of_workspace(name: str, *columns: sa.Column[Any] | sa.UniqueConstraint) -> sa.Table:
    workspace = sa.ForeignKey("workspaces.id", ondelete="CASCADE")
    return sa.Table(
        name,
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("workspace_id", sa.Integer, workspace, nullable=False, index=True),
        *columns,
    )


def _listed(name: str) -> sa.Table:
    """A list of named things."""
    columns = (sa.Column("position", sa.Integer, nullable=False), sa.Column("name", sa.Text, nullable=False))
    return _of_workspace(name, *columns, sa.Column("data", sa.JSON, nullable=False))


workspaces = sa.Table(
    "workspaces",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("settings", sa.JSON),  # what workspace.toml says besides rules and special days
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),  # grows with every change
)
events, people, absences = _listed("events"), _listed("people"), _listed("absences")
contracts, shifts, rotations = _listed("contracts"), _listed("shifts"), _listed("rotations")
rules, special_days = _listed("rules"), _listed("special_days")
scenarios = _of_workspace(
    "scenarios",
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("parent", sa.Text, nullable=False),
    sa.Column("patch", sa.JSON, nullable=False),
    sa.UniqueConstraint("workspace_id", "name"),
)
publications = _of_workspace(
    "publications",
    sa.Column("week", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.UniqueConstraint("workspace_id", "week", "version"),
)
#: Files of a week: the draft, what was edited by hand, and every published version.
roster_files = _of_workspace(
    "roster_files",
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("workspace_id", "file"),
)
#: What users have begun and not saved: scenarios and rosters.
drafts = _of_workspace(
    "drafts",
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("workspace_id", "file"),
)
#: Leave asked for, goals, what was added to history, scenarios put aside.
documents = _of_workspace(
    "documents",
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("workspace_id", "file"),
)
#: Forecasts that were promised: what each run says of itself; its tables lie with the bulk.
kept_forecasts = _of_workspace(
    "kept_forecasts",
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("scenario", sa.Text, nullable=False),
    sa.Column("history_until", sa.Date, nullable=False),
    sa.Column("horizon_days", sa.Integer, nullable=False),
    sa.Column("manifest", sa.JSON, nullable=False),
    sa.UniqueConstraint("workspace_id", "run"),
)
#: Bulk tables in an object store: which bytes each file has there.
bulk_files = _of_workspace(
    "bulk_files",
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.UniqueConstraint("workspace_id", "file"),
)
roles, links = _listed("roles"), _listed("links")
#: Work of the desk that came to an end, one way or another; old rows are let go.
jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("workspace", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),  # when it ended
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("waited_s", sa.Float, nullable=False),
    sa.Column("took_s", sa.Float, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("told", sa.Text, nullable=False),  # what went wrong
)
#: Who changed what, and when; rows are only added, which the database itself sees to. Only a reason's words may be
#: changed, where a person's name is to go from them.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("workspace", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),  # digests: what names people can be erased, the fact stays
    sa.Column("after", sa.Text, nullable=False),
)
