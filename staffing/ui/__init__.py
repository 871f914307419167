"""The pages: one file each. They show what the planner made and change nothing but a planner's draft."""
