"""Totals of days: several models, replayed on their past, mixed."""
