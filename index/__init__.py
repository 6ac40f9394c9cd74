"""What is stored: articles, passages, vectors, postings, and the snapshots that hold them."""
