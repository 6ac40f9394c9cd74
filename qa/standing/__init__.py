"""Match claims, quotes and questions that are saved against what each new generation adds."""
