"""Make HTTP requests, only to addresses that were checked first."""
