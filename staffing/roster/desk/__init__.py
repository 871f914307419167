"""What planners do with a roster: why it is short, edits, replanning, offers."""
