"""Read-only figures over running rooms."""
