"""The rest of the day: what can still be changed once the morning has told how the day really goes."""
