"""Check any text: split it into claims, and hold each against the articles."""
