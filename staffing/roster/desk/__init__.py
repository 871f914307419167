"""What planners do with a roster: why it is short, edits, replanning, offers."""

MENDING_S = 3.8  # a roster is mended in five seconds, loading compiled kernels included
MOST_CHANGED = 0.05  # of the published shifts, beyond those that could not stay
