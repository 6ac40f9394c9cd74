"""What articles say about a topic: in order of time, where they differ, what can be asked."""
