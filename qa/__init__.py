"""What happens to a question: retrieve, read, answer, cite."""
