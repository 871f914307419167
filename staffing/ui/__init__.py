"""The pages: one file each. They show what ``plan.py`` made and change nothing but a planner's draft."""
