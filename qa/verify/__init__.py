"""Check a quote and its speaker against the articles."""
