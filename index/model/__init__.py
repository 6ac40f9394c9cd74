"""Set up, compile and load the embedding model."""
