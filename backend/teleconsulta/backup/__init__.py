"""Copies of the database that only their keeper can read, and the proof that they can be restored (decision 0029)."""

from teleconsulta.backup.status import last_backup, last_drill

__all__ = ["last_backup", "last_drill"]
