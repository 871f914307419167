"""The steps of a search, one file each: every one improves the roster or the bound of a run."""
