"""Train the weights that the product ships. Nothing in the product imports this package."""
