"""Checks a quote against the articles, and who said it."""
