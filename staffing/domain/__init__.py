"""What planners talk about: immutable, checked at birth."""
