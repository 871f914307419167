"""From the planner's objects to the arrays of the engine."""
