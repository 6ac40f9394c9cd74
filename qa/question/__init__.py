"""Analyse a question: its language, words, names, dates and the kind of answer it asks for."""
