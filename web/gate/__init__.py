"""What a request passes first: limits, refusals, tokens, origins, logs."""
