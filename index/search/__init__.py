"""Search the passages of one generation, by vectors and by words."""
