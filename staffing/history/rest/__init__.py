"""History at rest: partitioned by queue and month, appended again and again, read one queue at a time."""
