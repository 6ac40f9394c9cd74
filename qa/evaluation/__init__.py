"""Measure quality over questions with known answers."""
