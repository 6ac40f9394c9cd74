"""Other question-answering stacks, run on the same passages, questions and embedding weights."""
