"""Records of the desk's work; a reason in the audit can lose a person's name, every other field stays as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FIXED = ("id", "workspace", "at", "who", "what", "before", "after")


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("waited_s", sa.Float(), nullable=False),
        sa.Column("took_s", sa.Float(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_jobs_at", "jobs", ["at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_update")
        op.execute(
            f"CREATE TRIGGER audit_no_update BEFORE UPDATE OF {', '.join(FIXED)} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'audit is only added to'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'UPDATE' THEN IF to_jsonb(NEW) - 'why' = to_jsonb(OLD) - 'why' THEN RETURN NEW; END IF; END IF; "
        "RAISE EXCEPTION 'audit is only added to'; END $$"
    )
