"""The record of calls: one writer, and the queries of history."""
