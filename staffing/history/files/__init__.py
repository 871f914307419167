"""Every container that history comes in, opened to sheets of cells."""
