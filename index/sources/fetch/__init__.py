"""Make HTTP requests to checked addresses only."""
