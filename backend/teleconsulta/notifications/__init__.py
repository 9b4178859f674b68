"""Web Push: who wants to be told, and telling them, without a word about anybody."""
