"""What happens to a question: retrieve, read, answer, cite."""

import index as index  # before NumPy is loaded: it says how many threads that takes
