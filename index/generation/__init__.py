"""Write, publish, verify and open generations: the versions of an index on disk."""
