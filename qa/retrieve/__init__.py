"""Find the passages of an index that are closest to a question."""
