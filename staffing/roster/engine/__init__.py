"""The mathematics of rosters on arrays: bound, tours, search, breaks; knows nothing of planners' objects."""
