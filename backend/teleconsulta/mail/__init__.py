"""Sending letters: SMTP, the outbox directory, memory; one template per language."""
