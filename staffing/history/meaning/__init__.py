"""What cells mean: numbers, dates, times of day, durations, queues; settled for the whole sheet, with evidence."""
