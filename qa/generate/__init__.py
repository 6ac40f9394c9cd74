"""Answers in a language model's words, of which each sentence is shown only if the sentences it cites prove it."""
