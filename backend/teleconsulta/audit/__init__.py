"""The append-only, hash-chained log of who did what."""

from teleconsulta.audit.actions import Action
from teleconsulta.audit.service import Identified, Ref, record
from teleconsulta.audit.verification import Head, Verdict, read_head, verify, write_head

__all__ = ["Action", "Head", "Identified", "Ref", "Verdict", "read_head", "record", "verify", "write_head"]
