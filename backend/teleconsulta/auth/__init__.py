"""Staff users, their sessions, and the identities that endpoints name in their signatures."""
