"""What makes the trained weights of the product: recipes and their figures. Nothing in the product imports it."""
