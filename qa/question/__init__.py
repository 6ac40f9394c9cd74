"""What a question asks: its language, its words and names, what kind of answer it wants."""
