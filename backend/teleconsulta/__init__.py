"""Teleconsulta: self-hosted video consultations for small clinics."""

__version__ = "0.1.0"
