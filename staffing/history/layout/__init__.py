"""Where a sheet's table is, and which of its columns are which."""
