"""HTTP requests that this program makes of its own accord, to checked addresses only."""
