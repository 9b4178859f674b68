"""Read-only views for the clinic's administrators."""
