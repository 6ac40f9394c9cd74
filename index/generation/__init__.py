"""A generation on disk: written, published, opened and verified."""
