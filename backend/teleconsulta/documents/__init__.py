"""Papers for patients: issued once, kept as they are, and verified by anybody who holds one."""
