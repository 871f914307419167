"""Workspaces in a database: SQLite without any set-up, PostgreSQL by STAFFING_DATABASE_URL."""
