"""Measures the promises of speed and cost: `make bench`. Never shipped."""
