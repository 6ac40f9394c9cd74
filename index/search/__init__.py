"""Finding passages in one generation: by vectors, by words."""
