"""The HTML pages and their words."""
