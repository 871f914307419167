"""Which shifts should a site have? Few kinds that cover weeks of requirement, priced beside today's library."""
