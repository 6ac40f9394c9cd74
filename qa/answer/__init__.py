"""Choose the sentences of the retrieved passages that answer, and cite them."""
