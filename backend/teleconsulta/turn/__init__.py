"""Relay credentials and the ordered list of ICE servers."""
