"""Sockets: every message as a model, presence behind them, effects after them."""
