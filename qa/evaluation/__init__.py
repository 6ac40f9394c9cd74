"""Measures quality over questions with known answers."""
