"""Versioned consent texts, who agreed to what, who took it back, and where an emergency stood in its place."""
