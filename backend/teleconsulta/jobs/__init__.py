"""Work enqueued in the caller's transaction and done by the worker (PgQueuer)."""
