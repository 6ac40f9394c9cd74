"""The REST endpoints and their description."""
