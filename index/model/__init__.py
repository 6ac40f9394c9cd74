"""The embedding model: set up once, compiled, loaded."""
