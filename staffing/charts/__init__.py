"""Tables and plans in, Altair charts out. Nothing is computed here; times are shown in the site's zone."""
