"""Telling other systems of the clinic what happened: signed, tried again, without personal data."""
