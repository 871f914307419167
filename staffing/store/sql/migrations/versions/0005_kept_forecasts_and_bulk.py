"""What kept forecasts say of themselves, until now beside their tables; and bulk tables in an object store."""

import datetime as dt
import json

import sqlalchemy as sa
from alembic import op

from staffing.store.sql.database import bulk_root

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    kept = op.create_table(
        "kept_forecasts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=False),
        sa.Column("history_until", sa.Date(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "run"),
    )
    op.create_index("ix_kept_forecasts_workspace_id", "kept_forecasts", ["workspace_id"])
    op.create_table(
        "bulk_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace_id", "file"),
    )
    op.create_index("ix_bulk_files_workspace_id", "bulk_files", ["workspace_id"])
    _bring_manifests(kept)


def _bring_manifests(kept: sa.Table) -> None:
    """Those of runs that lie beside the database; one that cannot be read is left, as it was left before."""
    connection = op.get_bind()
    root = bulk_root(connection.engine.url)
    for number, name in connection.execute(sa.text("SELECT id, name FROM workspaces")).all():
        for path in sorted((root / name / "forecasts").glob("*/manifest.json")):
            try:
                manifest = json.loads(path.read_text(encoding="utf-8"))
                row = {
                    "workspace_id": number,
                    "run": path.parent.name,
                    "scenario": str(manifest["scenario"]),
                    "history_until": dt.date.fromisoformat(manifest["history_until"]),
                    "horizon_days": int(manifest["horizon_days"]),
                    "manifest": manifest,
                }
            except (OSError, ValueError, KeyError, TypeError):
                continue
            connection.execute(sa.insert(kept).values(**row))
