"""Documents are read in a process of their own, with limits."""
