"""Passages to the cited sentences of an answer."""
