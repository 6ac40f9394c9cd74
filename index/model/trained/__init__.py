"""Weights that `training/` made: low-rank adapters of the default model's encoder, and the reader's heads."""
