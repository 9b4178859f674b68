"""Versioned consent texts, and who agreed to what."""
