"""Work that happens after the answer: queued in the caller's transaction, done by a worker."""
