"""Rows to instants, one interval, and the site's open grid."""
