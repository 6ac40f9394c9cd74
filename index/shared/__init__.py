"""What several servers share: a PostgreSQL database, and the leases in it."""
