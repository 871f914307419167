"""What only sums can tell: totals among the rows, queues that are sums of queues, single calls."""
